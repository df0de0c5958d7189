from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from grading import kept
from grading.marks import Mark, Met
from testbed.errors import TestbedError
from tests.unit.grading.examples import ALTERED, GRADE, LAB, MARKS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.json").write_text("{}")
    return tmp_path


def test_what_is_kept_is_what_was_graded() -> None:
    """Every mark, note and time; points that are gone stay gone."""
    found = kept.read(kept.as_json([(GRADE, "1"), (ALTERED, "2")]), LAB)
    assert {"ann": ("1", GRADE), "eve": ("2", ALTERED)} == found
    assert 0 == found["eve"][1].points


def test_what_was_unclear_is_not_kept() -> None:
    """It was this machine's fault: it is graded again."""
    unclear = dataclasses.replace(GRADE, marks=(Mark(MARKS[0].criterion, Met.UNCLEAR, ""),))
    assert {} == kept.read(kept.as_json([(unclear, "1")]), LAB)


def test_what_was_graded_by_other_criteria_is_not_kept() -> None:
    """A hidden test that is new is asked of everybody."""
    without = dataclasses.replace(LAB, hidden=())
    assert {} == kept.read(kept.as_json([(GRADE, "1")]), without)


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}x", '[{"made_from": "1"}]'])
def test_a_file_that_is_none_of_ours_is_told(text: str) -> None:
    """With what to do."""
    with pytest.raises(TestbedError, match="without RESUME=1 all are graded anew"):
        kept.read(text, LAB)


def test_a_grade_counts_while_nothing_of_it_has_changed(folder: Path) -> None:
    """Files that are handed in, the time, and the points; not what lies beside it."""
    before = kept.made_from(LAB, folder, limit_s=60)
    (folder / "notes.txt").write_text("mine")
    assert before == kept.made_from(LAB, folder, limit_s=60)
    assert before != kept.made_from(LAB, folder, limit_s=61)
    assert before != kept.made_from(dataclasses.replace(LAB, hidden=()), folder, limit_s=60)
    (folder / "a.json").write_text("[]")
    assert before != kept.made_from(LAB, folder, limit_s=60)


def test_a_file_that_is_missing_is_a_change(folder: Path) -> None:
    """And no error here: its grade says it."""
    before = kept.made_from(LAB, folder, limit_s=60)
    (folder / "a.json").unlink()
    assert before != kept.made_from(LAB, folder, limit_s=60)


def test_the_checks_themselves_count(folder: Path, tmp_path: Path) -> None:
    """Who mends a check has all graded by it."""
    before = kept.made_from(LAB, folder, limit_s=60)
    names: dict[str, object] = {}
    exec(compile("def probe(_): return ''", str(tmp_path / "checks.py"), "exec"), names)  # noqa: S102
    first = LAB.checks.criteria[0]
    other = dataclasses.replace(first, probe=names["probe"])  # type: ignore[arg-type]
    (tmp_path / "checks.py").write_text("one")
    checks = dataclasses.replace(LAB.checks, criteria=(other, *LAB.checks.criteria[1:]))
    lab = dataclasses.replace(LAB, checks=checks)
    written = kept.made_from(lab, folder, limit_s=60)
    assert before != written
    (tmp_path / "checks.py").write_text("two")
    assert written != kept.made_from(lab, folder, limit_s=60)


def test_it_is_json_for_others_too() -> None:
    """As `make grade JSON=1` has it, and what it was made from."""
    (told,) = json.loads(kept.as_json([(GRADE, "1")]))
    assert GRADE.as_json() | {"made_from": "1"} == told
