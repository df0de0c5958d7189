"""Looking at the processes of a testbed from outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psutil


def family(pid: int) -> list[psutil.Process]:
    """Process *pid* and all that descend from it."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def listening(pid: int) -> list[Any]:
    """Local addresses on which the family of *pid* listens."""
    return [c.laddr for c in _connections(pid) if c.status == psutil.CONN_LISTEN]


def connected(pid: int) -> list[Any]:
    """Remote addresses that the family of *pid* has sockets to."""
    return [c.raddr for c in _connections(pid) if c.raddr]


def _connections(pid: int) -> Iterator[Any]:
    for process in family(pid):
        yield from process.net_connections(kind="inet")


def runs(pid: int) -> bool:
    """Whether *pid* is there and not merely waiting to be reaped."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
