"""How much of a body is taken, and what happens to it."""

from __future__ import annotations

import errno
import gc
import os
import socket
import tempfile
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from localstack_standalone.gateway import destinations
from localstack_standalone.gateway.connection import (
    BODY_IN_MEMORY_BYTES,
    OWN_REQUEST,
    Connection,
    Service,
)
from localstack_standalone.gateway.destinations import Destination
from localstack_standalone.gateway.transport import Patience, Transport
from tests.unit.localstack_standalone.gateway.conftest import Serving, echo

if TYPE_CHECKING:
    import h11

LIMIT_BYTES = 1000


def small(_request: h11.Request) -> Destination:
    """Takes little, and refuses more as API Gateway does."""
    api = destinations.API_GATEWAY
    return Destination(LIMIT_BYTES, api.too_large, api.broken)


def _put(length: int, fields: bytes = b"") -> bytes:
    return b"PUT /k HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%b\r\n" % (length, fields)


def test_a_body_as_large_as_may_be_is_taken(speak: Serving) -> None:
    """The limit itself is allowed, by length and in chunks."""
    body = b"x" * LIMIT_BYTES
    assert speak(echo, find=small)(_put(LIMIT_BYTES) + body).endswith(b"PUT /k 1000")
    chunked = b"PUT /k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n"
    assert speak(echo, find=small)(chunked + body + b"\r\n0\r\n\r\n").endswith(b"PUT /k 1000")


@pytest.mark.parametrize(
    "sent",
    [
        _put(LIMIT_BYTES + 1),
        _put(LIMIT_BYTES + 1, b"Expect: 100-continue\r\n"),
        _put(LIMIT_BYTES + 1) + b"x" * (LIMIT_BYTES + 1),
        b"PUT /k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + b"x" * 1001,
        b"PUT /k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 1001,
    ],
    ids=["by length, no body", "Expect", "by length", "a chunk", "many chunks"],
)
def test_a_larger_one_is_refused_and_the_connection_closed(speak: Serving, sent: bytes) -> None:
    """413 at once, never 100 Continue; the handler is not called."""
    answer = speak(echo, find=small)(sent)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close\r\n" in answer
    assert b"100 Continue" not in answer
    assert answer.endswith(b"HTTP content length exceeded 10485760 bytes.")


class Counting(Transport):
    """Counts what is read of a body."""

    read_bytes = 0

    def receive_more(self) -> bytes:
        data = super().receive_more()
        self.read_bytes += len(data)
        return data


@pytest.mark.parametrize(
    ("head", "at_most"),
    [
        (_put(2**32), 0),
        (b"PUT /k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 70_000),
    ],
)
def test_nothing_beyond_the_limit_is_read_as_a_body(head: bytes, at_most: int) -> None:
    """By its length: nothing at all; of chunks no more than one read."""
    client, served = socket.socketpair()
    with client, served:
        client.sendall(head)
        client.sendall(b"100000\r\n" + b"x" * 100_000)
        client.shutdown(socket.SHUT_WR)
        transport = Counting(served, Patience())
        transport_address = ("127.0.0.1", 1)
        Connection(transport, transport_address, Service(echo, small), scheme="http").serve()
        assert at_most >= transport.read_bytes
        assert client.recv(12) == b"HTTP/1.1 413"


@pytest.mark.parametrize("length", [10, 3 * BODY_IN_MEMORY_BYTES])
@pytest.mark.parametrize("method", ["write", "seek"])
def test_a_full_disk_is_an_error_500(
    speak: Serving, monkeypatch: pytest.MonkeyPatch, length: int, method: str
) -> None:
    """Not silence: the answer has the service's shape, and the connection ends cleanly."""

    def full(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, method, full)
    answer = speak(echo)(_put(length) + b"x" * length)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"<Code>InternalError</Code>" in answer


def test_a_handler_that_finds_the_disk_full_is_an_error_500(speak: Serving) -> None:
    """An OSError of the handler's is no lost connection."""

    def app(_environ: dict[str, Any], _start: Callable[..., Any]) -> list[bytes]:
        raise OSError(errno.ENOSPC, "no space")

    assert speak(app)(_put(0)).startswith(b"HTTP/1.1 500 ")


def test_nothing_keeps_a_request_that_was_answered(speak: Serving) -> None:
    """The request of rolo names itself in its environment; its body goes without a collection."""

    class Request:
        def __init__(self, environ: dict[str, Any]) -> None:
            self.environ = environ

    kept: list[weakref.ref[Request]] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        environ[OWN_REQUEST] = Request(environ)
        kept.append(weakref.ref(environ[OWN_REQUEST]))
        return echo(environ, start)

    gc.disable()
    try:
        speak(app)(_put(3) + b"abc")
        assert [None] == [one() for one in kept]
    finally:
        gc.enable()
