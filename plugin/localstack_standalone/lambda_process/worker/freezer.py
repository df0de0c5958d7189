"""Stops what an environment runs between its events, and has it go on, as AWS freezes a sandbox.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

from __future__ import annotations

import contextlib
import os
import signal
from typing import Final

from localstack_standalone.lambda_process.worker import usage
from localstack_standalone.lambda_process.zygote.process import RunningWorker

# A process that is stopped forks no more; each look finds what was forked before the last one.
MOST_LOOKS: Final = 10


class Freezer:
    """Stops and continues the processes of *running*. One caller at a time.

    The runtime can be stopped at once, without a sandbox with its process group; then, on Linux,
    all else: what has left the group, or all of a sandbox but its init, which is in nobody's way
    and tells of its end. Whoever kills them need not continue them first.
    """

    def __init__(self, running: RunningWorker) -> None:
        self._running = running
        self._runtime: list[int] | None = None  # of a sandbox: init's first child, as long as it is
        self._apart: list[int] = []
        self._whole = False
        self.frozen = False

    def stop_runtime(self) -> None:
        """Stop the runtime, unless it is stopped; `freeze` is to follow."""
        if self.frozen or not self._running.is_ours:
            return
        self.frozen = True
        if not self._running.sandboxed:
            _signal_group(self._running.pid, signal.SIGSTOP)
            return
        if self._runtime is None:
            self._runtime = self._outside()[:1]
        self._stop(self._runtime)

    def freeze(self) -> None:
        """Stop all of them that are not stopped."""
        self.stop_runtime()
        if not self.frozen or self._whole:
            return
        self._whole = True
        for _ in range(MOST_LOOKS):
            found = [pid for pid in self._outside() if pid not in self._apart]
            if not found:
                return
            self._stop(found)

    def thaw(self) -> None:
        """Have them go on, if they are stopped."""
        if not self.frozen or not self._running.is_ours:
            return
        self.frozen = self._whole = False
        apart, self._apart = self._apart, []
        for pid in apart:
            _signal(pid, signal.SIGCONT)
        if not self._running.sandboxed:
            _signal_group(self._running.pid, signal.SIGCONT)

    def end_outside(self) -> None:
        """Kill those that whoever kills the process group would miss."""
        if self._running.is_ours:
            for pid in {*self._apart, *self._outside()}:
                _signal(pid, signal.SIGKILL)

    def _stop(self, processes: list[int]) -> None:
        for pid in processes:
            _signal(pid, signal.SIGSTOP)
        self._apart += processes

    def _outside(self) -> list[int]:
        """Those below the worker that its process group does not hold."""
        top = self._running.pid
        if self._running.sandboxed:
            return usage.family(top)[1:]
        return [pid for pid in usage.family(top) if _group(pid) not in {top, None}]


def _group(pid: int) -> int | None:
    with contextlib.suppress(ProcessLookupError):
        return os.getpgid(pid)
    return None


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
