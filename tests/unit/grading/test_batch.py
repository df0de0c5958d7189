from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from grading import batch
from grading.marks import Met
from grading.submission import SubmissionError
from tests.unit.grading.examples import ALTERED, GRADE, LAB


def test_submissions_are_the_folders(tmp_path: Path) -> None:
    """In order; files beside them, and hidden folders, are none."""
    for name in ("b", "a", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / "roster.csv").write_text("")
    assert ["a", "b"] == [each.name for each in batch.submissions(tmp_path)]


def test_a_folder_without_any_is_told(tmp_path: Path) -> None:
    """Rather than an empty table."""
    with pytest.raises(SubmissionError, match="has no folders"):
        batch.submissions(tmp_path)


def test_the_csv_has_a_column_for_each_criterion() -> None:
    """And nothing that a table program would run."""
    evil = dataclasses.replace(ALTERED, name='=HYPERLINK("http://x")')
    header, ann, eve = batch.as_csv(LAB, [GRADE, evil]).splitlines()
    assert "submission,points,of,seconds,good,bad,hidden,notes" == header
    assert "ann,3,9,1.5,3,0,0," == ann
    assert eve.startswith("\"'=HYPERLINK")
    assert ",0,9,0.0,0,0,0," in eve


def test_what_nobody_could_look_at_is_unclear() -> None:
    """No points, and why."""
    grade = batch.ungraded(LAB, "zoe", "no emulator")
    assert (0, 9, ("no emulator",)) == (grade.points, grade.most, grade.notes)
    assert {Met.UNCLEAR} == {mark.met for mark in grade.marks}
