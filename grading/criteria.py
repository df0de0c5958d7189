"""A criterion: something that a submission does, what it is worth, and how to see it.

A lab's ``checks.py`` declares these; see ``labs/README.md``.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from grading.attempt import GradedAttempt

SHOWN_CHARACTERS: Final = 200


class NotMetError(Exception):
    """A criterion is not met; the message says what was seen."""


@dataclasses.dataclass(frozen=True)
class Criterion:
    """Something that a submission does.

    Attributes:
        id: short, for tables and files; once in a lab.
        title: what is wanted, in a sentence.
        points: what it is worth.
        expected: what is seen where it is met.
        hint: where to look, without the answer.
        probe: looks; gives what was seen, and raises NotMetError where that is something else.
    """

    id: str
    title: str
    points: int
    expected: str
    hint: str
    probe: Callable[[GradedAttempt], str] = dataclasses.field(compare=False)


@dataclasses.dataclass(frozen=True)
class Checks:
    """What a lab's ``checks.py`` declares as ``LAB``.

    Attributes:
        title: the lab's.
        minutes: how long it takes.
        files: what is handed in, by names below the lab's folder; a folder ends with a slash.
        criteria: what is looked for, in the order in which it is told.
        enforce: whether policies count in the emulator, as on AWS.
    """

    title: str
    minutes: int
    files: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    enforce: bool = False


@dataclasses.dataclass(frozen=True)
class Lab:
    """A lab as it is graded.

    Attributes:
        number: what LAB= names it by.
        folder: with its README, its starting point and its checks.
        checks: what those declare.
        hidden: criteria of the teacher's that students do not have.
    """

    number: int
    folder: Path
    checks: Checks
    hidden: tuple[Criterion, ...] = ()

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All: those that students see, then the hidden ones."""
        return (*self.checks.criteria, *self.hidden)

    @property
    def points(self) -> int:
        """What there is to be had."""
        return sum(each.points for each in self.criteria)


def same(what: str, wanted: object, seen: object) -> str:
    """What was seen, where it is what was *wanted*.

    Raises:
        NotMetError: it is something else.
    """
    return holds(f"{what}: {shown(seen)}", wanted == seen and type(wanted) is type(seen))


def holds(seen: str, met: object) -> str:
    """What was *seen*, where that is enough.

    Raises:
        NotMetError: it is not.
    """
    if met is not True:
        raise NotMetError(seen)
    return seen


def shown(value: object) -> str:
    """*value* as JSON where it can be that, not too long."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 2]} …"


def member(found: Any, *path: str | int) -> Any:
    """What is at *path* in *found*, or None: whatever a submission made may be of any form."""
    for step in path:
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError):
            return None
    return found
