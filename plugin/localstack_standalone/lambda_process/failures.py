"""The errors of an environment itself, in AWS's shapes: exit, crash, timeout."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
from typing import Final

EXIT_ERROR: Final = "Runtime.ExitError"
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


def exited(request_id: str, status: int) -> bytes:
    """``Runtime.ExitError`` of a worker that ended with wait *status*."""
    message = f"RequestId: {request_id} Error: {describe_exit(status)}"
    return _payload({"errorType": EXIT_ERROR, "errorMessage": message})


def describe_exit(status: int) -> str:
    """How AWS words a wait *status*: exit code, signal, or an exit without a reason."""
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return "Runtime exited without providing a reason"
    if code > 0:
        return f"Runtime exited with error: exit status {code}"
    name = _SIGNAL_NAMES.get(signal.Signals(-code), f"signal {-code}")
    return f"Runtime exited with error: signal: {name}"


def error_type(payload: bytes) -> str | None:
    """The type that an error's *payload* names, if it names one."""
    try:
        found = json.loads(payload).get("errorType")
    except (ValueError, AttributeError):
        return None
    return found if isinstance(found, str) else None


def out_of_time(request_id: str, timeout_s: float) -> str:
    """What a timeout reads like, in the log and in the error."""
    now = dt.datetime.now(dt.UTC)
    stamp = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"
    return f"{stamp} {request_id} Task timed out after {timeout_s:.2f} seconds"


def timed_out(line: str) -> bytes:
    """The error of a timeout whose *line* is `out_of_time`'s."""
    return _payload({"errorMessage": line})


def _payload(error: dict[str, str]) -> bytes:
    return json.dumps(error, separators=(",", ":")).encode()
