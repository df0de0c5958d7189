from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from grading import batch
from grading.marks import Grade, Met
from grading.submission import SubmissionError
from tests.unit.grading.examples import ALTERED, GRADE, LAB

NOBODY: Any = None


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


@pytest.mark.parametrize("link", ["eve", "eve/labs", "eve/labs/7-example"])
def test_a_link_to_anothers_work_is_refused(link: str, tmp_path: Path) -> None:
    """Whoever unpacks submissions side by side would else grade one of them twice."""
    (tmp_path / "ann" / "labs" / "7-example").mkdir(parents=True)
    (tmp_path / link).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / link).symlink_to(tmp_path / link.replace("eve", "ann"))
    with pytest.raises(SubmissionError, match=f"^{link} is a link; hand in the folder itself$"):
        batch.place(LAB, tmp_path / "eve")
    (grade,) = batch.grade_all(LAB, [tmp_path / "eve"], NOBODY, limit_s=1)
    assert (0, Met.UNCLEAR) == (grade.points, grade.marks[0].met)


def test_a_submission_may_be_a_checkout(tmp_path: Path) -> None:
    """Or the lab's folder alone."""
    (tmp_path / "ann" / "labs" / "7-example").mkdir(parents=True)
    (tmp_path / "bob" / "labs").mkdir(parents=True)
    assert tmp_path / "ann" / "labs" / "7-example" == batch.place(LAB, tmp_path / "ann")
    assert tmp_path / "bob" == batch.place(LAB, tmp_path / "bob")


def test_what_is_known_is_not_graded_again(tmp_path: Path) -> None:
    """It is told all the same, and stands where it stood."""
    told: list[Grade] = []
    grades = batch.grade_all(
        LAB, [tmp_path], NOBODY, limit_s=1, told=told.append, known=lambda _: GRADE
    )
    assert [GRADE] == grades == told
