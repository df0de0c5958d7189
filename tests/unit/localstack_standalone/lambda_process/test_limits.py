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
    ("machine", "container", "expected"),
    [
        ((2, 24_000), None, (4, 8, 183)),
        ((1, 512), None, (2, 4, 4)),
        ((2, 24_000), "4294967296\n", (4, 8, 28)),
        ((8, 4_096), "max\n", (16, 32, 28)),
        ((2, 4_096), "9223372036854771712\n", (4, 8, 28)),
    ],
    ids=["a machine", "never fewer than four", "a container", "one without limit", "version 1"],
)
def test_bounds_follow_the_machine(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    machine: tuple[int, int],
    container: str | None,
    expected: tuple[int, int, int],
) -> None:
    """Two starts and four at work for each core; an environment for each 128 MB, four at least."""
    monkeypatch.delenv(limits.SETTING, raising=False)
    cores, machine_mb = machine
    limit = tmp_path / "limit"
    if container is not None:
        limit.write_text(container, encoding="ascii")
    memory = SimpleNamespace(total=machine_mb * limits.MB)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    monkeypatch.setattr(limits, "MEMORY_LIMITS", [tmp_path / "missing", limit])
    found = limits.bounds()
    assert expected == (found.starting, found.at_work, found.environments)


def test_someone_may_say_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting goes before the machine's memory."""
    monkeypatch.setenv(limits.SETTING, "7")
    assert limits.bounds().environments == 7


@pytest.mark.parametrize("value", ["0x10", "-1", "many", "0"])
def test_a_bound_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """The message names the setting and the value."""
    monkeypatch.setenv(limits.SETTING, value)
    with pytest.raises(ValueError, match=f"{limits.SETTING}='{value}'"):
        limits.bounds()


def test_processor_time_is_counted() -> None:
    """A process that has computed has used some; one that is gone, and none, have not."""
    assert limits.cpu_s(os.getpid()) > 0
    assert (0.0, 0.0) == (limits.cpu_s(None), limits.cpu_s(2**22 - 1))


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
