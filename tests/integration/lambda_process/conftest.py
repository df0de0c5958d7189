from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

from tests.conftest import Emulator
from tests.support import functions, meeting, processes
from tests.support.meeting import Meeting

MakeFunction = Callable[..., str]
FindProcess = Callable[[int], psutil.Process]
# Leaves a process that is nobody's child, in a session of its own; the event is in its command.
DAEMON: Final = """
    import os, time
    def handler(event, context):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv("/bin/sh", ["sh", "-c", "touch /tmp/there; sleep 300; true", event])
            os._exit(0)
        os.wait()
        while not os.path.exists("/tmp/there"):
            time.sleep(0.01)
"""
# Fills files of these sizes in bytes; which failed and why, and the size of /tmp.
FILLS_TMP: Final = """
    import os
    def handler(event, context):
        for number, size in enumerate(event):
            try:
                with open(f"/tmp/{number}", "wb") as file:
                    os.posix_fallocate(file.fileno(), 0, size)
            except OSError as error:
                return [number, error.strerror, os.statvfs("/tmp").f_blocks * 4096]
"""


@pytest.fixture
def met() -> Iterator[Meeting]:
    """Where functions meet, and wait for a word."""
    with meeting.held() as held:
        yield held


@pytest.fixture
def make_function(emulator: Emulator) -> Iterator[MakeFunction]:
    """Creates functions that are deleted after the test, with their log groups.

    LocalStack adds up all that was ever logged whenever log groups are described: what one test
    leaves would slow down all that come after it.
    """
    made: list[str] = []

    def make(code: str | dict[str, str], **settings: Any) -> str:
        made.append(functions.make(emulator.aws, code, **settings))
        return made[-1]

    yield make
    aws = emulator.aws
    for name in made:
        aws.lambda_.delete_function(FunctionName=name)
        with contextlib.suppress(aws.logs.exceptions.ResourceNotFoundException):
            aws.logs.delete_log_group(logGroupName=f"/aws/lambda/{name}")


@pytest.fixture
def find_process(emulator: Emulator) -> FindProcess:
    """Finds what the test has started by the process id that a function sees, in its sandbox."""
    before = {one.pid for one in processes.family(emulator.pid)}

    def find(pid: int) -> psutil.Process:
        family = processes.family(emulator.pid)
        (found,) = [one for one in family if one.pid not in before and _seen_as(one.pid) == pid]
        return found

    return find


def _seen_as(pid: int) -> int:
    """The id that process *pid* has for itself (proc(5), NSpid)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return pid
    named = [line.split() for line in lines if line.startswith("NSpid:")]
    return int(named[0][-1]) if named else pid
