from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import pytest

from bench import emulators, targets
from bench.emulators import Emulator, Life
from bench.load import Entry, LoadClient
from bench.measurements import Measurements
from infra import package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from testbed.aws import Aws


class FakeClient(LoadClient):
    """Takes no time."""

    def execute(self) -> float:
        return 0.5

    def many(self, count: int, clients: int) -> float:  # noqa: ARG002 - the real one's
        return count / 40


@pytest.fixture
def lives(monkeypatch: pytest.MonkeyPatch, aws: Aws) -> list[str]:
    """The folders of the lives that were begun; nothing is really started."""
    begun: list[str] = []

    @contextlib.contextmanager
    def life(target: Emulator, folder: Path, _code: object) -> Iterator[Life]:
        begun.append(folder.name)
        client = FakeClient(Entry("http://e", "arn:m", None, os.getpid()), "a.png")
        yield Life(target, client, aws, 1.0 if target == "embedded" else 2.0, 3.0, 100.0)

    monkeypatch.setattr(emulators, "life", life)
    monkeypatch.setattr(package, "build", lambda *_, **__: None)
    monkeypatch.setattr(targets, "_image_mb", lambda: 500.0)
    return begun


def test_targets_take_turns(lives: list[str], tmp_path: Path) -> None:
    """Each life in a folder of its own, and all of it is measured of both."""
    measured = Measurements()
    targets.measure(2, measured, tmp_path, lambda _: None)
    assert ["embedded-0", "docker-0", "embedded-1", "docker-1"] == lives
    assert measured.measured("embedded") == measured.measured("docker")
    assert 2.0 == measured.ratio("ready, s", "docker", "embedded")
    assert 40.0 == measured.median("docker", "executions/s, 8 clients")
    assert 0.5 == measured.median("docker", "warm execution, s")
    assert measured.median("embedded", "memory, MB") > 0
