"""What this machine bears, and the memory limit of a function, held against its process group."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psutil

from localstack_standalone.lambda_process.admission import Bounds

MB: Final = 1024 * 1024
# The most environments at once, if someone wants to say.
SETTING: Final = "LAMBDA_PROCESS_ENVIRONMENTS"
# LocalStack itself; and what an environment takes of its own, idle or asleep, with room for those
# at work on images.
EMULATOR_MB: Final = 512
ENVIRONMENT_MB: Final = 128
AT_WORK_A_CORE: Final = 4
FEWEST_AT_WORK: Final = 4
STARTING_A_CORE: Final = 2
# Where the kernel says what a container may use: control groups version 2, then 1.
MEMORY_LIMITS: Sequence[Path] = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
# Not every kernel lists children.
_PROC_CHILDREN: Final = Path(f"/proc/self/task/{os.getpid()}/children").exists()
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


def bounds() -> Bounds:
    """What this machine, or this container, bears, unless `SETTING` says how many environments.

    Raises:
        ValueError: `SETTING` is no positive number.
    """
    cores = os.cpu_count() or 1
    given = os.environ.get(SETTING)
    if given and not (given.isascii() and given.isdigit() and int(given) > 0):
        raise ValueError(f"{SETTING}={given!r}: use a number of environments, such as 64")
    room = (memory_mb() - EMULATOR_MB) // ENVIRONMENT_MB
    return Bounds(
        at_work=max(FEWEST_AT_WORK, AT_WORK_A_CORE * cores),
        starting=STARTING_A_CORE * cores,
        environments=int(given) if given else max(FEWEST_AT_WORK, room),
    )


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


def cpu_s(pid: int | None) -> float:
    """Processor time of *pid* and its children (Linux: all below it); 0 when it is gone."""
    if pid is None:
        return 0.0
    total = 0.0
    for member in _family(pid) if _PROC_CHILDREN else [pid]:
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
