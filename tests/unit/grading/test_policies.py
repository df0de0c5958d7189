from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from grading import policies


@contextlib.contextmanager
def emulator(*, status: int = 200) -> Iterator[tuple[str, dict[str, str]]]:
    """The endpoint of one that keeps a mode, as the plugin does, and what it keeps."""
    kept = {"mode": "warn"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            if status == 200:
                kept.update(json.loads(sent))
            self.answer()

        def answer(self) -> None:
            known = self.path == "/_localstack/standalone/iam"
            self.send_response(status if known else 404)
            self.end_headers()
            self.wfile.write(json.dumps(kept).encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_emulator_is_had_refuse() -> None:
    """And says so afterwards, by which a change during a grading is seen."""
    with emulator() as (endpoint, kept):
        assert "warn" == policies.mode(endpoint)
        policies.enforce(endpoint)
        assert {"mode": "enforce"} == kept
        assert "enforce" == policies.mode(endpoint)


def test_one_that_does_not_take_it_is_told() -> None:
    """Or points would be given for policies that nobody asked."""
    with (
        emulator(status=500) as (endpoint, _),
        pytest.raises(requests.HTTPError, match="500 Server Error"),
    ):
        policies.enforce(endpoint)


def test_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """An emulator is on loopback; a proxy of the machine's would send its own there."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with emulator() as (endpoint, _):
        policies.enforce(endpoint)
        assert "enforce" == policies.mode(endpoint)
