from __future__ import annotations

import re
import resource
import socket
import threading
from collections.abc import Iterator

import pytest

from localstack_standalone.gateway import connections
from localstack_standalone.gateway.connections import Connections

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pairs() -> Iterator[list[Pair]]:
    """Client and server ends."""
    made = [socket.socketpair() for _ in range(4)]
    for client, _ in made:
        client.settimeout(5)
    yield made
    for pair in made:
        for one in pair:
            one.close()


def test_as_many_as_may_be_are_admitted(pairs: list[Pair]) -> None:
    """One more is not, while all of them are at work."""
    known = Connections(2)
    (_, first), (_, second), (_, third), _ = pairs
    for one in (first, second):
        assert known.admit(one)
        known.busy(one)
    assert not known.admit(third)
    known.leave(first)
    assert known.admit(third)


def test_who_is_idle_for_longest_makes_room(pairs: list[Pair]) -> None:
    """Its client sees the end; the others go on."""
    known = Connections(3)
    (_, first), (client, second), (_, third), (_, fourth) = pairs
    for one in (first, second, third):
        known.admit(one)
        known.busy(one)
    known.idle(second)
    known.idle(third)
    assert known.admit(fourth)
    assert b"" == client.recv(1)
    for other, _ in (pairs[0], pairs[2]):
        other.settimeout(0)
        with pytest.raises(BlockingIOError):
            other.recv(1)


@pytest.mark.parametrize("ends", ["idle", "leave"])
def test_room_that_comes_soon_is_waited_for(pairs: list[Pair], ends: str) -> None:
    """One is at work, and has done in a moment."""
    known = Connections(1)
    (_, first), (_, second), *_ = pairs
    assert known.admit(first)
    known.busy(first)
    soon = threading.Timer(0.02, getattr(known, ends), [first])
    soon.start()
    assert known.admit(second)
    soon.join()


def test_who_is_gone_is_not_idle_again(pairs: list[Pair]) -> None:
    """A thread that was dismissed may still say that it waits."""
    known = Connections(1)
    (_, first), (_, second), (_, third), _ = pairs
    known.admit(first)
    known.admit(second)
    known.busy(second)
    known.idle(first)
    assert not known.admit(third)


def test_tls_takes_the_place_of_its_socket(pairs: list[Pair]) -> None:
    """One connection, counted once."""
    known = Connections(1)
    (_, plain), (_, tls), (_, third), _ = pairs
    known.admit(plain)
    known.secured(plain, tls)
    assert not known.admit(third)
    known.leave(plain)
    assert not known.admit(third)
    known.leave(tls)
    assert known.admit(third)


def test_a_copy_closes_what_the_parent_serves(pairs: list[Pair]) -> None:
    """Also where a thread that is not in the copy held the lock."""
    known = Connections(2)
    known.admit(pairs[0][1])
    with known._changed:  # noqa: SLF001 - as a fork would find it
        known.close_after_fork()
    assert -1 == pairs[0][1].fileno()


@pytest.mark.parametrize(
    ("soft", "expected"), [(256, 128), (20_000, 4096), (resource.RLIM_INFINITY, 4096), (1, 1)]
)
def test_half_of_the_descriptors_are_for_connections(
    monkeypatch: pytest.MonkeyPatch, soft: int, expected: int
) -> None:
    """The other half is for what requests need."""
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (soft, soft))
    assert expected == connections.limit({})


def test_a_setting_counts_for_more() -> None:
    """STANDALONE_GATEWAY_CONNECTIONS."""
    assert 7 == connections.limit({connections.SETTING: "7"})


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "²"])
def test_a_bad_setting_is_an_error(value: str) -> None:
    """It names the variable, the value and what is allowed."""
    allowed = f"{connections.SETTING}={value!r}: allowed is a whole number"
    with pytest.raises(connections.ConnectionLimitError, match=re.escape(allowed)):
        connections.limit({connections.SETTING: value})
