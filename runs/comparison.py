"""Two executions side by side: which states both entered, and what differs there.

What runs at the same time interleaves anew in each execution. So states are put in the order of the
tree, an iteration behind the other, and a state is paired with the one of its name, in the same
iteration, at the same visit: the third pass of a loop with the third.
"""

from __future__ import annotations

import collections
import dataclasses
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runs.model import ExecutionSpan, StateSpan

type _Place = tuple[object, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pair:
    """A state in both executions, or in one of them.

    Attributes:
        any: the visit in the first execution, or else in the second.
        first: the visit in the first execution, None if it has none.
        second: likewise.
        depth: how many containers are around it.
        where: the iterations that it is in, from the outermost, in words; empty at the top.
    """

    any: StateSpan
    first: StateSpan | None
    second: StateSpan | None
    depth: int = 0
    where: str = ""

    @property
    def name(self) -> str:
        """The state's."""
        return self.any.name

    @property
    def differs(self) -> tuple[str, ...]:
        """What is not the same: path, input, output, error, attempts, status. Durations differ."""
        if self.first is None or self.second is None:
            return ("path",)
        one, two = self.first, self.second
        found = {
            "input": not same(one.input, two.input),
            "output": not same(one.output, two.output),
            "error": (one.error, one.cause) != (two.error, two.cause),
            "attempts": _tries(one) != _tries(two),
            "status": one.status != two.status,
        }
        return tuple(name for name, differs in found.items() if differs)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two executions.

    Attributes:
        first: one.
        second: the other.
        pairs: their states, in the first's order; what only the second has stands behind what it
            came after there.
    """

    first: ExecutionSpan
    second: ExecutionSpan
    pairs: tuple[Pair, ...]

    @property
    def parting(self) -> Pair | None:
        """The first state that differs, None where none does."""
        return next((pair for pair in self.pairs if pair.differs), None)

    @property
    def fork(self) -> tuple[Pair | None, StateSpan | None, StateSpan | None] | None:
        """Where their paths part: the last state in common, and what each entered then.

        None where both took the same path.
        """
        common: Pair | None = None
        for number, pair in enumerate(self.pairs):
            if "path" in pair.differs:
                rest = self.pairs[number:]
                one = next((each.first for each in rest if each.first is not None), None)
                two = next((each.second for each in rest if each.second is not None), None)
                return common, one, two
            common = pair
        return None


def compare(first: ExecutionSpan, second: ExecutionSpan) -> Comparison:
    """Pair the states of two executions."""
    ones, twos = dict(_placed(first.states)), dict(_placed(second.states))
    behind: dict[_Place | None, list[_Place]] = collections.defaultdict(list)
    last: _Place | None = None
    for place in twos:
        if place not in ones:
            behind[last].append(place)
        else:
            last = place
    order = list(behind[None])
    for place in ones:
        order += [place, *behind[place]]
    pairs = (
        Pair(
            any=ones[place] if place in ones else twos[place],
            first=ones.get(place),
            second=twos.get(place),
            depth=len(place) // 3,
            where=", ".join(f"{name} {index}" for name, index in _around(place)),
        )
        for place in order
    )
    return Comparison(first=first, second=second, pairs=tuple(pairs))


def same(one: str | None, two: str | None) -> bool:
    """Whether two JSON texts say the same, however they are laid out."""
    return one == two or (one is not None and two is not None and _read(one) == _read(two))


def _read(text: str) -> str:
    """*text* in one form; a JSON true is no 1, as it would be for Python."""
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return text


def _tries(state: StateSpan) -> list[Any]:
    return [(one.status, one.error) for one in state.attempts]


def _placed(states: Sequence[StateSpan]) -> Iterator[tuple[_Place, StateSpan]]:
    """Each state with its place, in the order of the tree.

    A place is name and number of the visit, behind those and the iteration of each container.
    """
    inside: dict[int | None, list[StateSpan]] = collections.defaultdict(list)
    for state in states:
        inside[state.parent].append(state)

    def walk(parent: int | None, around: _Place) -> Iterator[tuple[_Place, StateSpan]]:
        visits: collections.Counter[tuple[str, int | None]] = collections.Counter()
        for state in sorted(inside[parent], key=lambda one: one.iteration or 0):
            counted = (state.name, state.iteration)
            index = () if state.iteration is None else (state.iteration,)
            place = (*around, *index, state.name, visits[counted])
            visits[counted] += 1
            yield place, state
            yield from walk(state.id, place)

    return walk(None, ())


def _around(place: _Place) -> Iterator[tuple[object, object]]:
    """Container and iteration, of a place such as (Each, 0, 12, Inner, 0)."""
    for at in range(0, len(place) - 2, 3):
        yield place[at], place[at + 2]
