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


def test_nothing_is_shared_unless_it_is_asked_for() -> None:
    """The default opens nothing."""
    assert console.read_share({}, 8765) is None
    assert console.read_share({"CONSOLE_SHARE": ""}, 8765) is None


@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.1", "localhost", "::", "1.2.3", "a"])  # noqa: S104
def test_what_opens_all_addresses_or_none_is_refused(address: str) -> None:
    """It is to be one, and somebody has to name it."""
    with pytest.raises(SettingError, match="CONSOLE_SHARE"):
        console.read_share({"CONSOLE_SHARE": address}, 8765)


def test_an_address_of_another_machine_is_told() -> None:
    """192.0.2.0/24 is nobody's (RFC 5737)."""
    with pytest.raises(TestbedError, match=r"nothing can listen on 192\.0\.2\.1"):
        console.read_share({"CONSOLE_SHARE": "192.0.2.1"}, 8765)


def test_an_address_of_this_machine_gets_a_link() -> None:
    """At the console's own port."""
    port = console.read_port({"CONSOLE_PORT": "auto"})
    link = console.read_share({"CONSOLE_SHARE": "127.0.0.2"}, port)
    assert link is not None
    assert link.url.startswith(f"http://127.0.0.2:{port}/")
