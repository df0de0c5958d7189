"""Processes of ours: ended with what they started, and tied by a pipe."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from localstack_standalone.launcher import process
from testbed import waiting

# Starts a process and does not look after it: so does whoever takes orphans, here or there.
CARELESS = """
import subprocess, sys
orphan = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE,
                          start_new_session=True)
print(orphan.pid, flush=True)
sys.stdin.read()
"""
FAMILY = "sleep 60 & echo $!; trap '' TERM; wait; sleep 60"


@pytest.fixture
def family(tmp_path: Path) -> Iterator[tuple[psutil.Process, psutil.Process]]:
    """A process that is deaf to a polite word, and its child."""
    with (tmp_path / "log").open("wb") as log:
        child = subprocess.Popen(["sh", "-c", FAMILY], stdout=log, start_new_session=True)
        process.hold(os.dup(log.fileno()), child.wait)
    pid = waiting.until(
        lambda: ((tmp_path / "log").read_text() or None, "nothing"), "a child", timeout_s=10
    )
    yield psutil.Process(child.pid), psutil.Process(int(pid))
    if child.poll() is None:
        process.end(psutil.Process(child.pid), politely=False)


def test_the_end_is_that_of_all(family: tuple[psutil.Process, psutil.Process]) -> None:
    """Politely, then not; nothing is left, not even to be reaped."""
    process.end(family[0])
    assert not psutil.pid_exists(family[0].pid)
    assert [] == psutil.wait_procs(family, timeout=10)[1]


def test_one_that_has_ended_is_not_waited_for() -> None:
    """A process that nobody has reaped yet runs no more; a fork for each test must be quick."""
    with subprocess.Popen(
        [sys.executable, "-c", CARELESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as careless:
        assert careless.stdout is not None
        orphan = psutil.Process(int(careless.stdout.readline()))
        started = time.monotonic()
        process.end(orphan, politely=False)
        assert time.monotonic() - started < process.KILL_TIMEOUT_S
        assert psutil.STATUS_ZOMBIE == orphan.status()
        careless.kill()


def test_one_is_found_by_its_birth(family: tuple[psutil.Process, psutil.Process]) -> None:
    """A process id alone is reused."""
    parent, child = family
    born = process.birth(parent.pid)
    assert parent == process.find(parent.pid, born)
    assert process.find(child.pid, "another boot/1") is None
    assert process.find(os.getpid(), born) is None
    with pytest.raises(psutil.NoSuchProcess):
        process.birth(2**22 - 1)


def test_one_is_found_after_the_clock_was_set(
    family: tuple[psutil.Process, psutil.Process], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux reckons the time of its boot, and so that of each process, from the clock."""
    parent = family[0]
    born = process.birth(parent.pid)
    (tmp_path / str(parent.pid)).symlink_to(f"/proc/{parent.pid}")
    stat = Path("/proc/stat").read_text()
    boot = int(stat.split("btime ")[1].split()[0])
    (tmp_path / "stat").write_text(stat.replace(f"btime {boot}", f"btime {boot + 3600}"))
    before = parent.create_time()
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path))
    assert 3600 == psutil.Process(parent.pid).create_time() - before
    assert parent.pid == getattr(process.find(parent.pid, born), "pid", None)


def test_one_of_an_earlier_record_is_found_by_its_time(
    family: tuple[psutil.Process, psutil.Process],
) -> None:
    """Epoch seconds, as records had them, and as other systems have them."""
    parent = family[0]
    assert parent == process.find(parent.pid, parent.create_time())
    assert process.find(parent.pid, parent.create_time() - 1000) is None
    assert process.find(2**22 - 1, 0.0) is None


def test_a_lifeline_is_held_until_the_end() -> None:
    """Then it is closed here too, and whoever reads it sees that."""
    lifeline, held = os.pipe()
    ended = threading.Event()
    process.hold(held, ended.wait)
    with os.fdopen(lifeline, "rb") as reader:
        assert [] == select.select([reader], [], [], 0)[0]
        ended.set()
        assert b"" == reader.read()
