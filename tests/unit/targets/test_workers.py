from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator

import psutil
import pytest

from targets import workers


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    """A process that waits to be killed."""
    program = "import signal; signal.pause()"
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        yield process
        process.kill()


def test_a_worker_is_killed_and_counted(victim: subprocess.Popen[bytes]) -> None:
    """As long as the block runs, one after the other."""
    with workers.Killer(1, seed=1, workers=lambda _pid: [psutil.Process(victim.pid)]) as killer:
        assert 0 != victim.wait(timeout=20)
    assert 0 < killer.kills


def test_no_more_are_killed_than_may_be(victim: subprocess.Popen[bytes]) -> None:
    """Until that many more may be."""
    looked = threading.Event()

    def find(_pid: int) -> list[psutil.Process]:
        looked.set()
        return [psutil.Process(victim.pid)]

    killer = workers.Killer(1, seed=1, workers=find)
    killer.most = 0
    with killer:
        assert not looked.wait(timeout=2 * max(workers.PAUSE_S))
        killer.most = 1
        assert 0 != victim.wait(timeout=20)
    assert 1 == killer.kills


def test_a_worker_that_ended_by_itself_is_no_kill(victim: subprocess.Popen[bytes]) -> None:
    """Between finding and killing it may go."""
    gone, looked = psutil.Process(victim.pid), threading.Event()
    victim.kill()
    victim.wait(timeout=20)

    def find(_pid: int) -> list[psutil.Process]:
        looked.set()
        return [gone]

    with workers.Killer(1, seed=1, workers=find) as killer:
        assert looked.wait(timeout=20)
    assert 0 == killer.kills


def test_an_emulator_that_is_gone_has_no_workers(victim: subprocess.Popen[bytes]) -> None:
    """Nor has a process that has no zygote."""
    assert [] == workers.find(victim.pid)
    victim.kill()
    victim.wait(timeout=20)
    assert [] == workers.find(victim.pid)
