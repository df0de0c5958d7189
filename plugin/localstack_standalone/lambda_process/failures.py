"""The errors of an environment itself, in AWS's shapes: exit, crash, timeout."""

from __future__ import annotations

import json
import os
import signal
from typing import Final

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
    return _payload({"errorType": "Runtime.ExitError", "errorMessage": message})


def describe_exit(status: int) -> str:
    """How AWS words a wait *status*: exit code, signal, or an exit without a reason."""
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return "Runtime exited without providing a reason"
    if code > 0:
        return f"Runtime exited with error: exit status {code}"
    name = _SIGNAL_NAMES.get(signal.Signals(-code), f"signal {-code}")
    return f"Runtime exited with error: signal: {name}"


def timed_out(line: str) -> bytes:
    """A timeout; *line* is what stands in the log too (see `logs.timed_out`)."""
    return _payload({"errorMessage": line})


def _payload(error: dict[str, str]) -> bytes:
    return json.dumps(error, separators=(",", ":")).encode()
