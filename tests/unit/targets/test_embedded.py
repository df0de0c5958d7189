from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

import pytest
from rich.text import Text

from localstack_standalone.launcher import emulator
from localstack_standalone.launcher.record import Record
from targets import embedded
from testbed import settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def test_a_private_emulator_has_a_persons_settings_with_others_on_top(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """So that one can be compared with another; it ends with the block and with this process."""
    started: list[Mapping[str, str]] = []
    stopped: list[Path] = []

    def start(_: Path, __: None, installed: emulator.Installation, *, tied: bool) -> Record:
        assert tied
        started.append(installed.settings)
        return Record("embedded", 4566, {"pid": 1})

    monkeypatch.setattr(emulator, "start", start)
    monkeypatch.setattr(emulator, "stop", stopped.append)
    monkeypatch.setenv("TUNING", "all")
    monkeypatch.setenv("SERVICES", "sqs")
    with embedded.private(tmp_path, TUNING="off"):
        assert not stopped
    assert [{"TUNING": "off", "SERVICES": "sqs"}] == started
    assert [tmp_path] == stopped


def test_an_engine_has_its_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is started is its own, too; the usual one is meant where nobody says."""
    monkeypatch.delenv("ENGINE", raising=False)
    usual = embedded.installed()
    assert ("emulator", "localstack.runtime.main") == (usual.python.parts[-3], usual.module)
    assert usual == dataclasses.replace(embedded.installed(ENGINE="localstack"), settings={})
    monkeypatch.setenv("ENGINE", "localemu")
    other = embedded.installed()
    assert ("localemu", "localstack_standalone.localemu") == (other.python.parts[-3], other.module)
    assert {"ENGINE": "localemu"} == other.settings


def test_a_folder_is_named_as_it_is(tmp_path: Path) -> None:
    """Facts are markup: a path in them shows as it is, whatever markup would make of its name."""
    folder = tmp_path / "[red]bed"
    told = embedded.facts(folder, Record("embedded", 4566, {"pid": os.getpid()}))
    assert str(emulator.log_path(folder)) == Text.from_markup(told["log"]).plain


@pytest.mark.parametrize(
    ("given", "persists"),
    [
        ({}, True),
        ({"PERSIST": "1"}, True),
        ({"PERSIST": "off"}, False),
        ({"ENGINE": "localemu"}, False),
    ],
)
def test_state_is_kept_unless_that_is_off(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    given: dict[str, str],
    persists: bool,  # noqa: FBT001
) -> None:
    """By LocalStack itself; and never by what tests start for themselves."""
    monkeypatch.setattr(settings, "DOTENV", tmp_path / "none")
    for name in ("PERSIST", "ENGINE"):
        monkeypatch.setenv(name, given.get(name, ""))
    assert persists is embedded.persists()
    assert not embedded.installed().persist
