"""`make load`: what is there before is saved, and goes again where nothing was changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from localstack_standalone.launcher.record import Record
from scripts import load
from targets import choose, kept_state
from targets.base import Running
from targets.kept_state import KeptReport, UnreadState
from testbed import settings
from testbed.errors import EmulatorError

RECORD = Record("embedded", 4701, {"pid": 1, "created": 0.0})
UP = Running("embedded", RECORD.endpoint, RECORD)


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done with a testbed that is up."""
    told: list[str] = []

    def save(_endpoint: str, name: str, target: Path) -> None:
        told.append(f"save {name.rpartition('-')[0]}")
        target.touch()

    def start(_again: settings.Settings) -> Running:
        told.append("start")
        return UP

    monkeypatch.setattr(settings, "DOTENV", tmp_path / "none")
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    monkeypatch.setenv("NAME", "lesson-1")
    monkeypatch.setenv("TESTBED_GIVEN", "NAME")
    monkeypatch.delenv("FILE", raising=False)
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "lesson-1.zip").touch()
    monkeypatch.setattr(choose, "find", lambda _state_dir: UP)
    monkeypatch.setattr(choose, "down", lambda _state_dir: told.append("down"))
    monkeypatch.setattr(choose, "start", start)
    monkeypatch.setattr(kept_state, "save", save)
    monkeypatch.setattr(
        kept_state, "load", lambda _endpoint, file: told.append(f"load {file.stem}")
    )
    monkeypatch.setattr(kept_state, "fetch", lambda _endpoint: None)
    monkeypatch.setattr(load, "fill", lambda _started, _again: told.append("fill"))
    return told


def test_what_is_there_is_saved_first(done: list[str]) -> None:
    load.main()
    assert ["save before-load", "load lesson-1", "down", "start", "fill"] == done


def test_what_is_refused_changes_nothing(
    done: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_endpoint: str, _file: Path) -> None:
        raise EmulatorError("no snapshot")

    monkeypatch.setattr(kept_state, "load", refuse)
    with pytest.raises(EmulatorError, match="no snapshot"):
        load.main()
    assert ["save before-load"] == done
    assert ["lesson-1.zip"] == [path.name for path in (tmp_path / "snapshots").iterdir()]


def test_records_that_could_not_be_read_are_told(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unread = KeptReport("/x", "", 0, {}, (UnreadState("/x/aside", "damaged", now=True),))
    monkeypatch.setattr(kept_state, "fetch", lambda _endpoint: unread)
    with pytest.raises(EmulatorError, match="make load NAME=before-load-"):
        load.main()
    assert "fill" == done[-1]


def test_one_that_is_not_there(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "lesson-2")
    with pytest.raises(EmulatorError, match="make snapshots"):
        load.main()
    assert [] == done
