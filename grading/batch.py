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
type Known = Callable[[Path], Grade | None]


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
    known: Known = lambda _: None,
) -> list[Grade]:
    """The grade of each of *folders*; one that cannot be graded has none of the points.

    Args:
        lab: for which lab.
        folders: of the submissions.
        emulators: where they are graded.
        limit_s: how long one may take.
        told: gets each grade as soon as it is made.
        known: gives the grade of a folder that need not be graded again.
    """
    grades = []
    for folder in folders:
        if (grade := known(folder)) is None:
            try:
                where = place(lab, folder)
                grade = runner.grade(lab, where, emulators, name=folder.name, limit_s=limit_s)
            except TestbedError as error:
                grade = ungraded(lab, folder.name, str(error))
        grades.append(grade)
        told(grade)
    return grades


def place(lab: Lab, folder: Path) -> Path:
    """Where in *folder* the lab's files are: in itself, or in a folder named as the lab's.

    Raises:
        SubmissionError: that is a link, which may lead to what somebody else has handed in.
    """
    inner = folder / "labs" / lab.folder.name
    for each in (folder, inner.parent, inner):
        if each.is_symlink():
            raise SubmissionError(
                f"{each.relative_to(folder.parent)} is a link; hand in the folder itself"
            )
    return inner if inner.is_dir() else folder


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
