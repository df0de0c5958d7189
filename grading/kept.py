"""Grades that are kept while a class is graded, so that a run that was broken off can go on.

A grade counts again as long as nothing of what it was made from has changed: the lab's checks, the
hidden ones, the time that was given, and the files that were handed in.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from grading.marks import Grade, Mark, Met
from grading.submission import Submission, SubmissionError
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grading.criteria import Lab

KEY: Final = "made_from"


def made_from(lab: Lab, folder: Path, *, limit_s: float) -> str:
    """A digest of all that decides the grade of *folder*."""
    digest = hashlib.sha256(f"{lab.number} {limit_s}".encode())
    for criterion in lab.criteria:
        digest.update(f"\n{criterion.id} {criterion.points}\n".encode())
    for file in sorted({_file(each.probe) for each in lab.criteria}):
        digest.update(_content(Path(file)))
    submission = Submission(folder)
    for name in lab.checks.files:
        digest.update(f"\n{name}\n".encode() + _handed_in(submission, name))
    return digest.hexdigest()


def as_json(grades: Iterable[tuple[Grade, str]]) -> str:
    """Each grade with what it was made from, for machines, and for `read`."""
    told = [each.as_json() | {KEY: source} for each, source in grades]
    return json.dumps(told, indent=2)


def read(text: str, lab: Lab) -> dict[str, tuple[str, Grade]]:
    """The grades in *text*, by submission, each with what it was made from.

    Those that are of other criteria, or unclear, are none that could be kept.

    Raises:
        TestbedError: *text* is not what `as_json` gives.
    """
    try:
        told = [(str(each[KEY]), _grade(each, lab)) for each in json.loads(text)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TestbedError(
            f"grades.json has no grades that could be gone on with ({type(error).__name__}: "
            f"{error}); without RESUME=1 all are graded anew"
        ) from error
    return {grade.name: (source, grade) for source, grade in told if grade is not None}


def _grade(told: Mapping[str, Any], lab: Lab) -> Grade | None:
    known = {each.id: each for each in lab.criteria}
    marks = told["criteria"]
    if [each["id"] for each in marks] != list(known):
        return None
    made = tuple(
        Mark(known[each["id"]], Met(each["result"]), each["seen"], each["seconds"], each["hidden"])
        for each in marks
    )
    if any(mark.met is Met.UNCLEAR for mark in made):
        return None
    return Grade(
        told["lab"],
        told["title"],
        told["submission"],
        made,
        tuple(told["problems"]),
        told["seconds"],
        tuple(told["altered"]),
    )


def _file(probe: object) -> str:
    """Where *probe* is written, a function or a part of one."""
    return inspect.getfile(inspect.unwrap(getattr(probe, "func", probe)))  # type: ignore[arg-type]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _handed_in(submission: Submission, name: str) -> bytes:
    try:
        return submission.zipped(name) if name.endswith("/") else submission.text(name).encode()
    except SubmissionError as error:
        return f"no file: {error}".encode()
