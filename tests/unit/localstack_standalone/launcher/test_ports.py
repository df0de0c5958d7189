from __future__ import annotations

import os
import socket

import pytest

from localstack_standalone.launcher import ports
from localstack_standalone.launcher.errors import PortTakenError


def test_a_free_port_can_be_listened_on() -> None:
    """Nobody has it."""
    ports.refuse_taken(ports.free_port())


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
