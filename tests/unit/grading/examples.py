"""A lab and grades of it, with text in them that tries to be more than text."""

from __future__ import annotations

from pathlib import Path

from grading.criteria import Checks, Criterion, Lab
from grading.marks import Grade, Mark, Met

EVIL = "<script>alert('x')</script>"


def criterion(name: str, points: int) -> Criterion:
    return Criterion(
        name, f"It is {name}", points, f"{name} seen", f"Look at {name}.", lambda _: ""
    )


GOOD, BAD, HIDDEN = criterion("good", 3), criterion("bad", 2), criterion("hidden", 4)
LAB = Lab(7, Path("7-example"), Checks("An example", 30, ("a.json",), (GOOD, BAD)), (HIDDEN,))
MARKS = (
    Mark(GOOD, Met.YES, "good seen", 0.5),
    Mark(BAD, Met.NO, EVIL, 0.25),
    Mark(HIDDEN, Met.NO, "a secret", 0.1, hidden=True),
)
GRADE = Grade(7, "An example", "ann", MARKS, seconds=1.5)
ALTERED = Grade(7, "An example", "eve", MARKS, altered=("the function",))
FULL = Grade(7, "An example", "bob", MARKS[:1])
