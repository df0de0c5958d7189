"""Who is connected, how many may be, and who of them waits for nothing."""

from __future__ import annotations

import contextlib
import resource
import socket
import threading
from collections.abc import Mapping
from typing import Final

SETTING: Final = "STANDALONE_GATEWAY_CONNECTIONS"
MOST: Final = 4096
# A client has its answer before the thread that sent it says so.
PATIENCE_S: Final = 0.1


class ConnectionLimitError(ValueError):
    """A setting has a value that it cannot have."""


def limit(environ: Mapping[str, str]) -> int:
    """What STANDALONE_GATEWAY_CONNECTIONS says, or half of the descriptors, at most 4,096.

    The other half is for what requests need: files of objects, pipes of functions.

    Raises:
        ConnectionLimitError: it is no number of connections.
    """
    setting = environ.get(SETTING, "")
    if setting:
        if not (setting.isascii() and setting.isdecimal() and int(setting)):
            raise ConnectionLimitError(
                f"{SETTING}={setting!r}: allowed is a whole number from 1 on"
            )
        return int(setting)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else max(1, min(MOST, soft // 2))


class Connections:
    """The open connections; the one that is idle for longest makes room for a new one.

    Args:
        limit: how many may be open at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._changed = threading.Condition()
        self._open: dict[socket.socket, None] = {}
        self._idle: dict[socket.socket, None] = {}  # the longest first

    def admit(self, connection: socket.socket) -> bool:
        """Count *connection*, idle at first; False if as many as may be are, and stay, at work."""
        with self._changed:
            if not self._changed.wait_for(self._has_room, PATIENCE_S):
                return False
            self._open[connection] = self._idle[connection] = None
            return True

    def make_room(self) -> bool:
        """End the connection that is idle for longest; False if none is idle."""
        with self._changed:
            return self._dismiss()

    def idle(self, connection: socket.socket) -> None:
        """*connection* waits for its next request."""
        with self._changed:
            if connection in self._open:
                self._idle[connection] = None
                self._changed.notify()

    def busy(self, connection: socket.socket) -> None:
        """*connection* has a request."""
        with self._changed:
            self._idle.pop(connection, None)

    def secured(self, plain: socket.socket, tls: socket.socket) -> None:
        """*tls* has taken the descriptor of *plain*."""
        with self._changed:
            if plain in self._open:
                del self._open[plain]
                self._open[tls] = None
            self._idle.pop(plain, None)

    def leave(self, connection: socket.socket) -> None:
        """*connection* is closed."""
        with self._changed:
            self._open.pop(connection, None)
            self._idle.pop(connection, None)
            self._changed.notify()

    def close_after_fork(self) -> None:
        """Close the copies of the parent's descriptors; whose thread held the lock is not here."""
        for connection in list(self._open):
            connection.close()

    def _has_room(self) -> bool:
        return len(self._open) < self._limit or self._dismiss()

    def _dismiss(self) -> bool:
        for connection in self._idle:
            del self._idle[connection], self._open[connection]
            with contextlib.suppress(OSError):  # its thread closes it
                connection.shutdown(socket.SHUT_RDWR)
            return True
        return False
