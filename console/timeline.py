"""An execution's states and attempts as the rows of a timeline (a Gantt chart)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from typing import TYPE_CHECKING

from runs.model import Status, span_ms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from runs.model import Attempt, ExecutionSpan, StateSpan


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar.

    Attributes:
        name: what it is of.
        status: how that stands.
        left: where the bar begins, in percent of the whole.
        width: how long it is, likewise.
        duration_ms: None while it has no end.
        depth: 0 for a state, more for what is inside another.
    """

    name: str
    status: str
    left: float
    width: float
    duration_ms: float | None
    depth: int = 0


def rows(
    execution: ExecutionSpan, now: dt.datetime | None = None, *, hidden: Collection[int] = ()
) -> Iterator[Bar]:
    """A row for each state; below it each attempt, if there were several, and what lay between.

    Args:
        execution: whose timeline.
        now: where bars without an end reach to, while it runs.
        hidden: the ids of states that have no row.
    """
    last = execution.stopped_at or now or dt.datetime.now(dt.UTC)
    whole_ms = max(execution.after_ms(last), 1.0)

    def bar(name: str, span: StateSpan | Attempt, start: dt.datetime, depth: int) -> Bar:
        length_ms = span.duration_ms
        if length_ms is None:
            length_ms = (span_ms(start, last) or 0.0) if span.status is Status.RUNNING else 0.0
        left = min(100.0, max(0.0, execution.after_ms(start) / whole_ms * 100))
        return Bar(
            name=name,
            status=span.status.value,
            left=round(left, 2),
            width=round(min(100.0 - left, length_ms / whole_ms * 100), 2),
            duration_ms=span.duration_ms,
            depth=depth,
        )

    def wait(number: int, start: dt.datetime, end: dt.datetime | None, depth: int) -> Bar:
        left, right = (execution.after_ms(one) / whole_ms * 100 for one in (start, end or last))
        return Bar(
            name=f"wait for attempt {number}",
            status="WAIT",
            left=round(left, 2),
            width=round(max(0.0, right - left), 2),
            duration_ms=span_ms(start, end),
            depth=depth,
        )

    depths: dict[int | None, int] = {None: -1}
    for state in execution.states:
        if state.id in hidden:
            continue
        depth = depths[state.id] = depths.get(state.parent, -1) + 1
        yield bar(state.name, state, state.entered_at, depth)
        if len(state.attempts) > 1 or state.retrying:
            behind = [attempt.scheduled_at for attempt in state.attempts[1:]]
            for attempt, following in itertools.zip_longest(state.attempts, behind):
                yield bar(_tried(attempt), attempt, attempt.scheduled_at, depth + 1)
                if attempt.ended_at is not None and (following or state.retrying):
                    yield wait(attempt.number + 1, attempt.ended_at, following, depth + 1)


def _tried(attempt: Attempt) -> str:
    return attempt.title.lower() + (f": {attempt.error}" if attempt.error else "")
