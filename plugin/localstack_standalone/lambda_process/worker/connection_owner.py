"""Which process is behind a loopback connection: a function may speak for itself alone."""

from __future__ import annotations

import contextlib

import psutil

from localstack_standalone.lambda_process.worker import usage


def is_process(peer: tuple[str, int], pid: int) -> bool:
    """Whether the TCP connection from *peer* (address, port) belongs to *pid* or a child of it."""
    return any(_owns(member, peer) for member in usage.whole_family(pid))


def _owns(pid: int, peer: tuple[str, int]) -> bool:
    with contextlib.suppress(psutil.Error):  # it ended, or is an init that nobody may look into
        return any(
            (connection.laddr.ip, connection.laddr.port) == peer
            for connection in psutil.Process(pid).net_connections(kind="tcp4")
        )
    return False
