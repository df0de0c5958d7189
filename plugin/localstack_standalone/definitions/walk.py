"""The states of a definition, those in branches and item processors too.

A workflow is what has StartAt and States: the machine, a branch of a Parallel state, the item
processor (once called iterator) of a Map state.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, Final

JSONPATH: Final = "JSONPath"
JSONATA: Final = "JSONata"


@dataclasses.dataclass(frozen=True)
class State:
    """A state.

    Attributes:
        name: its name.
        body: its fields.
        at: where it stands.
        language: its query language; JSONPath only where that is said exactly so.
    """

    name: str
    body: dict[str, Any]
    at: str
    language: str

    @property
    def type(self) -> Any:
        """What it says it is."""
        return self.body.get("Type")


@dataclasses.dataclass(frozen=True)
class Workflow:
    """What has states.

    Attributes:
        body: its fields.
        at: where it stands; empty for the machine.
        kind: "machine", "branch" or "processor".
        states: those of it that are objects.
        repeated: names that its States has more than once.
    """

    body: dict[str, Any]
    at: str
    kind: str
    states: tuple[State, ...]
    repeated: tuple[str, ...] = ()

    @property
    def location(self) -> str:
        """Where AWS says that it stands."""
        return self.at or "/"


def workflows(machine: dict[str, Any]) -> list[Workflow]:
    """All of the definition, the machine first, each before those within it."""
    return list(_within(machine, "", "machine", language(machine, JSONPATH)))


def language(body: dict[str, Any], inherited: str) -> str:
    """The query language that *body* has; states inherit the machine's, at any depth."""
    if "QueryLanguage" not in body:
        return inherited
    return JSONPATH if body["QueryLanguage"] == JSONPATH else JSONATA


def items(state: State, field: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects in the list *field* of *state*, and where each stands."""
    found = state.body.get(field)
    for index, item in enumerate(found if isinstance(found, list) else ()):
        if isinstance(item, dict):
            yield item, f"{state.at}/{field}[{index}]"


def _within(body: dict[str, Any], at: str, kind: str, of_machine: str) -> Iterator[Workflow]:
    found = body.get("States")
    states = tuple(
        State(name, state, f"{at}/States/{name}", language(state, of_machine))
        for name, state in (found.items() if isinstance(found, dict) else ())
        if isinstance(state, dict)
    )
    yield Workflow(body, at, kind, states, tuple(getattr(found, "repeated", ())))
    for state in states:
        for inner, where in items(state, "Branches"):
            yield from _within(inner, where, "branch", of_machine)
        for field in ("ItemProcessor", "Iterator"):
            if isinstance(processor := state.body.get(field), dict):
                yield from _within(processor, f"{state.at}/{field}", "processor", of_machine)
