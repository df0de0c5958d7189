"""How an event ends; an environment's own errors have AWS's shapes: exit, crash, timeout."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import signal
from typing import Final, Self

from localstack_standalone.lambda_process.worker.worker import (
    EndedError,
    ReportedError,
    WorkerError,
)

EXIT_ERROR: Final = "Runtime.ExitError"
# What the guest reports in place of a program that cannot be run.
ENTRYPOINT_ERROR: Final = "Runtime.InvalidEntrypoint"
# In reports alone, by published ones; the caller is told of an exit.
OUT_OF_MEMORY: Final = "Runtime.OutOfMemory"
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


@dataclasses.dataclass(frozen=True)
class EventOutcome:
    """How an event ended.

    Attributes:
        payload: what the function returned, or its error, as JSON.
        is_error: whether it is an error.
        status: ``error`` or ``timeout`` where the environment itself failed, else None.
        error_type: what failed, where *status* is ``error`` and the error has a type.
        line: what the log says of it, where it says more than the report.
    """

    payload: bytes
    is_error: bool
    status: str | None = None
    error_type: str | None = None
    line: str | None = None

    @classmethod
    def of_failure(cls, failure: WorkerError, request_id: str, timeout_s: float) -> Self:
        """What *failure* of the worker is to the caller."""
        if isinstance(failure, EndedError):
            message = f"RequestId: {request_id} Error: {describe_exit(failure.exit.status)}"
            payload = _payload(errorType=EXIT_ERROR, errorMessage=message)
            why = OUT_OF_MEMORY if failure.out_of_memory else EXIT_ERROR
            return cls(payload, is_error=True, status="error", error_type=why)
        if isinstance(failure, ReportedError):
            kind = _error_type(failure.payload)
            payload = failure.payload
            if kind == ENTRYPOINT_ERROR:
                why = json.loads(payload).get("errorMessage")
                message = f"RequestId: {request_id} Error: {why}"
                payload = _payload(errorType=kind, errorMessage=message)
            return cls(payload, is_error=True, status="error", error_type=kind)
        line = f"{timestamp()} {request_id} Task timed out after {timeout_s:.2f} seconds"
        return cls(_payload(errorMessage=line), is_error=True, status="timeout", line=line)


def timestamp() -> str:
    """The time now, as lines of the platform have it."""
    now = dt.datetime.now(dt.UTC)
    return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"


def describe_exit(status: int) -> str:
    """How AWS words a wait *status*: exit code, signal, or an exit without a reason."""
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return "Runtime exited without providing a reason"
    if code > 0:
        return f"Runtime exited with error: exit status {code}"
    name = _SIGNAL_NAMES.get(signal.Signals(-code), f"signal {-code}")
    return f"Runtime exited with error: signal: {name}"


def _error_type(payload: bytes) -> str | None:
    """The type that an error's *payload* names, if it names one."""
    try:
        found = json.loads(payload).get("errorType")
    except (ValueError, AttributeError):
        return None
    return found if isinstance(found, str) else None


def _payload(**error: str) -> bytes:
    return json.dumps(error, separators=(",", ":")).encode()
