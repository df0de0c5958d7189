"""What this machine bears at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psutil

from localstack_standalone.lambda_process.engine.admission import Bounds
from localstack_standalone.lambda_process.worker.usage import MB

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


def of_machine() -> Bounds:
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
