"""External extensions beside the runtime: started before it, watched while it runs.

    top process ─fork→ each extension
                └─fork→ the runtime, which waits until the extensions have registered

The top process says on a socket, a line of JSON each, what ends: ``{"extension": name, "status":
n}`` or ``{"extension": name, "failed": why}`` where it could not be run, and ``{"runtime": n}``.
It ends when all of them have. A signal to terminate is for the runtime.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import typing

import _lambda_isolation as isolation  # type: ignore[import-not-found]  # beside this file

# What a runtime has and an extension has not, as on AWS (its page on extensions).
RUNTIMES_OWN = (
    *("AWS_EXECUTION_ENV", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"),
    *("AWS_XRAY_CONTEXT_MISSING", "AWS_XRAY_DAEMON_ADDRESS", "LAMBDA_RUNTIME_DIR"),
    *("LAMBDA_TASK_ROOT", "_AWS_XRAY_DAEMON_ADDRESS", "_AWS_XRAY_DAEMON_PORT", "_HANDLER"),
)
# Where the socket to the emulator is, among the top process's descriptors.
CONTROL = 5
Spec = typing.Dict[str, typing.Any]  # noqa: UP006 - a guest's Python may be 3.9


def run(
    spec: Spec,
    become_runtime: typing.Callable[[Spec], None],
    hide: typing.Callable[[], None] = lambda: None,
) -> typing.NoReturn:
    """Start the extensions of *spec* and its runtime, and see to their ends.

    Args:
        spec: what the worker is to be.
        become_runtime: turns a fork into the runtime.
        hide: keeps the function from looking into this process, once all are forked.
    """
    top = os.getpid()
    with socket.socket(fileno=CONTROL) as told:
        programs = spec["extensions"]
        running = {_start(path, spec, top, told): os.path.basename(path) for path in programs}
        runtime = os.fork()
        if runtime == 0:
            isolation.end_with_parent(top)
            gate = told.recv(1)
            told.close()
            if gate:
                become_runtime(spec)
            os._exit(0)
        signal.signal(signal.SIGTERM, lambda *_: _terminate(runtime))
        hide()
        watch(runtime, running, told)
    os._exit(0)


def watch(
    runtime: int,
    running: typing.Dict[int, str],  # noqa: UP006 - likewise
    told: socket.socket,
) -> None:
    """Reap whatever ends, and tell of the runtime and the extensions until the last has ended."""
    left = {runtime, *running}
    while left:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            return
        if pid == runtime:
            _tell(told, runtime=status)
        elif pid in running:
            _tell(told, extension=running[pid], status=status)
        left.discard(pid)


def _start(path: str, spec: Spec, top: int, told: socket.socket) -> int:
    """Fork one extension; what keeps it from being run is told."""
    pid = os.fork()
    if pid:
        return pid
    kept = {name: value for name, value in spec["environment"].items() if name not in RUNTIMES_OWN}
    isolation.end_with_parent(top)
    try:
        os.chdir("/")
        os.execve(path, [path], kept)  # noqa: S606 - that is the point
    except OSError as error:
        name, why = os.path.basename(path), (error.strerror or str(error)).lower()
        _tell(told, extension=name, failed=f"fork/exec /opt/extensions/{name}: {why}")
    os._exit(1)


def _terminate(runtime: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(runtime, signal.SIGTERM)


def _tell(told: socket.socket, **what: str | int) -> None:
    with contextlib.suppress(OSError):  # the emulator is gone, and we soon are
        told.sendall(json.dumps(what).encode() + b"\n")
