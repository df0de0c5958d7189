from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import psutil
import pytest

from localstack_standalone.lambda_process import limits
from testbed import waiting


@pytest.mark.parametrize(
    ("cores", "memory_mb", "expected"),
    [(2, 24_000, 32), (8, 4_096, 16), (1, 512, 4), (64, 256_000, 1000)],
    ids=["by cores", "by memory", "never fewer than four", "a large machine"],
)
def test_concurrency_follows_the_machine(
    monkeypatch: pytest.MonkeyPatch, cores: int, memory_mb: int, expected: int
) -> None:
    """Sixteen workers a core, one for each 256 MB at most, four at least."""
    memory = SimpleNamespace(total=memory_mb * limits.MB)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    assert expected == limits.concurrency()


def test_a_process_that_is_gone_is_within_its_limit() -> None:
    """Looking at a worker that just ended is no error."""
    watch = limits.MemoryWatch(1)
    assert (True, True, 0) == (watch.look(None), watch.look(2**22 - 1), watch.peak_bytes)


def test_only_what_runs_is_alive() -> None:
    """Neither a process that ended and was not reaped yet, nor one that is gone."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    waiting.until(lambda: (not limits.is_alive(child.pid) or None, "alive"), "end", timeout_s=20)
    assert psutil.pid_exists(child.pid)
    child.wait()
    assert (True, False) == (limits.is_alive(os.getpid()), limits.is_alive(child.pid))


def test_the_peak_is_remembered() -> None:
    """The largest resident size that was seen counts, and tells whether it was too much."""
    watch = limits.MemoryWatch(limit_bytes=1)
    assert not watch.look(os.getpid())
    assert watch.peak_bytes > limits.MB
