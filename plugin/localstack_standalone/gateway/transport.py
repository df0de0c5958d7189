"""A socket whose other side has to keep going.

A thread waits for each client, so none may hold it by sending, or taking, a byte now and then.
"""

from __future__ import annotations

import dataclasses
import socket
import time
from collections.abc import Callable
from typing import Final

READ_BYTES: Final = 64 * 1024
# nginx's lingering_timeout: what a refused client still sends is thrown away for so long.
LINGER_S: Final = 5.0


class ConnectionLostError(Exception):
    """There is nobody to talk to any more: gone, or silent for too long."""


class TooSlowError(Exception):
    """The other side sends so little that nobody waits for the rest."""


@dataclasses.dataclass(frozen=True)
class Patience:
    """How long a client is waited for.

    Attributes:
        idle_s: between two requests.
        head_s: from the first byte of a request to the end of its header fields.
        window_s: in each such time a body, or an answer's reader, gets on by window_bytes.
        window_bytes: the floor; with window_s about 550 bytes a second, as Apache's MinRate=500.
    """

    idle_s: float = 60.0
    head_s: float = 30.0
    window_s: float = 30.0
    window_bytes: int = 16 * 1024


class Transport:
    """Bytes from and to one client.

    Args:
        connection: a connected socket, plain or TLS.
        patience: how long the client is waited for.
        clock: a monotonic clock, in seconds.
    """

    def __init__(
        self,
        connection: socket.socket,
        patience: Patience,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._socket = connection
        self._patience = patience
        self._clock = clock
        self._window_ends = 0.0
        self._moved_bytes = 0

    @property
    def address(self) -> tuple[str, int]:
        """Where this side listens: host and port."""
        host, port = self._socket.getsockname()[:2]
        return host, port

    def deadline(self, seconds: float) -> float:
        """The moment that is *seconds* from now, for `receive`."""
        return self._clock() + seconds

    def receive(self, deadline: float) -> bytes:
        """The next bytes; none at the end.

        Raises:
            TooSlowError: nothing came before *deadline*.
            ConnectionLostError: the connection broke.
        """
        try:
            self._socket.settimeout(max(deadline - self._clock(), 0.001))
            return self._socket.recv(READ_BYTES)
        except TimeoutError as error:
            raise TooSlowError("the client sent nothing for too long") from error
        except OSError as error:
            raise ConnectionLostError(str(error)) from error

    def begin(self) -> None:
        """Expect progress from now on: of a body, or of an answer's reader."""
        self._moved_bytes = 0
        self._window_ends = self.deadline(self._patience.window_s)

    def receive_more(self) -> bytes:
        """The next bytes of what `begin` began; none at the end.

        Raises:
            TooSlowError: fewer than window_bytes came within window_s.
            ConnectionLostError: the connection broke.
        """
        data = self.receive(self._window_ends)
        self._progress(len(data))
        return data

    def send(self, data: bytes) -> None:
        """Send all of *data*.

        Raises:
            ConnectionLostError: the connection broke, or nobody reads at the other end.
        """
        rest = memoryview(data)
        self.begin()
        try:
            while rest:
                self._socket.settimeout(max(self._window_ends - self._clock(), 0.001))
                sent = self._socket.send(rest)
                rest = rest[sent:]
                self._progress(sent)
        except (OSError, TooSlowError) as error:
            raise ConnectionLostError(str(error)) from error

    def linger(self) -> None:
        """End this side, and throw away what the other still sends.

        Closed with bytes unread, the connection would be reset and the last words lost.
        """
        ends = self.deadline(LINGER_S)
        thrown_away = bytearray(READ_BYTES)
        try:
            self._socket.shutdown(socket.SHUT_WR)
            while (left := ends - self._clock()) > 0:
                self._socket.settimeout(left)
                if not self._socket.recv_into(thrown_away):
                    return
        except OSError:
            return  # it is gone, as it was to be

    def _progress(self, moved: int) -> None:
        self._moved_bytes += moved
        if self._moved_bytes >= self._patience.window_bytes:
            self.begin()
        elif self._clock() >= self._window_ends:
            raise TooSlowError("the client is too slow")
