"""The port that the console is asked to take."""

from __future__ import annotations

import socket

import pytest

from scripts import console
from testbed.errors import SettingError, TestbedError


@pytest.mark.parametrize("port", ["80", "0", "none", "99999", "-1"])
def test_a_port_that_is_none_is_an_error(port: str) -> None:
    """It names the setting and what is allowed."""
    with pytest.raises(SettingError, match="CONSOLE_PORT"):
        console.read_port({"CONSOLE_PORT": port})


def test_any_free_port_can_be_asked_for() -> None:
    """For tests, and for a second console."""
    assert 1024 <= console.read_port({"CONSOLE_PORT": "auto"}) <= 65535


def test_a_taken_port_is_told_with_what_to_do() -> None:
    """The one who has it may be a console: then it only has to be opened."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(TestbedError, match=f"port {port} is taken.*CONSOLE_PORT=auto"):
            console.read_port({"CONSOLE_PORT": str(port)})
