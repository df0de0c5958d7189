"""Turns what a function writes into log events, in order, and keeps the end of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

TAIL_BYTES: Final = 4096
# CloudWatch Logs takes events of up to 1 MB; a longer line goes on in the next event.
MAX_EVENT_BYTES: Final = 1_000_000

Emit = Callable[[int, str], None]


class LogStream:
    """Turns the function's output into log events, in order, and keeps the last 4 KB.

    The events of an invocation are as far apart as they were, and in order, also where the system's
    clock is set meanwhile: readers sort by time.

    Args:
        emit: takes (epoch milliseconds, message) of each event.
    """

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._partial = b""
        self.begin()

    def platform(self, line: str) -> None:
        """Add a line of the platform's own; an unfinished line of the function ends before it."""
        self.flush()
        self._event(line.encode() + b"\n")

    def write(self, output: bytes) -> None:
        """Add what the function wrote; a line counts when it is ended (or over the limit)."""
        *lines, self._partial = (self._partial + output).split(b"\n")
        for line in lines:
            self._line(line + b"\n")
        while len(self._partial) > MAX_EVENT_BYTES:
            self._event(self._partial[:MAX_EVENT_BYTES])
            self._partial = self._partial[MAX_EVENT_BYTES:]

    def flush(self) -> None:
        """End an unfinished line: the function will not go on with it."""
        partial, self._partial = self._partial, b""
        if partial:
            self._line(partial + b"\n")

    def begin(self) -> None:
        """Forget the tail: an invocation's LogResult starts with its own START line."""
        self._tail = b""
        # From here on the system's clock is not asked again.
        self._ahead_ns = time.time_ns() - time.monotonic_ns()

    @property
    def tail(self) -> str:
        """The last 4 KB since `begin`, for LogResult."""
        return self._tail.decode(errors="replace")

    def _line(self, line: bytes) -> None:
        # The runtime client writes the lines of one error with \r between them, so that they
        # stay together; AWS shows them as one event with line breaks.
        line = line.replace(b"\r", b"\n")
        for start in range(0, len(line), MAX_EVENT_BYTES):
            self._event(line[start : start + MAX_EVENT_BYTES])

    def _event(self, message: bytes) -> None:
        self._tail = (self._tail + message)[-TAIL_BYTES:]
        if message.strip():  # CloudWatch refuses empty events
            now_ns = self._ahead_ns + time.monotonic_ns()
            self._emit(now_ns // 1_000_000, message.decode(errors="replace"))
