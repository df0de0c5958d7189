"""What a worker's event comes to: a result, or one of the ends that are none."""

from __future__ import annotations

import dataclasses
import os
import signal
from typing import Final

from localstack_standalone.lambda_process.zygote.process import Exit

# Go's names for signals: AWS's sandbox is written in Go and quotes them.
_SIGNAL_NAMES: Final = {
    signal.SIGABRT: "aborted",
    signal.SIGBUS: "bus error",
    signal.SIGFPE: "floating point exception",
    signal.SIGHUP: "hangup",
    signal.SIGILL: "illegal instruction",
    signal.SIGINT: "interrupt",
    signal.SIGKILL: "killed",
    signal.SIGPIPE: "broken pipe",
    signal.SIGQUIT: "quit",
    signal.SIGSEGV: "segmentation fault",
    signal.SIGTERM: "terminated",
    signal.SIGTRAP: "trace/breakpoint trap",
}


class WorkerError(Exception):
    """The worker gave no answer that counts, and runs no further event."""


class EndedError(WorkerError):
    """The worker process ended.

    Attributes:
        exit: how.
        untouched: whether the function had not been given the event yet.
        out_of_memory: whether it was killed for its memory limit.
    """

    def __init__(
        self, exit_: Exit, *, untouched: bool = False, out_of_memory: bool = False
    ) -> None:
        super().__init__(f"worker ended with wait status {exit_.status}")
        self.exit = exit_
        self.untouched = untouched
        self.out_of_memory = out_of_memory


class ReportedError(WorkerError):
    """The runtime could not load the function, or go on; *payload* is the error as it stands."""

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload.decode(errors="replace"))
        self.payload = payload


class OutOfTimeError(WorkerError):
    """The deadline passed first."""


class ExtensionError(WorkerError):
    """An extension failed, and with it the environment.

    Attributes:
        kind: AWS's type of error: ``Extension.Crash``, ….
        why: how its process ended, or could not be started.
    """

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(f"{kind}: {why}")
        self.kind = kind
        self.why = why


@dataclasses.dataclass(frozen=True)
class Result:
    """What the function returned, or the error that it raised, as JSON.

    Attributes:
        payload: what the runtime sent.
        is_error: whether that is an error.
        lost: whether the runtime cannot go on after it.
    """

    payload: bytes
    is_error: bool
    lost: bool = False


def describe(status: int) -> str:
    """How AWS words a wait *status*: an exit code, a signal; "" for an exit without an error."""
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        return f"signal: {_SIGNAL_NAMES.get(signal.Signals(-code), f'signal {-code}')}"
    return f"exit status {code}" if code else ""
