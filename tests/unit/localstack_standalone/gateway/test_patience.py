"""How long a client is waited for: with small times here, and a clock where no socket is needed."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from localstack_standalone.gateway.connection import Connection, Service
from localstack_standalone.gateway.transport import (
    ConnectionLostError,
    Patience,
    TooSlowError,
    Transport,
)
from tests.unit.localstack_standalone.gateway.conftest import Serving, echo

SHORT = Patience(idle_s=0.2, head_s=0.2, window_s=0.2, window_bytes=1000)
LONG_IDLE = Patience(idle_s=60, head_s=0.2, window_s=0.2, window_bytes=1000)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=10)
        served, _ = listener.accept()
    with client, served:
        yield client, served


@pytest.mark.parametrize(
    "sent",
    [
        b"G",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
)
def test_a_request_that_does_not_come_to_its_end_is_told_so(speak: Serving, sent: bytes) -> None:
    """408 (RFC 9110, 15.5.9), although the connection is open."""
    answer = speak(echo, patience=LONG_IDLE)(sent, end=False)
    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_a_silent_connection_is_closed_without_a_word(speak: Serving, sent: bytes) -> None:
    """Nobody asked anything."""
    assert b"408" not in speak(echo, patience=SHORT)(sent, end=False)


def test_a_byte_now_and_then_does_not_keep_a_head_open(
    pair: tuple[socket.socket, socket.socket], clock: Clock
) -> None:
    """One deadline for all of it, whatever comes meanwhile."""
    client, served = pair
    transport = Transport(served, Patience(), clock)
    deadline = transport.deadline(30)
    for _ in range(3):
        client.sendall(b"x")
        clock.now += 10
        assert b"x" == transport.receive(deadline)
    with pytest.raises(TooSlowError):
        transport.receive(deadline)


def _pour(transport: Transport, client: socket.socket, clock: Clock, *, times: int) -> None:
    transport.begin()
    for _ in range(times):
        client.sendall(b"x" * 500)
        clock.now += 10
        transport.receive_more()


def test_a_slow_body_goes_on_as_long_as_it_gets_on(
    pair: tuple[socket.socket, socket.socket], clock: Clock
) -> None:
    """1,500 bytes in 30 s, for an hour, where 1,000 are asked."""
    client, served = pair
    transport = Transport(served, Patience(window_s=30, window_bytes=1000), clock)
    _pour(transport, client, clock, times=360)


def test_a_body_that_does_not_get_on_ends(
    pair: tuple[socket.socket, socket.socket], clock: Clock
) -> None:
    """1,500 bytes in 30 s where 2,000 are asked."""
    client, served = pair
    transport = Transport(served, Patience(window_s=30, window_bytes=2000), clock)
    with pytest.raises(TooSlowError):
        _pour(transport, client, clock, times=360)
    assert 1030.0 == clock.now


def test_who_does_not_read_an_answer_is_left(pair: tuple[socket.socket, socket.socket]) -> None:
    """The thread is free again; nobody is waited for for ever."""
    _, served = pair
    with pytest.raises(ConnectionLostError):
        Transport(served, SHORT).send(bytes(64 * 1024 * 1024))


@pytest.mark.parametrize("stays", [False, True])
def test_an_answer_that_nobody_reads_is_closed(
    pair: tuple[socket.socket, socket.socket], *, stays: bool
) -> None:
    """A client that goes away in the middle, or stops reading: what was read for it is let go."""
    closed: list[bool] = []

    class Endless:
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield bytes(65536)

        def close(self) -> None:
            closed.append(True)

    def app(_environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        start("200 OK", [])
        return Endless()

    client, served = pair
    client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    if not stays:
        client.close()
    connection = Connection(
        Transport(served, SHORT), ("127.0.0.1", 1), Service(app, patience=SHORT), scheme="http"
    )
    with pytest.raises(ConnectionLostError):
        connection.serve()
    assert [True] == closed
