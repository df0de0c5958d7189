from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from localstack_standalone.lambda_process.engine import bounds


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
    monkeypatch.delenv(bounds.SETTING, raising=False)
    cores, machine_mb = machine
    limit = tmp_path / "limit"
    if container is not None:
        limit.write_text(container, encoding="ascii")
    memory = SimpleNamespace(total=machine_mb * 1024 * 1024)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    monkeypatch.setattr(bounds, "MEMORY_LIMITS", [tmp_path / "missing", limit])
    found = bounds.of_machine()
    assert expected == (found.starting, found.at_work, found.environments)


def test_someone_may_say_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting goes before the machine's memory."""
    monkeypatch.setenv(bounds.SETTING, "7")
    assert bounds.of_machine().environments == 7


@pytest.mark.parametrize("value", ["0x10", "-1", "many", "0"])
def test_a_bound_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """The message names the setting and the value."""
    monkeypatch.setenv(bounds.SETTING, value)
    with pytest.raises(ValueError, match=f"{bounds.SETTING}='{value}'"):
        bounds.of_machine()
