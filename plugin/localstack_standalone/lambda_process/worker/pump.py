"""Waits for what becomes of a worker, and passes its output on to the log meanwhile."""

from __future__ import annotations

import contextlib
import io
import os
import selectors
import socket
import time
from collections.abc import Callable
from typing import Final

from localstack_standalone.lambda_process.worker.ends import OutOfTimeError
from localstack_standalone.lambda_process.worker.logs import LogStream

# How often a running invocation's memory is looked at.
LOOK_S: Final = 0.05
READ_BYTES: Final = 65_536


class Pump:
    """One thread at a time waits; any thread may wake it.

    Args:
        log: where the output goes.
        look: called every `LOOK_S` while something is waited for, also while output flows.

    Attributes:
        writer: descriptor that the process writes to; for who starts it to close.
    """

    def __init__(self, log: LogStream, look: Callable[[], None]) -> None:
        self._log, self._look = log, look
        # Objects that know when they are closed: a number may be another file's by then.
        self._woken, self._waker = socket.socketpair()
        self._waker.settimeout(0)
        reader, self.writer = os.pipe()
        os.set_blocking(reader, False)
        self._output = io.FileIO(reader)
        self._selector = selectors.PollSelector()
        self.watch(self._woken, self._was_woken)
        self.watch(self._output, self._read)

    def watch(self, what: socket.socket | io.FileIO, read: Callable[[], bool]) -> None:
        """Call *read* when there is something in *what*; no more once it gives False."""
        self._selector.register(what, selectors.EVENT_READ, read)

    def wake(self) -> None:
        """Have the one that waits look whether it is done."""
        with contextlib.suppress(OSError):  # closed already, or woken often enough
            self._waker.send(b"!")

    def flow[T](self, done: Callable[[], T | None], deadline: float) -> T:
        """Pass output on until *done* gives a value; whatever was written before that is in it.

        Raises:
            OutOfTimeError: *deadline* passed first, by the monotonic clock.
        """
        look_at = time.monotonic() + LOOK_S
        while True:
            if (value := done()) is not None:
                self.drain()
                return value
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise OutOfTimeError
            for key, _ in self._selector.select(min(remaining, LOOK_S)):
                if not key.data():
                    self._selector.unregister(key.fileobj)
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + LOOK_S
                self._look()

    def drain(self) -> None:
        """Pass on all that is there."""
        while not self._output.closed and self._read():
            pass

    def close(self) -> None:
        """Free everything."""
        self._selector.close()
        for end in (self._output, self._woken, self._waker):
            end.close()

    def _was_woken(self) -> bool:
        return bool(self._woken.recv(READ_BYTES))

    def _read(self) -> bool:
        """Pass on what there is; False at the end of the output, and where there is nothing."""
        output = self._output.read(READ_BYTES)
        if output:
            self._log.write(output)
        return bool(output)
