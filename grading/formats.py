"""A grade as Gradescope and GitHub Classroom take it.

Gradescope: ``results.json`` (gradescope-autograders.readthedocs.io, "Autograder specifications").
GitHub Classroom: what its graders give its reporter in ``<RUNNER>_RESULTS``, in Base64
(github.com/classroom-resources/autograding-grading-reporter, and the graders beside it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grading.marks import Met

if TYPE_CHECKING:
    from grading.marks import Grade, Mark


def gradescope(grade: Grade) -> dict[str, Any]:
    """For ``/autograder/results/results.json``.

    Hidden criteria are told after the grades are published, and not before.
    """
    notes = [f"Lab {grade.lab}: {grade.title}", *grade.notes]
    return {
        "score": grade.points,
        "execution_time": round(grade.seconds, 3),
        "output": "\n".join(notes),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [
            {
                "name": mark.criterion.title,
                "number": str(number),
                "score": 0 if grade.altered else mark.points,
                "max_score": mark.criterion.points,
                "status": "passed" if mark.met is Met.YES and not grade.altered else "failed",
                "output": words(mark),
                "output_format": "text",
                "visibility": "after_published" if mark.hidden else "visible",
            }
            for number, mark in enumerate(grade.marks, 1)
        ],
    }


def classroom(grade: Grade) -> dict[str, Any]:
    """For the reporter, which wants it in Base64."""
    return {
        "version": 1,
        "status": "pass" if grade.full else "fail",
        "max_score": grade.most,
        "tests": [
            {
                "name": mark.title,
                "status": "pass" if mark.met is Met.YES and not grade.altered else "fail",
                "score": 0 if grade.altered else mark.points,
                "message": None if mark.met is Met.YES else _told(mark),
                "test_code": "",
                "filename": "",
                "line_no": 0,
                "execution_time": f"{mark.seconds:.3f}s",
            }
            for mark in grade.marks
        ],
    }


def words(mark: Mark) -> str:
    """What a student reads of one criterion."""
    lines = [f"expected: {mark.criterion.expected}", f"seen: {mark.seen}"]
    if mark.met is not Met.YES:
        lines.append(f"hint: {mark.criterion.hint}")
    return "\n".join(lines)


def _told(mark: Mark) -> str:
    return "not met" if mark.hidden else words(mark)
