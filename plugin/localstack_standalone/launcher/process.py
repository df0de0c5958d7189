"""Processes that outlive the command that starts them, or end with it, as is asked."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import psutil

# With requests in flight LocalStack takes over half a minute to stop by itself. Nothing in it
# outlives it anyway, so it gets this long to be polite.
STOP_TIMEOUT_S: Final = 1.0
KILL_TIMEOUT_S: Final = 3.0
POLL_S: Final = 0.01
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


def hold(lifeline: int, until_end: Callable[[], object]) -> None:
    """Keep the pipe end *lifeline* open until a process has ended, or this one has.

    Args:
        lifeline: what a tied process sees closed when nobody is left who holds it.
        until_end: waits for that process; a child of ours is reaped by it.
    """

    def wait() -> None:
        until_end()
        os.close(lifeline)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()


def birth(pid: int) -> str | float:
    """What no other process that ever has the id *pid* has.

    On Linux the boot and the tick of it that the process began in: epoch seconds are reckoned from
    the system's clock there, and change where that is set. Elsewhere those.

    Raises:
        psutil.Error: there is no such process.
    """
    process = psutil.Process(pid)
    try:
        boot = _BOOT.read_text(encoding="ascii").strip()
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return process.create_time()
    # After the name, which may have blanks and brackets; field 22 of proc_pid_stat(5).
    return f"{boot}/{told.rpartition(')')[2].split()[19]}"


def find(pid: int, born: str | float) -> psutil.Process | None:
    """The process *pid* whose `birth` is *born*, if it is alive: ids are reused."""
    try:
        process = psutil.Process(pid)
        if isinstance(born, str):
            same = birth(pid) == born
        else:
            same = abs(process.create_time() - born) < 1
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None


def end(process: psutil.Process, *, politely: bool = True) -> None:
    """End *process* and its group: politely, then not."""
    family = [process, *_children(process)]
    if politely:
        with contextlib.suppress(psutil.Error):
            process.terminate()
        _still_running([process], STOP_TIMEOUT_S)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    # The zygotes and workers end by themselves when the emulator does; wait for that.
    left = _still_running(family, KILL_TIMEOUT_S)
    for one in left:
        with contextlib.suppress(psutil.Error):
            one.kill()
    _still_running(left, KILL_TIMEOUT_S)


def _still_running(processes: Sequence[psutil.Process], timeout_s: float) -> list[psutil.Process]:
    """Those of *processes* that have not ended after *timeout_s*.

    One that has is there until its parent takes note. A fork's parent is whoever takes orphans on
    this machine, and does so late, or in a container never; our own children are reaped (`hold`).
    """
    deadline = time.monotonic() + timeout_s
    while (left := [one for one in processes if _runs(one)]) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    return left


def _runs(process: psutil.Process) -> bool:
    try:
        ours = process.ppid() == os.getpid()
        return process.is_running() and (ours or process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []
