"""What one JSON value has that another has not, as lines: kept, added, removed, changed.

Objects are compared by their names, lists by their places.
"""

from __future__ import annotations

import dataclasses
import enum
import itertools
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING: Final = object()
"""No value at all, which null is."""
MOST_LINES: Final = 400
# Of lines that are the same so many stay before and behind a change.
_AROUND: Final = 3
_SHORT_CHARACTERS: Final = 40


class LineMark(enum.StrEnum):
    """What became of a line; its symbol is seen by who sees no colours."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def symbol(self) -> str:
        """In one character."""
        return {"kept": " ", "added": "+", "removed": "-", "changed": "~"}[self]


@dataclasses.dataclass(frozen=True)
class MarkedLine:
    """A line of JSON, without the comma behind it.

    Attributes:
        mark: what became of it.
        depth: how many objects and lists are around it.
        text: what it says.
    """

    mark: LineMark
    depth: int
    text: str


def lines(before: Any, after: Any) -> list[MarkedLine]:
    """*after*, and what *before* had beside.

    What is the same is told whole where nothing else is, else around what changed.
    """
    found = list(_compared("", before, after, 0))
    if any(line.mark is not LineMark.KEPT for line in found):
        found = list(_shortened(found))
    return found


def cut(found: list[MarkedLine]) -> list[MarkedLine]:
    """The first MOST_LINES of *found*, and one that tells of the rest."""
    more = len(found) - MOST_LINES
    if more <= 0:
        return found
    return [*found[:MOST_LINES], MarkedLine(LineMark.KEPT, 0, f"… {more:,} lines more")]


def _shortened(found: list[MarkedLine]) -> Iterator[MarkedLine]:
    """*found* without what is far from any change."""
    for mark, group in itertools.groupby(found, key=lambda line: line.mark):
        run = list(group)
        left_out = run[_AROUND:-_AROUND]
        if mark is not LineMark.KEPT or len(left_out) < _AROUND:
            yield from run
        else:
            yield from run[:_AROUND]
            words = f"… {len(left_out):,} lines the same"
            yield MarkedLine(LineMark.KEPT, left_out[0].depth, words)
            yield from run[-_AROUND:]


def differ(one: Any, two: Any) -> bool:
    """Whether two values are not the same JSON; for Python, true were 1."""
    if one is NOTHING or two is NOTHING:
        return one is not two
    return json.dumps(one, sort_keys=True) != json.dumps(two, sort_keys=True)


def counted(found: list[MarkedLine]) -> str:
    """What changed, in words; empty where nothing did."""
    numbers = [
        (sum(line.mark is mark for line in found), mark)
        for mark in (LineMark.ADDED, LineMark.REMOVED, LineMark.CHANGED)
    ]
    return ", ".join(
        f"{number} line{'s' if number > 1 else ''} {mark}" for number, mark in numbers if number
    )


def _compared(name: str, before: Any, after: Any, depth: int) -> Iterator[MarkedLine]:
    if not differ(before, after):
        yield from _whole(LineMark.KEPT, name, after, depth)
    elif isinstance(before, dict) and isinstance(after, dict):
        yield MarkedLine(LineMark.KEPT, depth, f"{name}{{")
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _compared(
                f"{_text(key)}: ", before.get(key, NOTHING), after.get(key, NOTHING), depth + 1
            )
        yield MarkedLine(LineMark.KEPT, depth, "}")
    elif isinstance(before, list) and isinstance(after, list):
        yield MarkedLine(LineMark.KEPT, depth, f"{name}[")
        for at in range(max(len(before), len(after))):
            yield from _compared("", _item(before, at), _item(after, at), depth + 1)
        yield MarkedLine(LineMark.KEPT, depth, "]")
    elif _is_short(before) and _is_short(after):
        yield MarkedLine(LineMark.CHANGED, depth, f"{name}{_text(before)} → {_text(after)}")
    else:
        for mark, value in ((LineMark.REMOVED, before), (LineMark.ADDED, after)):
            if value is not NOTHING:
                yield from _whole(mark, name, value, depth)


def _whole(mark: LineMark, name: str, value: Any, depth: int) -> Iterator[MarkedLine]:
    for number, line in enumerate(json.dumps(value, indent=1, ensure_ascii=False).splitlines()):
        inner = line.lstrip(" ")
        text = inner.removesuffix(",") if number else f"{name}{inner}"
        yield MarkedLine(mark, depth + len(line) - len(inner), text)


def _item(values: list[Any], at: int) -> Any:
    return values[at] if at < len(values) else NOTHING


def _is_short(value: Any) -> bool:
    plain = value is not NOTHING and not isinstance(value, (dict, list))
    return plain and len(_text(value)) <= _SHORT_CHARACTERS


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
