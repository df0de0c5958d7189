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

    Those of its process group are stopped at once; on Linux then all below it that have left the
    group. In a sandbox that is all but its init, which is in nobody's way and tells of its end.
    Whoever kills them need not continue them first.
    """

    def __init__(self, running: RunningWorker) -> None:
        self._running = running
        self._apart: list[int] = []
        self.frozen = False

    def freeze(self) -> None:
        """Stop them, unless they are stopped."""
        if self.frozen or not self._running.is_ours:
            return
        self.frozen = True
        _signal_group(self._running.pid, signal.SIGSTOP)
        for _ in range(MOST_LOOKS):
            found = [pid for pid in self._outside() if pid not in self._apart]
            if not found:
                return
            for pid in found:
                _signal(pid, signal.SIGSTOP)
            self._apart += found

    def thaw(self) -> None:
        """Have them go on, if they are stopped."""
        if not self.frozen or not self._running.is_ours:
            return
        self.frozen = False
        apart, self._apart = self._apart, []
        for pid in apart:
            _signal(pid, signal.SIGCONT)
        _signal_group(self._running.pid, signal.SIGCONT)

    def end_outside(self) -> None:
        """Kill those that whoever kills the process group would miss."""
        if self._running.is_ours:
            for pid in {*self._apart, *self._outside()}:
                _signal(pid, signal.SIGKILL)

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
