"""How long a client is waited for: with small times here."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from localstack_standalone.gateway.connection import Connection, Service
from localstack_standalone.gateway.transport import (
    ConnectionLostError,
    Patience,
    Transport,
)
from tests.unit.localstack_standalone.gateway.conftest import Serving, echo

SHORT = Patience(idle_s=0.2, head_s=0.2, window_s=0.2, window_bytes=1000)
LONG_IDLE = Patience(idle_s=60, head_s=0.2, window_s=0.2, window_bytes=1000)


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
