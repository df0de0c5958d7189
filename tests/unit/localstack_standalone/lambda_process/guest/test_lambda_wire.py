"""The wire between emulator and zygote."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from localstack_standalone.lambda_process.guest import _lambda_wire as wire

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


@pytest.mark.parametrize("message", [{}, {"start": {"path": ["é"] * 10_000}}])
def test_a_message_arrives_as_it_was_sent(pair: Pair, message: wire.Message) -> None:
    """Whatever its size, and the next one after it."""
    one, other = pair
    wire.send(one, message)
    wire.send(one, {"next": 1})
    assert [(message, []), ({"next": 1}, [])] == [wire.receive(other) for _ in range(2)]


def test_a_descriptor_comes_along(pair: Pair) -> None:
    """As one of the receiver's own."""
    one, other = pair
    reader, writer = os.pipe()
    wire.send(one, {}, [writer])
    os.close(writer)
    _, (own,) = wire.receive(other)
    os.write(own, b"x")
    assert b"x" == os.read(reader, 1)
    os.close(own)
    os.close(reader)


@pytest.mark.parametrize("begun", [b"", b"\0\0", b"\0\0\0\x05{"], ids=["at once", "1", "2"])
def test_an_end_is_told(pair: Pair, begun: bytes) -> None:
    """Between messages, and in the middle of one."""
    one, other = pair
    one.sendall(begun)
    one.close()
    with pytest.raises(EOFError):
        wire.receive(other)
