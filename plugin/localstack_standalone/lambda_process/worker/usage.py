"""What a worker uses: memory, held against its function's limit, and processor time."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

import psutil

MB: Final = 1024 * 1024
# Not every kernel lists children.
_PROC_CHILDREN: Final = Path(f"/proc/self/task/{os.getpid()}/children").exists()
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


def cpu_s(pid: int | None) -> float:
    """Processor time of *pid* and its children (Linux: all below it); 0 when it is gone."""
    if pid is None:
        return 0.0
    total = 0.0
    for member in family(pid):
        with contextlib.suppress(psutil.Error):
            used = psutil.Process(member).cpu_times()
            total += used.user + used.system
    return total


def is_alive(pid: int | None) -> bool:
    """Whether process *pid* runs; one that only waits to be reaped does not."""
    try:
        return pid is not None and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


class MemoryWatch:
    """Looks at a process and its children, and remembers the most that it saw.

    Args:
        limit_bytes: what the function is configured to have.
    """

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.peak_bytes = 0

    @property
    def is_used_up(self) -> bool:
        """Whether all of the limit was used."""
        return self.peak_bytes >= self.limit_bytes

    def overrun(self) -> None:
        """Remember that all of the limit was used."""
        self.peak_bytes = max(self.peak_bytes, self.limit_bytes)

    def look(self, pid: int | None) -> bool:
        """Whether *pid* and its children are within the limit; True when it is gone."""
        if pid is None:
            return True
        now = _resident_bytes(pid)
        self.peak_bytes = max(self.peak_bytes, now)
        return now <= self.limit_bytes


def _resident_bytes(pid: int) -> int:
    if _PROC_CHILDREN:
        return sum(_statm_bytes(member) for member in family(pid))
    try:
        process = psutil.Process(pid)
        members = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    return sum(_rss(member) for member in members)


def family(pid: int) -> list[int]:
    """*pid* and all below it (proc(5)); itself alone where the kernel does not list children.

    psutil would read every process of the machine for that.
    """
    found = [pid]
    if not _PROC_CHILDREN:
        return found
    for member in found:
        with contextlib.suppress(OSError), os.scandir(f"/proc/{member}/task") as tasks:
            for task in tasks:
                with open(f"{task.path}/children", encoding="ascii") as below:  # noqa: PTH123 - each 50 ms
                    found += map(int, below.read().split())
    return found


def _statm_bytes(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as statm:  # noqa: PTH123 - likewise
            return int(statm.read().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0


def _rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
