from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from localstack_standalone.launcher import ports
from localstack_standalone.launcher.errors import PortTakenError


def test_a_free_port_can_be_listened_on() -> None:
    """Nobody has it."""
    ports.refuse_taken(ports.free_port())


def test_a_free_port_stays_free_until_it_is_listened_on() -> None:
    """It is none of those that a system gives to whoever asks for any, and seldom the same."""
    found = {ports.free_port() for _ in range(20)}
    assert len(found) > 15
    assert max(found) < 32768  # where Linux begins, and before the dynamic ports of RFC 6335


def test_where_all_of_those_are_taken_any_port_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was free a moment ago."""
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        taken = squatter.getsockname()[1]
        monkeypatch.setattr(ports, "NEVER_GIVEN", range(taken, taken + 1))
        assert taken != ports.free_port()


def test_a_taken_port_is_refused_with_its_owner() -> None:
    """As far as this user may know who that is."""
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        with pytest.raises(PortTakenError) as refused:
            ports.refuse_taken(port)
    assert port == refused.value.port
    assert refused.value.owner.startswith(f"process {os.getpid()} (")


def test_any_port_is_the_one_of_before(tmp_path: Path) -> None:
    """So addresses that somebody wrote down stay right."""
    assert ports.last(tmp_path) is None
    port = ports.any_port(tmp_path)
    ports.remember(tmp_path, port)
    assert (port, port) == (ports.last(tmp_path), ports.any_port(tmp_path))


def test_any_port_is_another_where_that_is_taken(tmp_path: Path) -> None:
    """Whoever has it keeps it."""
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        ports.remember(tmp_path, squatter.getsockname()[1])
        assert ports.any_port(tmp_path) != squatter.getsockname()[1]


@pytest.mark.parametrize("text", ["", "none", "0", "-1", "70000", "4566 4567"])
def test_what_is_no_port_is_none_of_before(tmp_path: Path, text: str) -> None:
    """Somebody wrote into the file."""
    (tmp_path / ports.FILE_NAME).write_text(text)
    assert ports.last(tmp_path) is None
