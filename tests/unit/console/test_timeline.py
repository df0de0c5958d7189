"""Where the bars of a timeline lie."""

from __future__ import annotations

import dataclasses
import datetime as dt

from console import timeline
from runs.model import Attempt, ExecutionSpan, StateSpan, Status

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)


def at(ms: int) -> dt.datetime:
    return START + dt.timedelta(milliseconds=ms)


def execution(*states: StateSpan, stopped_ms: int | None = 100) -> ExecutionSpan:
    return ExecutionSpan(
        arn="arn:e",
        name="e",
        state_machine_arn="arn:m",
        status=Status.SUCCEEDED,
        started_at=START,
        stopped_at=None if stopped_ms is None else at(stopped_ms),
        states=states,
    )


def state(start: int, end: int | None, **more: object) -> StateSpan:
    plain = StateSpan(
        id=start,
        name="S",
        type="Task",
        status=Status.SUCCEEDED if end is not None else Status.RUNNING,
        entered_at=at(start),
        exited_at=None if end is None else at(end),
    )
    return dataclasses.replace(plain, **more)  # type: ignore[arg-type]  # fields by name


def attempt(number: int, start: int, end: int) -> Attempt:
    return Attempt(
        number=number,
        status=Status.FAILED,
        resource="lambda:invoke",
        scheduled_at=at(start),
        ended_at=at(end),
        error="Busy",
    )


def test_bars_lie_where_their_time_was() -> None:
    """In percent of the whole execution."""
    (row,) = timeline.rows(execution(state(25, 75)))
    assert (25.0, 50.0, 50.0) == (row.left, row.width, row.duration_ms)


def test_retries_have_bars_of_their_own() -> None:
    """Below their state, with their error; a single attempt is the state's own bar."""
    retried = state(0, 100, attempts=(attempt(1, 0, 10), attempt(2, 50, 100)))
    assert ["S", "attempt 1: Busy", "wait for attempt 2", "attempt 2: Busy"] == [
        row.name for row in timeline.rows(execution(retried))
    ]
    once = state(0, 100, attempts=(attempt(1, 0, 10),))
    assert ["S"] == [row.name for row in timeline.rows(execution(once))]


def test_the_wait_between_attempts_is_drawn() -> None:
    """From the end of one to the begin of the next, or to now while it is waited for."""
    retried = state(0, 100, attempts=(attempt(1, 0, 10), attempt(2, 50, 100)))
    _, _, between, _ = timeline.rows(execution(retried))
    assert ("WAIT", 10.0, 40.0, 40.0) == (
        between.status,
        between.left,
        between.width,
        between.duration_ms,
    )
    waits = state(0, None, attempts=(attempt(1, 0, 50),))
    *_, last = timeline.rows(execution(waits, stopped_ms=None), now=at(200))
    assert ("wait for attempt 2", 25.0, 75.0, None) == (
        last.name,
        last.left,
        last.width,
        last.duration_ms,
    )


def test_what_runs_reaches_to_now() -> None:
    """And has no duration yet."""
    (row,) = timeline.rows(execution(state(50, None), stopped_ms=None), now=at(200))
    assert (25.0, 75.0, None) == (row.left, row.width, row.duration_ms)


def test_inner_states_are_indented() -> None:
    """A Map's or Parallel's states lie below it."""
    outer, inner = state(1, 90), state(5, 80, parent=1)
    assert [0, 1] == [row.depth for row in timeline.rows(execution(outer, inner))]


def test_a_bar_of_an_attempt_says_in_which_redrive_it_was_made() -> None:
    """Beside its error."""
    again = dataclasses.replace(attempt(2, 50, 100), redrive=1)
    rows = timeline.rows(execution(state(0, 100, attempts=(attempt(1, 0, 10), again))))
    assert "attempt 2 (redrive 1): Busy" == list(rows)[-1].name


def test_what_is_hidden_has_no_row() -> None:
    """Of a thousand iterations the open one is drawn."""
    states = (state(0, 100), state(10, 20, parent=0), state(30, 40, parent=0))
    assert [0, 30] == [row.left for row in timeline.rows(execution(*states), hidden={10})]
