"""TCP ports of 127.0.0.1: a free one, and who has one that is taken."""

from __future__ import annotations

import contextlib
import random
import socket
from pathlib import Path
from typing import Final

import psutil

from localstack_standalone.launcher.errors import PortTakenError

# Below those that a system gives to whoever asks for any: Linux from 32768 (ip_local_port_range in
# the kernel's ip-sysctl), others from 49152, as RFC 6335, section 6, has it. An emulator listens
# seconds after its port was chosen, and until then nobody is given one of these by chance.
NEVER_GIVEN: Final = range(20_000, 32_768)
TRIES: Final = 20
MOST_PORT: Final = 65_535
FILE_NAME: Final = "port"


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    at_random = random.SystemRandom()  # whoever seeds `random`, as test tools do
    for port in at_random.sample(NEVER_GIVEN, min(TRIES, len(NEVER_GIVEN))):
        with contextlib.suppress(OSError):
            return _bind(port)
    return _bind(0)


def any_port(state_dir: Path) -> int:
    """The one that the emulator of *state_dir* had before, unless somebody has it; else a free one.

    So addresses stay what they were, whoever wrote them down.
    """
    before = last(state_dir)
    if before is not None:
        with contextlib.suppress(PortTakenError):
            refuse_taken(before)
            return before
    return free_port()


def last(state_dir: Path) -> int | None:
    """The one that an emulator of *state_dir* had last, None where there was none."""
    with contextlib.suppress(OSError, ValueError):
        port = int((state_dir / FILE_NAME).read_text(encoding="ascii"))
        return port if 0 < port <= MOST_PORT else None
    return None


def remember(state_dir: Path, port: int) -> None:
    """Keep in *state_dir* that its emulator has *port*."""
    (state_dir / FILE_NAME).write_text(f"{port}\n", encoding="ascii")


def _bind(port: int) -> int:
    """Have *port*, any for 0, for a moment; which it was."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
        had: int = probe.getsockname()[1]
        return had


def refuse_taken(port: int) -> None:
    """Make sure that *port* can be listened on.

    Raises:
        PortTakenError: it cannot.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTakenError(port, _listener(port)) from error


def _listener(port: int) -> str:
    with contextlib.suppress(psutil.Error):
        for connection in psutil.net_connections(kind="tcp"):
            mine = connection.laddr and connection.laddr.port == port
            if mine and connection.status == psutil.CONN_LISTEN and connection.pid:
                return f"process {connection.pid} ({psutil.Process(connection.pid).name()})"
    return ""
