"""Zygotes: one life each, and answers that find their question."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from localstack_standalone.lambda_process.zygote import process as module
from localstack_standalone.lambda_process.zygote.process import (
    Exit,
    RunningWorker,
    WorkerSpec,
    ZygoteError,
)
from localstack_standalone.lambda_process.zygote.sandboxes import Confinement
from localstack_standalone.lambda_process.zygote.zygotes import Zygote
from testbed import waiting
from tests.unit.localstack_standalone.lambda_process.conftest import PYTHON


@pytest.fixture
def own_zygote() -> Iterator[Zygote]:
    """One that a test may break."""
    made = Zygote(str(PYTHON))
    yield made
    made.stop()


class Started:
    """A worker that sleeps, and how it ended."""

    def __init__(self, zygote: Zygote, folder: Path) -> None:
        self.exits: queue.Queue[Exit] = queue.Queue()
        # The runtime client is never reached: what runs before it sleeps.
        spec = WorkerSpec(
            environment={},
            task_root="/",
            path=[],
            handler="app.handler",
            tmp=str(folder),
            tmp_mb=512,
            preload="import time; time.sleep(60)",
        )
        with open(os.devnull, "wb") as output:  # noqa: PTH123 - a descriptor
            self.running: RunningWorker = zygote.start_worker(spec, output.fileno(), self.exits.put)

    def ended(self) -> Exit:
        return self.exits.get(timeout=20)


def process_of(started: Started) -> psutil.Process:
    """The zygote's process: the worker's parent."""
    return psutil.Process(psutil.Process(started.running.pid).ppid())


def test_an_end_is_told_to_whom_it_concerns(own_zygote: Zygote, tmp_path: Path) -> None:
    """By the process that it was, and once."""
    one, other = Started(own_zygote, tmp_path), Started(own_zygote, tmp_path)
    one.running.kill()
    assert signal.SIGKILL == one.ended().status
    assert other.exits.empty()
    other.running.kill()
    other.ended()


def test_a_zygote_that_died_takes_its_own_workers_alone(own_zygote: Zygote, tmp_path: Path) -> None:
    """Those of the next one, started at once, are alive and are told so."""
    before = Started(own_zygote, tmp_path)
    dead = process_of(before)
    dead.kill()
    dead.wait(timeout=10)
    after = Started(own_zygote, tmp_path)
    assert signal.SIGKILL == before.ended().status
    assert psutil.Process(after.running.pid).is_running()
    assert after.exits.empty()
    after.running.kill()
    after.ended()


def test_a_late_answer_is_not_given_to_the_next_question(
    own_zygote: Zygote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker that nobody waits for any more is killed; the next has its own process."""
    first = Started(own_zygote, tmp_path)
    stopped = process_of(first)
    stopped.suspend()
    monkeypatch.setattr(module, "START_TIMEOUT_S", 0.2)
    with pytest.raises(ZygoteError, match="did not answer"):
        Started(own_zygote, tmp_path)
    monkeypatch.undo()
    stopped.resume()
    own = Started(own_zygote, tmp_path)
    waiting.until(
        lambda: (
            {child.pid for child in stopped.children()} == {first.running.pid, own.running.pid}
            or None,
            str(stopped.children()),
        ),
        "no worker but those that are known",
        timeout_s=20,
    )
    own.running.kill()
    assert signal.SIGKILL == own.ended().status
    first.running.kill()


def test_a_question_that_is_open_when_the_zygote_dies_is_answered(
    own_zygote: Zygote, tmp_path: Path
) -> None:
    """By the one that is started in its place: nobody has seen anything of the worker yet."""
    first = Started(own_zygote, tmp_path)
    stopped = process_of(first)
    first.running.kill()
    stopped.suspend()
    waiting.until(
        lambda: (stopped.status() == psutil.STATUS_STOPPED or None, stopped.status()),
        "the process's stop",
        timeout_s=10,
    )
    threading.Timer(0.2, stopped.kill).start()
    second = Started(own_zygote, tmp_path)
    assert first.running.zygote is not second.running.zygote
    second.running.kill()
    second.ended()


def test_a_python_that_ends_again_and_again_is_an_error(tmp_path: Path) -> None:
    """At once, and not after the time-out."""
    with pytest.raises(ZygoteError, match="ended"):
        Started(Zygote("/bin/true"), tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has namespaces")
def test_a_folder_that_is_removed_first_ends_nobody(tmp_path: Path) -> None:
    """Whose environment has ended has it removed at once, and its mount with it, or before it."""
    zygote = Zygote(str(PYTHON), lambda: Confinement(sandboxed=True))
    try:
        one, other = tmp_path / "one", tmp_path / "other"
        one.mkdir()
        other.mkdir()
        first = Started(zygote, one)
        first.running.kill()
        assert signal.SIGKILL == first.ended().status
        one.rmdir()
        zygote.release(str(one))
        second = Started(zygote, other)
        assert first.running.zygote is second.running.zygote
        second.running.kill()
        second.ended()
    finally:
        zygote.stop()


def test_a_python_that_is_not_there_is_named(tmp_path: Path) -> None:
    """No worker, and an error that says which program."""
    with pytest.raises(ZygoteError, match="/no/such/python"):
        Started(Zygote("/no/such/python"), tmp_path)
