"""Many submissions in a row: each in an emulator of its own, each with a time of its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grading import runner
from grading.marks import Grade, Mark, Met, in_a_line
from grading.submission import SubmissionError
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from grading.criteria import Lab
    from grading.emulators import Emulators

# What a table program would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

type OnGrade = Callable[[Grade], None]


def submissions(folder: Path) -> list[Path]:
    """The folders in *folder*, in order: one for each submission.

    Raises:
        SubmissionError: it is no folder, or there is none in it.
    """
    runner.opened(folder)
    found = sorted(
        path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
    )
    if not found:
        raise SubmissionError(
            f"FOLDER: {str(folder)!r} has no folders; it must have one for each submission"
        )
    return found


def grade_all(
    lab: Lab,
    folders: Sequence[Path],
    emulators: Emulators,
    *,
    limit_s: float,
    told: OnGrade = lambda _: None,
) -> list[Grade]:
    """The grade of each of *folders*; one that cannot be graded has none of the points.

    A submission may have the lab's files in itself, or in a folder named as the lab's.
    """
    grades = []
    for folder in folders:
        inner = folder / "labs" / lab.folder.name
        try:
            place = inner if inner.is_dir() else folder
            grade = runner.grade(lab, place, emulators, name=folder.name, limit_s=limit_s)
        except TestbedError as error:
            grade = ungraded(lab, folder.name, str(error))
        grades.append(grade)
        told(grade)
    return grades


def ungraded(lab: Lab, name: str, why: str) -> Grade:
    """The grade of a submission that nobody could look at."""
    words = in_a_line(why)
    marks = tuple(Mark(each, Met.UNCLEAR, words) for each in lab.criteria)
    return Grade(lab.number, lab.checks.title, name, marks, problems=(words,))


def as_csv(lab: Lab, grades: Sequence[Grade]) -> str:
    """A line for each submission, a column for each criterion."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(
        ["submission", "points", "of", "seconds", *(each.id for each in lab.criteria), "notes"]
    )
    for grade in grades:
        marks = [0 if grade.altered else mark.points for mark in grade.marks]
        row = [grade.points, grade.most, f"{grade.seconds:.1f}", *marks]
        writer.writerow([_plain(grade.name), *row, _plain(" | ".join(grade.notes))])
    return buffer.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
