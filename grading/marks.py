"""What a submission got: a mark for each criterion, and all of it as JSON."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any, Final

from grading.criteria import Criterion

SEEN_CHARACTERS: Final = 400


class Met(enum.StrEnum):
    """Whether a criterion is met."""

    YES = "met"
    NO = "not met"
    LATE = "too late"
    UNCLEAR = "unclear"


MEANT: Final = {
    Met.YES: "it does what is expected",
    Met.NO: "it does something else",
    Met.LATE: "the time for the whole submission was over first",
    Met.UNCLEAR: "nobody could look: the emulator or the criterion itself failed",
}


@dataclasses.dataclass(frozen=True)
class Mark:
    """What came of one criterion.

    Attributes:
        criterion: which.
        met: whether it is met.
        seen: what was seen, in a line.
        seconds: how long that took.
        hidden: whether the criterion is none that students see.
    """

    criterion: Criterion
    met: Met
    seen: str
    seconds: float = 0.0
    hidden: bool = False

    @property
    def points(self) -> int:
        """What it brings."""
        return self.criterion.points if self.met is Met.YES else 0

    @property
    def title(self) -> str:
        """What students may read of it."""
        return "A hidden test" if self.hidden else self.criterion.title


@dataclasses.dataclass(frozen=True)
class Grade:
    """What a submission got.

    Attributes:
        lab: the lab's number.
        title: the lab's.
        name: whose submission.
        marks: one for each criterion.
        problems: what is wrong with the files themselves.
        seconds: how long the grading took.
        altered: what the submission changed while it was graded; its points are gone with that.
    """

    lab: int
    title: str
    name: str
    marks: tuple[Mark, ...]
    problems: tuple[str, ...] = ()
    seconds: float = 0.0
    altered: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """What it got."""
        return 0 if self.altered else sum(mark.points for mark in self.marks)

    @property
    def most(self) -> int:
        """What there was to be had."""
        return sum(mark.criterion.points for mark in self.marks)

    @property
    def full(self) -> bool:
        """Whether that is all."""
        return self.points == self.most

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said beside the marks."""
        changed = tuple(
            f"{what} was changed while it was graded, by the submission itself: no points"
            for what in self.altered
        )
        return (*dict.fromkeys(self.problems), *dict.fromkeys(changed))

    def as_json(self) -> dict[str, Any]:
        """All of it, for machines; hidden criteria too."""
        return {
            "lab": self.lab,
            "title": self.title,
            "submission": self.name,
            "points": self.points,
            "of": self.most,
            "seconds": round(self.seconds, 3),
            "notes": list(self.notes),
            "problems": list(self.problems),
            "altered": list(self.altered),
            "criteria": [
                {
                    "id": mark.criterion.id,
                    "title": mark.criterion.title,
                    "points": 0 if self.altered else mark.points,
                    "of": mark.criterion.points,
                    "result": mark.met.value,
                    "expected": mark.criterion.expected,
                    "seen": mark.seen,
                    "hint": "" if mark.met is Met.YES else mark.criterion.hint,
                    "hidden": mark.hidden,
                    "seconds": round(mark.seconds, 3),
                }
                for mark in self.marks
            ],
        }


def in_a_line(text: str) -> str:
    """*text* that a submission may have made, as one line that may be printed; not too long."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    short = " ".join(plain.split())
    return short if len(short) <= SEEN_CHARACTERS else f"{short[: SEEN_CHARACTERS - 2]} …"
