"""An S3 that is ill for a while: a proxy before the emulator that fails chosen requests.

A function whose AWS_ENDPOINT_URL is the proxy's address meets its faults; all else passes through.
"""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, override
from urllib.parse import unquote, urlsplit

ENDLESS = 1_000_000
# Amazon S3 API Reference, "Error responses".
SLOW_DOWN = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
)
# Of this hop alone (RFC 9110, 7.6.1), or the proxy's own to say.
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}

type Kind = Literal["slow down", "drop", "cut off"]


@dataclass
class Fault:
    """What happens to the first requests of one method for one key.

    Attributes:
        kind: answer 503 SlowDown, close the connection unanswered, or within the body.
        method: of the requests that it happens to.
        key: the object's, as it ends the path.
        times: how many requests it happens to.
        met: how many requests there were, those that were let through too.
    """

    kind: Kind
    method: str
    key: str
    times: int
    met: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def strikes(self, method: str, path: str) -> bool:
        """Whether it happens to this request."""
        if method != self.method or not unquote(urlsplit(path).path).endswith(f"/{self.key}"):
            return False
        with self._lock:
            self.met += 1
            return self.met <= self.times


@contextlib.contextmanager
def proxy(endpoint: str, *faults: Fault) -> Iterator[str]:
    """A proxy before *endpoint* that has *faults*; gives its address."""
    target = urlsplit(endpoint)

    class Handler(_Forwarding):
        upstream = f"{target.hostname}:{target.port}"
        ills = faults

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Forwarding(BaseHTTPRequestHandler):
    """Passes a request on, or has a fault."""

    upstream: str
    ills: tuple[Fault, ...]
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = next((f for f in self.ills if f.strikes(self.command, self.path)), None)
        if fault is None:
            self._answer(*self._forward(body))
        elif fault.kind == "slow down":
            self._answer(503, [("Content-Type", "application/xml")], SLOW_DOWN)
        else:
            self._break(*self._forward(body), within_body=fault.kind == "cut off")

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _serve  # noqa: N815 - http.server's names

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        upstream = http.client.HTTPConnection(self.upstream, timeout=30)
        with contextlib.closing(upstream):
            upstream.request(self.command, self.path, body, dict(self.headers))
            answer = upstream.getresponse()
            headers = [(k, v) for k, v in answer.getheaders() if k.lower() not in _HOP]
            return answer.status, headers, answer.read()

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self._head(status, headers, len(content))
        self.wfile.write(content)

    def _break(
        self, status: int, headers: list[tuple[str, str]], content: bytes, *, within_body: bool
    ) -> None:
        self.close_connection = True
        if within_body:
            self._head(status, headers, len(content))
            self.wfile.write(content[: len(content) // 2])

    def _head(self, status: int, headers: list[tuple[str, str]], length: int) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a test shows what matters."""
