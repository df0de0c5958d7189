"""One HTTP/1.1 connection, answered by a WSGI application in the thread that reads it.

The protocol is h11's; here is what lies between it, a socket and PEP 3333. Each request has a
parser of its own, which is given what was left of the one before.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http
import io
import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Final, cast

import h11

from localstack_standalone import unanswered
from localstack_standalone.gateway import destinations, environ, head
from localstack_standalone.gateway.destinations import Destination, Find, ServiceRefusal
from localstack_standalone.gateway.response import WsgiResponse
from localstack_standalone.gateway.transport import (
    ConnectionLostError,
    Patience,
    TooSlowError,
    Transport,
)

LOG = logging.getLogger(__name__)

# A larger body waits in a file for its handler.
BODY_IN_MEMORY_BYTES: Final = 1024 * 1024
# What rolo's Request writes into its own environment: a cycle, which would keep its body.
OWN_REQUEST: Final = "werkzeug.request"

App = Callable[[environ.Environ, Callable[..., object]], Iterable[bytes]]


class RefusedError(Exception):
    """The request is answered without its handler."""

    def __init__(self, refusal: ServiceRefusal) -> None:
        super().__init__(refusal.body)
        self.refusal = refusal


@dataclasses.dataclass(frozen=True)
class Service:
    """What connections are served with.

    Attributes:
        app: the WSGI application.
        find: gives a request's destination: how large its body may be.
        patience: how long clients are waited for.
    """

    app: App
    find: Find = destinations.find
    patience: Patience = dataclasses.field(default_factory=Patience)


@dataclasses.dataclass(frozen=True)
class Presence:
    """Is told when a connection waits for a request, and when it has one."""

    idle: Callable[[], None] = lambda: None
    busy: Callable[[], None] = lambda: None


class Connection:
    """One connection and the requests that come over it, one after the other.

    Args:
        transport: the connection.
        client: host and port of the other side.
        service: what answers.
        scheme: ``http`` or ``https``.
        presence: is told what the connection does.
    """

    def __init__(
        self,
        transport: Transport,
        client: tuple[str, int],
        service: Service,
        *,
        scheme: str,
        presence: Presence = Presence(),
    ) -> None:
        self._transport = transport
        self._client = client
        self._service = service
        self._scheme = scheme
        self._presence = presence
        self._head_deadline = 0.0
        self._http = h11.Connection(h11.SERVER)

    def serve(self) -> None:
        """Answer requests until the other side has enough, or is no HTTP client.

        Raises:
            ConnectionLostError: the connection was lost, or nobody read an answer.
        """
        rest = b""
        while data := self._begin(rest):
            self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=head.HEAD_BYTES)
            self._http.receive_data(data)
            if not self._answer_next() or self._http.states != _BOTH_DONE:
                return
            rest = self._http.trailing_data[0]

    def _begin(self, data: bytes) -> bytes:
        """Wait for a request; its first bytes with its whole first line, or none at the end."""
        patience = self._service.patience
        self._presence.idle()
        with contextlib.suppress(TooSlowError):
            ends = self._transport.deadline(patience.idle_s)
            while (data := head.without_empty_lines(data)) in (b"", b"\r"):
                more = self._transport.receive(ends)
                if not more:
                    return b""
                data += more
            self._presence.busy()
            self._head_deadline = self._transport.deadline(patience.head_s)
            return head.first_line_in_ascii(self._with_first_line(data))
        return b""

    def _with_first_line(self, data: bytes) -> bytes:
        """*data* and what comes until its first line is whole, or cannot be one."""
        with contextlib.suppress(TooSlowError):  # who reads on says so
            while b"\n" not in data and len(data) <= head.HEAD_BYTES and data[0] > _CONTROLS:
                more = self._more_of_head()
                if not more:
                    break
                data += more
        return data

    def _answer_next(self) -> bool:
        """Answer one request; False if it was refused and the connection is to end."""
        method = b""
        try:
            request = self._next(self._more_of_head)
            if not isinstance(request, h11.Request):
                return False
            method = request.method
            head.check(request)
            with self._body(request) as body:
                self._answer(request, body)
        except RefusedError as error:
            self._refuse(error.refusal, method)
        except h11.RemoteProtocolError as error:
            self._refuse(_plain(error.error_status_hint, str(error)), method)
        except head.BadRequestError as error:
            self._refuse(_plain(error.status, str(error)), method)
        except TooSlowError as error:
            self._refuse(_plain(408, str(error)), method)
        else:
            return True
        return False

    def _next(self, more: Callable[[], bytes]) -> h11.Event:
        """The next event; *more* gives further bytes of the request."""
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
            self._http.receive_data(more())

    def _more_of_head(self) -> bytes:
        return self._transport.receive(self._head_deadline)

    @contextlib.contextmanager
    def _body(self, request: h11.Request) -> Iterator[IO[bytes]]:
        """The whole body: nothing is left of it on the connection when it is answered.

        Raises:
            RefusedError: it is too large, or there is no place for it.
        """
        length = _length(request)
        if length == 0:
            self._expect_end(self._next(self._more_of_head))
            yield io.BytesIO()
            return
        destination = self._service.find(request)
        if length is not None and length > destination.limit_bytes:
            raise RefusedError(destination.too_large())
        body = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=BODY_IN_MEMORY_BYTES))  # noqa: SIM115
        try:
            self._read_body(body, destination)
            yield body
        finally:
            with contextlib.suppress(OSError):  # what a full disk did not take, once more
                body.close()

    def _read_body(self, body: IO[bytes], destination: Destination) -> None:
        left = destination.limit_bytes
        self._transport.begin()
        while isinstance(event := self._next(self._transport.receive_more), h11.Data):
            left -= len(event.data)
            if left < 0:
                raise RefusedError(destination.too_large())
            with _kept(destination):
                body.write(event.data)
        self._expect_end(event)
        with _kept(destination):
            body.seek(0)

    def _expect_end(self, event: h11.Event) -> None:
        if not isinstance(event, h11.EndOfMessage):
            raise ConnectionLostError("the connection was closed within a body")

    def _answer(self, request: h11.Request, body: IO[bytes]) -> None:
        described = environ.describe(
            request,
            body,
            scheme=self._scheme,
            server=self._transport.address,
            client=self._client,
        )
        answer = WsgiResponse(self._send)
        chunks: Iterable[bytes] = ()
        try:
            chunks = self._service.app(described, answer.start)
            _end_unanswered(described)
            for chunk in chunks:
                answer.write(chunk)
            answer.end()
        except ConnectionLostError:
            raise
        except Exception as error:  # what a handler raises while its answer is under way
            LOG.exception("the answer to %s was cut short", request.target.decode("latin-1"))
            words = "LocalStack could not answer; its log tells why"
            self._say(_plain(500, words), request.method)
            raise ConnectionLostError("the answer was cut short") from error
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
            described.pop(OWN_REQUEST, None)

    def _send(self, *events: h11.Event) -> None:
        self._transport.send(b"".join(self._http.send(event) or b"" for event in events))

    def _refuse(self, refusal: ServiceRefusal, method: bytes) -> None:
        self._say(refusal, method)
        self._transport.linger()

    def _say(self, refusal: ServiceRefusal, method: bytes) -> None:
        """The last words on this connection, if an answer is still to be begun."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        text = refusal.body.encode()
        headers = [
            ("Content-Type", refusal.content_type),
            ("Content-Length", str(len(text))),
            ("Connection", "close"),
            *refusal.headers,
        ]
        answer = WsgiResponse(self._send)
        answer.start(f"{refusal.status} {http.HTTPStatus(refusal.status).phrase}", headers)
        if method != b"HEAD":
            answer.write(text)
        answer.end()


_BOTH_DONE: Final = {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}
_CONTROLS: Final = 0x20


def _end_unanswered(described: environ.Environ) -> None:
    """End the connection where this is how the request is to end."""
    if unanswered.is_left(described):
        raise ConnectionLostError("it was to be left without an answer")


def _length(request: h11.Request) -> int | None:
    """How long the body is; None if only its end will tell."""
    headers = dict(request.headers)
    if b"transfer-encoding" in headers:
        return None
    return int(headers.get(b"content-length", b"0"))


@contextlib.contextmanager
def _kept(destination: Destination) -> Iterator[None]:
    """Answers for a disk that takes no more."""
    try:
        yield
    except OSError as error:
        LOG.exception("a request's body could not be kept")
        raise RefusedError(destination.broken()) from error


def _plain(status: int, words: str) -> ServiceRefusal:
    return ServiceRefusal(status, "text/plain", f"{words}\n")
