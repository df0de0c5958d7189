"""What an environment writes to its log stream: the platform's lines and the function's own."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Callable
from typing import Final

TAIL_BYTES: Final = 4096
# CloudWatch Logs takes events of up to 1 MB; a longer line goes on in the next event.
MAX_EVENT_BYTES: Final = 1_000_000

Emit = Callable[[int, str], None]


class LogStream:
    """Turns the function's output into log events, in order, and keeps the last 4 KB.

    Args:
        emit: takes (epoch milliseconds, message) of each event.
    """

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._partial = b""
        self._tail = b""

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
            self._emit(time.time_ns() // 1_000_000, message.decode(errors="replace"))


def init_start(runtime: str, region: str) -> str:
    """The line before a cold start."""
    version = runtime.replace("python", "python:")
    arn = f"arn:aws:lambda:{region}::runtime:{'0' * 64}"
    return f"INIT_START Runtime Version: {version}.local\tRuntime Version ARN: {arn}"


def start(request_id: str, version: str) -> str:
    """The line before an invocation."""
    return f"START RequestId: {request_id} Version: {version}"


def end(request_id: str) -> str:
    """The line after an invocation."""
    return f"END RequestId: {request_id}"


def report(
    request_id: str,
    *,
    duration_ms: float,
    memory_mb: int,
    max_memory_mb: int,
    init_ms: float | None,
    status: str | None = None,
) -> str:
    """The line that sums up an invocation.

    Args:
        request_id: AWS request id.
        duration_ms: from the event's handing over to its answer.
        memory_mb: the configured size.
        max_memory_mb: the largest resident size seen.
        init_ms: time of the cold start, None for a warm one; it is billed too since August 2025.
        status: ``timeout`` or ``error`` where the environment itself failed.
    """
    billed_ms = math.ceil(duration_ms + (init_ms or 0))
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {duration_ms:.2f} ms",
        f"Billed Duration: {billed_ms} ms",
        f"Memory Size: {memory_mb} MB",
        f"Max Memory Used: {max_memory_mb} MB",
    ]
    if init_ms is not None:
        fields.append(f"Init Duration: {init_ms:.2f} ms")
    if status is not None:
        fields.append(f"Status: {status}")
    return "\t".join(fields) + "\t"


def timed_out(request_id: str, timeout_s: float) -> str:
    """What a timeout reads like, in the log and in the error."""
    now = dt.datetime.now(dt.UTC)
    stamp = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"
    return f"{stamp} {request_id} Task timed out after {timeout_s:.2f} seconds"
