from __future__ import annotations

import os
import subprocess
import sys

import psutil

from localstack_standalone.lambda_process.worker import usage
from testbed import waiting


def test_processor_time_is_counted() -> None:
    """A process that has computed has used some; one that is gone, and none, have not."""
    assert usage.cpu_s(os.getpid()) > 0
    assert (0.0, 0.0) == (usage.cpu_s(None), usage.cpu_s(2**22 - 1))


def test_a_process_that_is_gone_is_within_its_limit() -> None:
    """Looking at a worker that just ended is no error."""
    watch = usage.MemoryWatch(1)
    assert (True, True, 0) == (watch.look(None), watch.look(2**22 - 1), watch.peak_bytes)


def test_only_what_runs_is_alive() -> None:
    """Neither a process that ended and was not reaped yet, nor one that is gone."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    waiting.until(lambda: (not usage.is_alive(child.pid) or None, "alive"), "end", timeout_s=20)
    assert psutil.pid_exists(child.pid)
    child.wait()
    assert (True, False) == (usage.is_alive(os.getpid()), usage.is_alive(child.pid))


def test_the_peak_is_remembered() -> None:
    """The largest resident size that was seen counts, and tells whether it was too much."""
    watch = usage.MemoryWatch(limit_bytes=1)
    assert not watch.look(os.getpid())
    assert watch.peak_bytes > usage.MB
