"""Pages of somebody else's, served on this machine under any name that a browser maps here."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


class Website:
    """Serves what is put on it.

    Attributes:
        port: on 127.0.0.1.
    """

    def __init__(self, port: int, pages: dict[str, str]) -> None:
        self.port = port
        self._pages = pages

    def put(self, name: str, page: str, *, host: str) -> str:
        """Serve *page*, HTML, and give its address under *host*."""
        self._pages[f"/{name}"] = page
        return f"http://{host}:{self.port}/{name}"


@contextlib.contextmanager
def serving() -> Iterator[Website]:
    """A website that is up."""
    pages: dict[str, str] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(urlsplit(self.path).path)
            self.send_response(404 if page is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's
            """Nobody reads it."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Website(server.server_port, pages)
        finally:
            server.shutdown()
            thread.join()
