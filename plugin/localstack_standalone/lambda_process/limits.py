"""What this machine can bear, and what a function may use of it: memory, held against its group's."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psutil

from localstack_standalone.lambda_process.admission import Capacity

MB: Final = 1024 * 1024
# An idle worker has about 40 MB; one at work on an image up to a quarter of its 1024 MB.
WORKER_MB: Final = 256
EMULATOR_MB: Final = 512
# More at once than this make nothing faster: each invocation waits for others' half the time.
BUSY_A_CORE: Final = 4
FEWEST_WORKERS: Final = 4
# Where the kernel says what a container may use: control groups version 2, then 1.
MEMORY_LIMITS: Sequence[Path] = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
# Not every kernel lists children.
_PROC_CHILDREN: Final = Path(f"/proc/self/task/{os.getpid()}/children").exists()
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


def capacity() -> Capacity:
    """What this machine, or this container, can bear."""
    cores = os.cpu_count() or 1
    busy = max(FEWEST_WORKERS, BUSY_A_CORE * cores)
    room = (memory_mb() - EMULATOR_MB) // WORKER_MB
    return Capacity(starts=cores, busy=busy, environments=max(FEWEST_WORKERS, room))


def memory_mb() -> int:
    """The memory that may be used here, in MB: the machine's, or less in a container."""
    machine_mb = psutil.virtual_memory().total // MB
    for file in MEMORY_LIMITS:
        try:
            limit = file.read_text(encoding="ascii").strip()
        except OSError:
            continue
        # Version 1 writes "no limit" as the largest number of whole pages.
        return min(machine_mb, int(limit) // MB) if limit.isdigit() else machine_mb
    return machine_mb


class ProcessorTime:
    """How busy the processors are."""

    def __init__(self) -> None:
        self._seen = self._now()

    def busy_share(self) -> float:
        """The share of processor time that was used since this was last asked, 0 to 1."""
        (idle, total), (idle_before, total_before) = self._now(), self._seen
        self._seen = idle, total
        return 1 - (idle - idle_before) / max(total - total_before, 0.001)

    @staticmethod
    def _now() -> tuple[float, float]:
        times = psutil.cpu_times()
        return times.idle + getattr(times, "iowait", 0.0), sum(times)


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

    def look(self, pid: int | None) -> bool:
        """Whether *pid* and its children are within the limit; True when it is gone."""
        if pid is None:
            return True
        now = _resident_bytes(pid)
        self.peak_bytes = max(self.peak_bytes, now)
        return now <= self.limit_bytes


def _resident_bytes(pid: int) -> int:
    if _PROC_CHILDREN:
        return sum(_statm_bytes(member) for member in _family(pid))
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    return sum(_rss(member) for member in family)


def _family(pid: int) -> list[int]:
    """*pid* and all below it (proc(5)): psutil would read every process of the machine for that."""
    found = [pid]
    for member in found:
        with contextlib.suppress(OSError):
            for task in os.scandir(f"/proc/{member}/task"):
                with open(f"{task.path}/children", encoding="ascii") as children:  # noqa: PTH123 - each 50 ms
                    found += map(int, children.read().split())
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
