from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from localstack_standalone.lambda_process import limits
from testbed import waiting


@pytest.mark.parametrize(
    ("cores", "machine_mb", "container", "expected"),
    [
        (2, 24_000, None, (2, 8, 91)),
        (1, 512, None, (1, 4, 4)),
        (2, 24_000, "4294967296\n", (2, 8, 14)),
        (8, 4_096, "max\n", (8, 32, 14)),
        (2, 4_096, "9223372036854771712\n", (2, 8, 14)),
    ],
    ids=["a machine", "never fewer than four", "a container", "one without limit", "version 1"],
)
def test_the_capacity_follows_the_machine(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    cores: int,
    machine_mb: int,
    container: str | None,
    expected: tuple[int, int, int],
) -> None:
    """One start and four at work for each core; an environment for each 256 MB, four at least."""
    limit = tmp_path / "limit"
    if container is not None:
        limit.write_text(container, encoding="ascii")
    memory = SimpleNamespace(total=machine_mb * limits.MB)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    monkeypatch.setattr(limits, "MEMORY_LIMITS", [tmp_path / "missing", limit])
    found = limits.capacity()
    assert expected == (found.starts, found.busy, found.environments)


def test_processor_time_is_a_share() -> None:
    """Between nothing and all of it, however short the time."""
    meter = limits.ProcessorTime()
    assert 0 <= meter.busy_share() <= 1
    assert 0 <= meter.busy_share() <= 1


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
