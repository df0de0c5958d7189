"""A definition as text: which lines are a state's, and what is wrong on which line."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any, Final

from infra import json_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# What AWS's parser says of a place, which stands in a message of several lines.
_PLACE: Final = re.compile(r"\n at \[Source: .*", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class LineMistake:
    """What is wrong.

    Attributes:
        line: where, from 1.
        message: in words.
        severity: ERROR or WARNING.
        code: as AWS names it; empty for what is no JSON.
    """

    line: int
    message: str
    severity: str = "ERROR"
    code: str = ""

    def __str__(self) -> str:
        return f"{self.message} ({self.code})" if self.code else self.message


class DefinitionText:
    """A text that may be a definition.

    Attributes:
        text: itself.
        states: the first and the last line of each state, by its name, outer ones first.
        unreadable: why it is no JSON object, None if it is one.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.states: dict[str, tuple[int, int]] = {}
        self.unreadable = unreadable(text)
        self._lines = {"": 1}
        if self.unreadable is None:
            spans = json_lines.spans(text)
            self._lines = {location: first for location, (first, _) in spans.items()}
            for location, name in _states(json.loads(text), ""):
                self.states.setdefault(name, spans[location])

    def state_at(self, line: int) -> str | None:
        """The innermost state that *line* is of, None outside of all."""
        around = [name for name, (first, last) in self.states.items() if first <= line <= last]
        return min(around, key=self._length, default=None)

    def mistakes(self, diagnostics: Iterable[Mapping[str, Any]]) -> list[LineMistake]:
        """What ValidateStateMachineDefinition tells of it, by lines; or why it is no JSON."""
        if self.unreadable is not None:
            return [self.unreadable]
        found = [
            LineMistake(
                json_lines.nearest(self._lines, each.get("location") or "/"),
                _PLACE.sub("", each["message"]),
                each.get("severity", "ERROR"),
                each.get("code", ""),
            )
            for each in diagnostics
        ]
        return sorted(found, key=lambda one: one.line)

    def _length(self, name: str) -> int:
        first, last = self.states[name]
        return last - first


def unreadable(text: str) -> LineMistake | None:
    """Why *text* is no JSON object, with its line and column; None if it is one."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        words = f"no JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        return LineMistake(error.lineno, words)
    return None if isinstance(found, dict) else LineMistake(1, "a definition is a JSON object")


def line_end(text: str, line: int) -> int:
    """The index behind the last character of *line*, from 1."""
    return len("\n".join(text.split("\n")[:line]))


def _states(machine: Any, location: str) -> Iterator[tuple[str, str]]:
    """Locations and names of the states of *machine* and of those inside it."""
    states = machine.get("States") if isinstance(machine, dict) else None
    for name, state in states.items() if isinstance(states, dict) else ():
        here = f"{location}/States/{name}"
        yield here, name
        if isinstance(state, dict):
            branches = state.get("Branches")
            for at, branch in enumerate(branches if isinstance(branches, list) else ()):
                yield from _states(branch, f"{here}/Branches[{at}]")
            for key in ("ItemProcessor", "Iterator"):
                yield from _states(state.get(key), f"{here}/{key}")
