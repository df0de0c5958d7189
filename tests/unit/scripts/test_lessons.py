"""`make lessons`: what is sent, what is saved, and what is left as it is."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from client import journey
from client.journey import Journey, Setback, Station
from scripts import lessons
from scripts.lesson_states import LESSONS, Exercise, Lesson, ended
from testbed.errors import EmulatorError
from testbed.outputs import Outputs

WHERE: Any = SimpleNamespace(endpoint="http://127.0.0.1:1")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys that were sent; those without an image are refused."""
    keys: list[str] = []

    def send(_aws: object, _where: Outputs, job: journey.Job) -> Any:
        keys.append(job.key)
        code = None if job.image else Setback(station=Station.API, code="NOT_FOUND", cause="")
        return SimpleNamespace(setback=code)

    monkeypatch.setattr(journey, "send", send)
    return keys


def _lesson(name: str, *sent: tuple[str, bytes | None, str]) -> Lesson:
    return Lesson(
        name,
        name,
        tuple(
            Exercise(journey.Job(key=key, body=json.dumps({"key": key}), image=image), ends)
            for key, image, ends in sent
        ),
    )


ONE = _lesson("one", ("a", b"x", "a thumbnail"))
TWO = _lesson("two", ("b", None, "NOT_FOUND"))


def _make(missing: dict[str, Path], *which: Lesson) -> list[str]:
    saved: list[str] = []
    lessons.make(WHERE, which, missing, save=lambda _at, name, _file: saved.append(name))
    return saved


def test_each_state_has_those_before_it(sent: list[str]) -> None:
    """One testbed goes through all of them."""
    assert ["one", "two"] == _make({"one": Path("1"), "two": Path("2")}, ONE, TWO)
    assert ["a", "b"] == sent


def test_what_comes_before_is_sent_and_not_saved_again(sent: list[str]) -> None:
    """A later state needs it; the file that is there stays."""
    assert ["two"] == _make({"two": Path("2")}, ONE, TWO)
    assert ["a", "b"] == sent


def test_a_request_that_ends_otherwise_is_told(sent: list[str]) -> None:
    """A course that says what is not so is worse than none."""
    wrong = _lesson("wrong", ("b", None, "EMPTY_OBJECT"))
    with pytest.raises(EmulatorError, match=r"wrong is to begin with .*EMPTY_OBJECT, .* NOT_FOUND"):
        _make({"wrong": Path("1")}, wrong)


def test_what_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody may have saved a state under that name."""
    (tmp_path / "one.zip").touch()
    assert {"two": tmp_path / "two.zip"} == lessons.absent((ONE, TWO), tmp_path)
    assert "one is there already and stays" in capsys.readouterr().out


def test_every_sample_that_is_sent_is_there() -> None:
    """And no two sessions have one name."""
    jobs = [exercise.job for lesson in LESSONS for exercise in lesson.sent]
    assert [] == [job.key for job in jobs if isinstance(job.image, Path) and not job.image.exists()]
    assert ["lesson-1", "lesson-2", "lesson-3", "lesson-4"] == [one.name for one in LESSONS]


def test_how_it_ended_is_told_by_code() -> None:
    job = journey.Job(key="a", body="{}")
    assert "a thumbnail" == ended(Journey(job=job))
