"""The first process of the docker target's container: starts LocalStack, and reaps.

Lambda workers leave orphans behind when they are killed, and only process 1 can take them in.
Standard library alone, and no more memory than that needs.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from emulator import variables

PORT: Final = 4566
ENDPOINT: Final = f"http://127.0.0.1:{PORT}"
LOCALSTACK: Final = ("/opt/emulator/bin/python", "-m", variables.MODULE)
RUNTIMES: Final = {"python3.13": "/opt/lambda-runtime/bin/python"}
HOME: Final = "/tmp/testbed"  # noqa: S108 - the container's own, and all that is writable
# Where the kernel says what this container may use: control groups version 2, then 1.
MEMORY_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
# Where it counts what it killed for memory.
KILL_COUNTS: Final = (
    Path("/sys/fs/cgroup/memory.events"),
    Path("/sys/fs/cgroup/memory/memory.oom_control"),
)
OUT_OF_MEMORY: Final = "the kernel killed LocalStack: this container is out of memory (MEMORY)"
KILLED: Final = 128 + signal.SIGKILL
MB: Final = 1024 * 1024
# LocalStack itself, and what one worker at work on an image takes.
EMULATOR_MB: Final = 512
WORKER_MB: Final = 256
WORKERS_A_CORE: Final = 16
FEWEST_WORKERS: Final = 4


def main() -> int:
    """Run LocalStack until it ends or we are told to; its exit code is the container's."""
    Path(HOME).mkdir(exist_ok=True)
    code = supervise(LOCALSTACK, environment(os.environ))
    if code == KILLED and killed_for_memory():
        print(OUT_OF_MEMORY, file=sys.stderr)
    return code


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """LocalStack's variables: ours, with whatever else the container was *given* on top."""
    reached_at = f"127.0.0.1:{given.get('PUBLISHED_PORT') or PORT}"
    return {
        **variables.common(listen=f"0.0.0.0:{PORT}", reached_at=reached_at, runtimes=RUNTIMES),
        "XDG_CACHE_HOME": f"{HOME}/cache",
        # The same folders as on a host, below a root that is this container's own; and no looking
        # for a Docker that is not there.
        "FILESYSTEM_ROOT": "/",
        "OVERRIDE_IN_DOCKER": "0",
        "LAMBDA_LIMITS_CONCURRENT_EXECUTIONS": str(worker_limit(memory_limit_mb())),
        "LAMBDA_LIMITS_MINIMUM_UNRESERVED_CONCURRENCY": "0",
        **given,
        "HOME": HOME,  # Docker gives an unknown user "/", where nothing can be written
    }


def worker_limit(memory_mb: int | None) -> int:
    """How many workers at once: 16 a core, and no more than *memory_mb* has room for."""
    by_cores = WORKERS_A_CORE * (os.cpu_count() or 1)
    by_memory = by_cores if memory_mb is None else (memory_mb - EMULATOR_MB) // WORKER_MB
    return max(FEWEST_WORKERS, min(by_cores, by_memory))


def memory_limit_mb(files: Sequence[Path] = MEMORY_LIMITS) -> int | None:
    """What this container may use, in MB; None where there is no limit."""
    for file in files:
        try:
            limit = file.read_text(encoding="ascii").strip()
        except OSError:
            continue
        # Version 1 writes "no limit" as the largest number of whole pages.
        return int(limit) // MB if limit.isdigit() and int(limit) < 2**60 else None
    return None


def killed_for_memory(files: Sequence[Path] = KILL_COUNTS) -> bool:
    """Whether the kernel has killed anything here because the limit was reached."""
    for file in files:
        try:
            counts = dict(line.split() for line in file.read_text(encoding="ascii").splitlines())
        except OSError:
            continue
        return int(counts.get("oom_kill", 0)) > 0
    return False


def supervise(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run *command*, pass signals on to it, reap whatever ends, and give its exit code."""
    started: list[int] = []
    early: list[int] = []

    def pass_on(number: int, _: object) -> None:
        # (Popen.send_signal would reap the child, whose end is waited for below.)
        if started:
            os.kill(started[0], number)
        else:
            early.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, pass_on)
    child = subprocess.Popen(command, env=env)
    started.append(child.pid)
    for missed in early:  # came while it was being started
        os.kill(child.pid, missed)
    while True:
        pid, status = os.wait()
        if pid == child.pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code  # as a shell words a signal


if __name__ == "__main__":
    sys.exit(main())
