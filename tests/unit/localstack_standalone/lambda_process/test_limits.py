from __future__ import annotations

import os
from types import SimpleNamespace

import psutil
import pytest

from localstack_standalone.lambda_process import limits


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


def test_the_peak_is_remembered() -> None:
    """The largest resident size that was seen counts, and tells whether it was too much."""
    watch = limits.MemoryWatch(limit_bytes=1)
    assert not watch.look(os.getpid())
    assert watch.peak_bytes > limits.MB
