"""One HTTP/1.1 connection, answered by a WSGI application in the thread that reads it.

The protocol is h11's; here is what lies between it, a socket and PEP 3333.
"""

from __future__ import annotations

import email.utils
import io
import logging
import socket
import string
import tempfile
from collections.abc import Callable, Iterable
from typing import IO, Any, Final, cast
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

import h11

LOG = logging.getLogger(__name__)

READ_BYTES: Final = 64 * 1024
LAST_WORDS_S: Final = 1.0
LAST_READS: Final = 256
HEADERS_BYTES: Final = 64 * 1024
# A larger body waits in a file for its handler.
BODY_IN_MEMORY_BYTES: Final = 1024 * 1024

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Connection:
    """One connection and the requests that come over it, one after the other."""

    def __init__(
        self, connection: socket.socket, peer: tuple[Any, ...], app: App, *, scheme: str
    ) -> None:
        self._socket = connection
        self._peer = peer
        self._app = app
        self._scheme = scheme
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEADERS_BYTES)

    def serve(self) -> None:
        """Answer requests until the other side has enough, or is no HTTP client.

        Raises:
            OSError: the connection was lost, or silent for too long.
        """
        while self._answer_next() and self._http.our_state is h11.DONE:
            if self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    def _answer_next(self) -> bool:
        try:
            request = self._next()
            if not isinstance(request, h11.Request):
                return False
            with tempfile.SpooledTemporaryFile(max_size=BODY_IN_MEMORY_BYTES) as body:
                self._read_body(cast("IO[bytes]", body))
                self._answer(request, cast("IO[bytes]", body))
        except h11.RemoteProtocolError as error:
            self._refuse(error)
            return False
        return True

    def _next(self) -> h11.Event:
        while True:
            event = self._http.next_event()
            if event is h11.PAUSED:  # only after a request that changes the protocol
                return h11.ConnectionClosed()
            if event is not h11.NEED_DATA:
                return cast("h11.Event", event)
            if self._http.they_are_waiting_for_100_continue:
                self._send(
                    h11.InformationalResponse(status_code=100, headers=[], reason="Continue")
                )
            data = self._socket.recv(READ_BYTES)
            self._http.receive_data(_ascii_line(data) if self._at_start() else data)

    def _at_start(self) -> bool:
        """Whether the next bytes are the beginning of a request."""
        return self._http.their_state is h11.IDLE and not self._http.trailing_data[0]

    def _read_body(self, body: IO[bytes]) -> None:
        """Take the whole body: nothing is left of it on the connection when it is answered."""
        while isinstance(event := self._next(), h11.Data):
            body.write(event.data)
        if not isinstance(event, h11.EndOfMessage):
            raise ConnectionAbortedError("the connection was closed within a body")
        body.seek(0)

    def _answer(self, request: h11.Request, body: IO[bytes]) -> None:
        answer = _Answer(self._send)
        chunks: Iterable[bytes] = ()
        try:
            chunks = self._app(self._environ(request, body), answer.start)
            for chunk in chunks:
                answer.write(chunk)
            answer.end()
        except OSError:
            raise
        except Exception as error:  # what a handler raises while its answer is under way
            LOG.exception("the answer to %s was cut short", request.target.decode("latin-1"))
            self._say(500, "LocalStack could not answer; its log tells why")
            raise ConnectionAbortedError from error
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    def _send(self, *events: h11.Event) -> None:
        data = b"".join(self._http.send(event) or b"" for event in events)
        self._socket.sendall(data)

    def _refuse(self, error: h11.RemoteProtocolError) -> None:
        """Say that this is no HTTP, or too much of it."""
        self._say(error.error_status_hint, str(error))
        # Closed with bytes unread, the connection would be reset and the words lost.
        self._socket.shutdown(socket.SHUT_WR)
        self._socket.settimeout(LAST_WORDS_S)
        for _ in range(LAST_READS):
            if not self._socket.recv(READ_BYTES):
                return

    def _say(self, status: int, words: str) -> None:
        """The last words on this connection, if an answer is still to be begun."""
        if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            text = f"{words}\n".encode()
            headers = [("Content-Length", str(len(text))), ("Connection", "close")]
            head = h11.Response(status_code=status, headers=headers)
            self._send(head, h11.Data(text), h11.EndOfMessage())

    def _environ(self, request: h11.Request, body: IO[bytes]) -> Environ:
        """What rolo's gateway expects (PEP 3333, and the headers as they came)."""
        target = request.target.decode("latin-1")
        # A proxy's request names the whole address (RFC 9112, 3.2.2).
        path, query = target, ""
        if not target.startswith("/"):
            parts = urlsplit(target)
            path, query = parts.path, parts.query
        else:
            path, _, query = target.partition("?")
        headers = request.headers.raw_items()
        address, port = self._socket.getsockname()[:2]
        environ: Environ = {
            "REQUEST_METHOD": request.method.decode("latin-1"),
            "REMOTE_ADDR": self._peer[0],
            "REMOTE_PORT": str(self._peer[1]),
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": target,
            "RAW_URI": target,
            "CONTENT_TYPE": "",
            "CONTENT_LENGTH": "",
            "SERVER_NAME": address,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": f"HTTP/{request.http_version.decode()}",
            "rolo.headers": headers,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self._scheme,
            "wsgi.run_once": False,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.errors": io.StringIO(),
            "wsgi.input": body,
            "wsgi.input_terminated": True,
        }
        for raw, value in headers:
            name = raw.decode("latin-1").upper().replace("-", "_")
            text = value.decode("latin-1")
            if name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                environ[name] = text
            name = f"HTTP_{name}"
            environ[name] = f"{environ[name]},{text}" if name in environ else text
        return environ


class _Answer:
    """Sends a WSGI answer: the head goes out with the first piece of the body."""

    def __init__(self, send: Callable[..., None]) -> None:
        self._send = send
        self._head: h11.Response | None = None

    def start(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
        code, _, reason = status.partition(" ")
        named = {name.lower() for name, _ in headers}
        ours = [] if "date" in named else [("Date", email.utils.formatdate(usegmt=True))]
        raw = [(name.encode("latin-1"), _value(value)) for name, value in [*headers, *ours]]
        self._head = h11.Response(status_code=int(code), reason=reason, headers=raw)
        return self.write

    def write(self, data: bytes) -> None:
        if data:
            self._send(*self._take_head(), h11.Data(data))

    def end(self) -> None:
        self._send(*self._take_head(), h11.EndOfMessage())

    def _take_head(self) -> list[h11.Response]:
        head, self._head = self._head, None
        return [] if head is None else [head]


def _value(value: str) -> bytes:
    """A header's value as it may go out; handlers echo what clients sent them."""
    return " ".join(value.splitlines()).strip().encode("latin-1", "replace")


def _ascii_line(data: bytes) -> bytes:
    """The request with its first line percent-encoded, where a client forgot to (curl does)."""
    line, end, rest = data.partition(b"\r\n")
    return (
        data
        if line.isascii()
        else quote_from_bytes(line, safe=string.printable).encode() + end + rest
    )
