"""Many executions of an emulator that keeps all: what it holds is bounded, on disk too.

COUNT says how many: ten times as many. The oldest are forgotten, as AWS forgets them after 90 days;
here by number, so that a soak gets there.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from testbed import settings, waiting
from tests.support.functions import ROLE
from tests.support.kept import KeptEmulator, kept_emulator

COUNT = 10 * int(settings.value(os.environ, "COUNT", "1000"))
KEPT = 200
CLIENTS = 8
THREADS = 40  # more than the gateway's and the emulator's own are executions' that did not end
MB = 1024 * 1024
DEFINITION = {
    "StartAt": "Mark",
    "States": {
        "Mark": {"Type": "Pass", "Result": "x" * 2_000, "ResultPath": "$.mark", "Next": "Again"},
        "Again": {"Type": "Pass", "End": True},
    },
}

pytestmark = pytest.mark.timeout(1800)


def test_many_executions(tmp_path: Path) -> None:
    with kept_emulator(tmp_path, STANDALONE_KEPT_EXECUTIONS=str(KEPT)) as kept:
        machine = kept.aws.stepfunctions.create_state_machine(
            name="many", definition=json.dumps(DEFINITION), roleArn=ROLE
        )["stateMachineArn"]
        run(kept, machine, COUNT // 2)
        before, disk_before = use(kept)
        run(kept, machine, COUNT - COUNT // 2)
        after, disk_after = use(kept)
        print(f"{COUNT} executions: {before}, {disk_before:.1f} MB → {after}, {disk_after:.1f} MB")
        assert after["descriptors"] <= before["descriptors"] + 10
        assert after["rss_mb"] <= before["rss_mb"] * 1.2 + 10
        assert disk_after <= disk_before * 1.2 + 5

        kept.restart()
        listed = kept.aws.stepfunctions.list_executions(stateMachineArn=machine, maxResults=1000)
        assert KEPT <= len(listed["executions"]) <= KEPT + 100


def run(kept: KeptEmulator, machine: str, count: int) -> None:
    """Start so many, and return when none is running, and nothing of them is left."""

    def start(_number: int) -> None:
        kept.aws.stepfunctions.start_execution(stateMachineArn=machine, input="{}")

    def probe() -> tuple[bool | None, str]:
        running = kept.aws.stepfunctions.list_executions(
            stateMachineArn=machine, statusFilter="RUNNING"
        )["executions"]
        return (not running) or None, f"{len(running)} running"

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(start, range(count)))
    waiting.until(probe, "the end of all", timeout_s=60)
    assert kept.record is not None
    process = psutil.Process(kept.record.pid)

    def threads() -> tuple[bool | None, str]:
        count = process.num_threads()
        return count <= THREADS or None, f"{count} threads"

    waiting.until(threads, "the end of their threads", timeout_s=30)


def use(kept: KeptEmulator) -> tuple[dict[str, int], float]:
    """What the emulator holds, and how much is on disk, in MB."""
    assert kept.record is not None
    process = psutil.Process(kept.record.pid)
    held = {"rss_mb": process.memory_info().rss // MB, "descriptors": process.num_fds()}
    return held, sum(file.stat().st_size for file in kept.folder.iterdir()) / MB
