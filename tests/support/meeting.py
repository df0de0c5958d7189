"""Where functions of a test meet, and a gate that it opens for them: over loopback.

A function in a sandbox has no folder in common with anybody.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psutil


class Meeting:
    """What came, and whether the gate is open.

    Functions GET `url` and a name, to come under that name: the answer is how many have come. They
    GET `url` and ``?``, to ask whether they may go: 200, or 404 while the gate is closed.

    Attributes:
        url: where it is.
        came: the process of this machine that came, by its name.
        go: set to open the gate.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.came: dict[str, int] = {}
        self.go = threading.Event()


@contextmanager
def held(*, processes: bool = False) -> Iterator[Meeting]:
    """A meeting; its gate is open when it ends, also where a test fails.

    Args:
        processes: whether it finds out which process comes; 0 stands for it otherwise.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/")
            if name == "?":
                self.send_response(200 if meeting.go.is_set() else 404)
                said = b""
            else:
                meeting.came[name] = _process_of(self.client_address) if processes else 0
                self.send_response(200)
                said = str(len(meeting.came)).encode()
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Not a word."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 512

    with Server(("127.0.0.1", 0), Handler) as server:
        meeting = Meeting(f"http://127.0.0.1:{server.server_address[1]}/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield meeting
        finally:
            meeting.go.set()
            server.shutdown()


def _process_of(peer: tuple[str, int]) -> int:
    """Whose connection comes from *peer*; 0 where the system does not tell."""
    for connection in psutil.net_connections("tcp4"):
        if connection.laddr and (connection.laddr.ip, connection.laddr.port) == peer:
            return connection.pid or 0
    return 0
