"""Which process is behind a loopback connection: a function may speak for itself alone."""

from __future__ import annotations

import psutil


def is_process(peer: tuple[str, int], pid: int) -> bool:
    """Whether the TCP connection from *peer* (address, port) belongs to *pid* or a child of it."""
    try:
        process = psutil.Process(pid)
        if _owns(process, peer):
            return True
        return any(_owns(child, peer) for child in process.children(recursive=True))
    except psutil.Error:
        return False


def _owns(process: psutil.Process, peer: tuple[str, int]) -> bool:
    return any(
        (connection.laddr.ip, connection.laddr.port) == peer
        for connection in process.net_connections(kind="tcp4")
    )
