"""Iterations of Map states and branches of Parallel states, each with the states inside it.

What is inside an iteration runs one after another, so that the state entered last tells how the
iteration stands, unless it was given up between two states: then nothing says that it succeeded.
A container whose Retry began it anew is told by its last try.
"""

from __future__ import annotations

import collections
import dataclasses
from typing import TYPE_CHECKING

from runs.model import StateSpan, Status, span_ms

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

_BAD = (Status.FAILED, Status.TIMED_OUT, Status.ABORTED)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Iteration:
    """One of a container's.

    Attributes:
        index: which, from 0.
        stopped: how it stands between two of its states, None where it has succeeded there.
        states: those directly inside it, as they were entered.
    """

    index: int
    states: tuple[StateSpan, ...]
    stopped: Status | None = None

    @property
    def status(self) -> Status:
        """How it stands: as its last state, where a caught error is no failure."""
        last = self.states[-1].status
        if last in (Status.CAUGHT, Status.SUCCEEDED):
            return self.stopped or Status.SUCCEEDED
        return last

    @property
    def entered_at(self) -> dt.datetime:
        """When its first state was entered."""
        return self.states[0].entered_at

    @property
    def duration_ms(self) -> float | None:
        """From its first state to the end of its last one, None while that has none."""
        return span_ms(self.entered_at, self.states[-1].exited_at)

    @property
    def error(self) -> str | None:
        """Of its last state, where it ended badly."""
        return self.states[-1].error if self.status in _BAD else None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Iterations:
    """All iterations of one visit of a Map or Parallel state.

    Attributes:
        container: that visit.
        items: each that was begun, by their index.
    """

    container: StateSpan
    items: tuple[Iteration, ...]

    def title(self, index: int) -> str:
        """What an iteration is called: branches have the name of their first state."""
        if self.container.type == "Map":
            return f"Iteration {index}"
        first = next(one for one in self.items if one.index == index).states[0]
        return f"Branch {first.name}"

    def counted(self) -> dict[Status, int]:
        """How many stand how, those that there are."""
        found = collections.Counter(one.status for one in self.items)
        return {status: found[status] for status in Status if found[status]}


def of(states: Iterable[StateSpan]) -> dict[int, Iterations]:
    """Each container among *states* that was begun, by its id."""
    by_id = {state.id: state for state in states}
    inside: dict[int, dict[int, list[StateSpan]]] = {}
    for state in by_id.values():
        if state.parent is not None:
            found = inside.setdefault(state.parent, {})
            found.setdefault(state.iteration or 0, []).append(state)
    return {
        at: Iterations(
            container=by_id[at],
            items=tuple(
                Iteration(
                    index=index, states=tuple(found[index]), stopped=_stopped(by_id[at], index)
                )
                for index in sorted(found)
            ),
        )
        for at, found in inside.items()
    }


def _stopped(container: StateSpan, index: int) -> Status | None:
    if index not in container.unfinished:
        return None
    return Status.RUNNING if container.status is Status.RUNNING else Status.ABORTED


def within(states: Sequence[StateSpan], container: int, indexes: Iterable[int]) -> set[int]:
    """The ids of all states, at any depth, inside these iterations of a container."""
    wanted = set(indexes)
    found: set[int] = set()
    for state in states:  # whatever is inside comes behind what is around it
        direct = state.parent == container and state.iteration in wanted
        if direct or state.parent in found:
            found.add(state.id)
    return found
