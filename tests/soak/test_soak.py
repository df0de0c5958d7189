"""Many invocations and many cold starts: all answered, nothing leaked. COUNT says how many."""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import dataclasses
import os
import sys
from pathlib import Path

import psutil
import pytest

from testbed import settings, waiting
from tests.conftest import Emulator
from tests.support import functions, processes
from tests.support.functions import Answer, invoke

COUNT = int(settings.value(os.environ, "COUNT", "1000"))
CLIENTS = 8
MB = 1024 * 1024
HELD = ("socket", "pipe", "mnt", "pid", "ipc", "uts", "user")

MIXED = """
    import os, signal
    def handler(event, context):
        n = event["n"]
        if n % 100 == 13:
            os.kill(os.getpid(), 9)
        if n % 100 == 57:
            signal.pause()
        print("line of", n)
        return n
"""

pytestmark = pytest.mark.timeout(1800)


@dataclasses.dataclass(frozen=True)
class Use:
    """What an emulator holds."""

    rss_mb: int
    descriptors: int
    threads: int
    processes: int
    zombies: int
    folders: int
    mounts: int
    namespaces: int


def test_mixed_invocations(private_emulator: Emulator) -> None:
    """Every one of COUNT invocations by eight clients is answered; 1 % crash, 1 % time out."""
    aws = private_emulator.aws
    name = functions.make(aws, MIXED, Timeout=1)
    _run(private_emulator, name, range(10_000, 10_000 + min(COUNT, 200)))  # warm everything up
    before = use(private_emulator)
    answers = _run(private_emulator, name, range(COUNT))
    after = use(private_emulator)
    outcomes = collections.Counter(_outcome(number, answer) for number, answer in answers)
    crashes = sum(n % 100 == 13 for n in range(COUNT))
    timeouts = sum(n % 100 == 57 for n in range(COUNT))
    expected = {"right": COUNT - crashes - timeouts, "crash": crashes, "timeout": timeouts}
    assert {kind: count for kind, count in expected.items() if count} == outcomes
    assert after.zombies == 0
    assert after.descriptors <= before.descriptors + 16
    assert after.processes <= before.processes + 2
    # LocalStack itself keeps metrics of each invocation; the bound is theirs, not a leak of ours.
    assert after.rss_mb <= before.rss_mb + 40 + COUNT // 20


def test_cold_starts(private_emulator: Emulator) -> None:
    """COUNT cold starts leave no process, zombie, descriptor, folder, mount and namespace."""
    _cold_starts(private_emulator, 50)
    before = use(private_emulator)
    errors = _cold_starts(private_emulator, COUNT)
    after = use(private_emulator)
    assert {"Runtime.ExitError": COUNT} == errors
    assert (0, 0) == (after.zombies, after.folders)
    assert after.processes <= before.processes
    assert after.descriptors <= before.descriptors + 16
    assert after.threads <= before.threads + 8
    assert (before.mounts, before.namespaces) == (after.mounts, after.namespaces)


def _cold_starts(emulator: Emulator, count: int) -> collections.Counter[str]:
    """So many, of a function that is gone afterwards; their errors."""
    name = functions.make(emulator.aws, "import os\ndef handler(e, c): os._exit(0)")
    answers = _run(emulator, name, range(count))
    emulator.aws.lambda_.delete_function(FunctionName=name)
    waiting.until(
        lambda: (use(emulator).folders == 0 or None, "folders left"),
        "all folders gone",
        timeout_s=20,
    )
    return collections.Counter(answer.payload["errorType"] for _, answer in answers)


def use(emulator: Emulator) -> Use:
    """What *emulator* holds now, with all that it has started."""
    family = processes.family(emulator.pid)
    process = psutil.Process(emulator.pid)
    mounts, namespaces = _of_the_kernel(family)
    folders = [
        path
        for path in Path(emulator.state_dir, "tmp").iterdir()
        if path.name.startswith(("lambda-tmp-", "lambda-root-"))
    ]
    return Use(
        rss_mb=process.memory_info().rss // MB,
        descriptors=sum(map(_descriptors, family)),
        threads=process.num_threads(),
        processes=len(family),
        zombies=sum(member.status() == psutil.STATUS_ZOMBIE for member in family),
        folders=len(folders),
        mounts=mounts,
        namespaces=namespaces,
    )


def _of_the_kernel(family: list[psutil.Process]) -> tuple[int, int]:
    """How many mounts and namespaces they have between them.

    A namespace that outlives its processes is held by a mount, or by a descriptor.
    """
    if sys.platform != "linux":
        return 0, 0
    namespaces: set[str] = set()
    mounts: dict[str, int] = {}
    for member in family:
        home = Path(f"/proc/{member.pid}")
        with contextlib.suppress(OSError):  # it has ended meanwhile
            namespaces |= {str(each.readlink()) for each in (home / "ns").iterdir()}
            lines = (home / "mountinfo").read_bytes().splitlines()
            mounts[str((home / "ns/mnt").readlink())] = len(lines)
    return sum(mounts.values()), len(namespaces)


def _descriptors(process: psutil.Process) -> int:
    """Sockets, pipes and namespaces; files come and go with the emulator's metrics store."""
    if sys.platform != "linux":
        return process.num_fds()
    count = 0
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{process.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                # "pid:[4026531836]" is a namespace, "anon_inode:[eventpoll]" is none.
                count += link.readlink().name.split(":")[0] in HELD
    return count


def _run(emulator: Emulator, name: str, numbers: range) -> list[tuple[int, Answer]]:
    def one(number: int) -> tuple[int, Answer]:
        return number, invoke(emulator.aws, name, {"n": number})

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, numbers))


def _outcome(number: int, answer: Answer) -> str:
    if answer.error is None:
        return "right" if answer.payload == number else f"wrong: {answer.payload}"
    message = answer.payload["errorMessage"]
    if message.endswith("signal: killed"):
        return "crash" if number % 100 == 13 else "unexpected crash"
    if "Task timed out after 1.00 seconds" in message:
        return "timeout" if number % 100 == 57 else "unexpected timeout"
    return f"unknown: {message}"
