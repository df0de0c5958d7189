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
    """COUNT cold starts leave no process, no zombie, no descriptor and no folder."""
    aws = private_emulator.aws
    name = functions.make(aws, "import os\ndef handler(e, c): os._exit(0)")
    _run(private_emulator, name, range(50))
    before = use(private_emulator)
    answers = _run(private_emulator, name, range(COUNT))
    after = use(private_emulator)
    assert {"Runtime.ExitError"} == {answer.payload["errorType"] for _, answer in answers}
    assert (0, before.folders) == (after.zombies, after.folders)
    assert after.descriptors <= before.descriptors + 16
    assert after.threads <= before.threads + 8
    aws.lambda_.delete_function(FunctionName=name)
    waiting.until(
        lambda: (use(private_emulator).folders == 0 or None, "folders left"),
        "all folders gone",
        timeout_s=20,
    )


def use(emulator: Emulator) -> Use:
    """What *emulator* holds now."""
    family = processes.family(emulator.pid)
    process = psutil.Process(emulator.pid)
    folders = [
        path
        for path in Path(emulator.state_dir, "tmp").iterdir()
        if path.name.startswith(("lambda-tmp-", "lambda-root-"))
    ]
    return Use(
        rss_mb=process.memory_info().rss // MB,
        descriptors=_descriptors(process),
        threads=process.num_threads(),
        processes=len(family),
        zombies=sum(member.status() == psutil.STATUS_ZOMBIE for member in family),
        folders=len(folders),
    )


def _descriptors(process: psutil.Process) -> int:
    """Sockets and pipes; files come and go with the collector of the emulator's metrics store."""
    if sys.platform != "linux":
        return process.num_fds()
    count = 0
    for link in Path(f"/proc/{process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            count += link.readlink().name.startswith(("socket:", "pipe:"))
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
