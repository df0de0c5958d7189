"""The first process of the docker target's container: starts LocalStack, and reaps.

Lambda workers leave orphans behind when they are killed, and only process 1 can take them in.
Standard library alone, and no more memory than that needs.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from localstack_standalone.launcher import environ, service_names, state_folder
from testbed import setting

PORT: Final = 4566
ENDPOINT: Final = f"http://127.0.0.1:{PORT}"
LOCALSTACK: Final = ("/opt/emulator/bin/python", "-m", environ.MODULE)
RUNTIMES: Final = {"python3.13": "/opt/lambda-runtime/bin/python"}
HOME: Final = "/tmp/testbed"  # noqa: S108 - the container's own, gone with it
# A volume: what is to survive the container (docker-compose.yml).
KEPT: Final = "/var/lib/testbed"
# What the image's build has read of the stack, which is nothing for a Python without boto3.
SERVICES_FILE: Final = Path("/opt/testbed/services")
# Where it counts what it killed for memory.
KILL_COUNTS: Final = (
    Path("/sys/fs/cgroup/memory.events"),
    Path("/sys/fs/cgroup/memory/memory.oom_control"),
)
OUT_OF_MEMORY: Final = "the kernel killed LocalStack: this container is out of memory (MEMORY)"
KILLED: Final = 128 + signal.SIGKILL


def main() -> int:
    """Run LocalStack until it ends or we are told to; its exit code is the container's."""
    state_folder.take(Path(HOME))
    code = supervise(
        LOCALSTACK, environment(os.environ, SERVICES_FILE.read_text(encoding="ascii").split())
    )
    if code == KILLED and killed_for_memory():
        print(OUT_OF_MEMORY, file=sys.stderr)
    return code


def environment(given: Mapping[str, str], services: Iterable[str]) -> dict[str, str]:
    """LocalStack's variables: ours, with whatever else the container was *given* on top.

    Args:
        given: the container's own.
        services: what the pipeline needs; SERVICES adds to them.
    """
    reached_at = f"127.0.0.1:{given.get('PUBLISHED_PORT') or PORT}"
    served = service_names.added(services, given.get("SERVICES", ""))
    own = {
        **environ.common(
            listen=f"0.0.0.0:{PORT}",
            reached_at=reached_at,
            runtimes=RUNTIMES,
            services=served,
        ),
        "XDG_CACHE_HOME": f"{HOME}/cache",
        # The same folders as on a host, below a root that is this container's own; and no looking
        # for a Docker that is not there.
        "FILESYSTEM_ROOT": "/",
    }
    persists = setting.as_switch(given.get("PERSIST") or "1") == "1"
    kept = {environ.KEEPS_IN: KEPT} if persists else {}
    # (Docker gives an unknown user "/" for a home, where nothing can be written.)
    return {**own, **kept, **given, "SERVICES": ",".join(served), "HOME": HOME}


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
