"""What a transport bears of the other side: against a real socket, by a clock that is set."""

from __future__ import annotations

import socket

import pytest

from localstack_standalone.gateway.transport import (
    LINGER_S,
    ConnectionLostError,
    Patience,
    TooSlowError,
    Transport,
)
from tests.support.clock import Clock

SHORT = Patience(window_s=0.2, window_bytes=1000)


@pytest.fixture
def clock() -> Clock:
    return Clock(1000.0)


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


def test_the_end_is_no_error(pair: tuple[socket.socket, socket.socket], clock: Clock) -> None:
    """A client may end its side, and then there is nothing more to receive."""
    client, served = pair
    client.sendall(b"last")
    client.shutdown(socket.SHUT_WR)
    transport = Transport(served, Patience(), clock)
    assert [b"last", b""] == [transport.receive(transport.deadline(10)) for _ in range(2)]


def test_a_broken_connection_is_lost(pair: tuple[socket.socket, socket.socket]) -> None:
    """Whatever the system calls it, to receive and to send alike."""
    _, served = pair
    transport = Transport(served, Patience())
    served.close()
    with pytest.raises(ConnectionLostError):
        transport.receive(transport.deadline(10))
    with pytest.raises(ConnectionLostError):
        transport.send(b"x")


def test_the_last_words_reach_a_client_that_still_sends(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    """What it sends is thrown away until it ends: unread, it would reset the connection."""
    client, served = pair
    client.sendall(b"x" * 200_000)
    client.shutdown(socket.SHUT_WR)
    transport = Transport(served, Patience())
    transport.send(b"refused")
    transport.linger()
    served.close()
    assert [b"refused", b""] == [client.recv(65536) for _ in range(2)]


def test_a_client_that_never_ends_is_not_lingered_for(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    """LINGER_S, whatever still comes."""
    client, served = pair
    client.sendall(b"x" * 200_000)
    looks = iter([0.0, 0.0, LINGER_S - 1, LINGER_S])
    Transport(served, Patience(), lambda: next(looks)).linger()
    assert [] == list(looks)
