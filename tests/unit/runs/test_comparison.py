"""Two executions, paired state by state."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from runs import comparison
from runs.model import Attempt, ExecutionSpan, StateSpan, Status

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)


def state(at: int, name: str, kind: str = "Pass", **more: Any) -> StateSpan:
    fields = {"status": Status.SUCCEEDED, "input": "{}", "output": "{}", **more}
    return StateSpan(id=at, name=name, type=kind, entered_at=START, **fields)


def execution(*states: StateSpan) -> ExecutionSpan:
    return ExecutionSpan(
        arn="arn:e",
        name="e",
        state_machine_arn="arn:m",
        status=Status.SUCCEEDED,
        started_at=START,
        states=states,
    )


def test_the_same_run_does_not_part() -> None:
    """However its JSON is laid out, and however long it took."""
    first = execution(state(1, "A", input='{"a": 1, "b": 2}'))
    second = execution(state(7, "A", input='{"b":2,"a":1}'))
    found = comparison.compare(first, second)
    assert (None, None) == (found.parting, found.fork)


def test_the_first_state_that_differs_is_where_they_part() -> None:
    """With all that differs there."""
    tried = Attempt(number=1, status=Status.FAILED, resource="r", scheduled_at=START, error="Bad")
    bad = state(2, "B", status=Status.FAILED, output=None, error="Bad", attempts=(tried,))
    found = comparison.compare(
        execution(state(1, "A"), state(2, "B")), execution(state(1, "A"), bad)
    )
    assert found.parting is not None
    assert "B" == found.parting.name
    assert ("output", "error", "attempts", "status") == found.parting.differs


def test_paths_part_behind_the_last_state_in_common() -> None:
    """Each goes where it goes; what only the second has stands where it came."""
    found = comparison.compare(
        execution(state(1, "A"), state(2, "Good"), state(3, "End")),
        execution(state(1, "A"), state(2, "Bad"), state(3, "End")),
    )
    assert ["A", "Bad", "Good", "End"] == [pair.name for pair in found.pairs]
    assert found.fork is not None
    common, one, two = found.fork
    assert ("A", "Good", "Bad") == (
        common and common.name,
        one and one.name,
        two and two.name,
    )


def test_one_that_ends_sooner_parts_at_its_end() -> None:
    """It enters nothing any more."""
    found = comparison.compare(execution(state(1, "A"), state(2, "B")), execution(state(1, "A")))
    assert found.fork is not None
    assert (None, "B") == (found.fork[2], found.fork[1] and found.fork[1].name)


def test_visits_of_a_loop_are_paired_by_their_number() -> None:
    """The second with the second."""
    found = comparison.compare(
        execution(state(1, "A"), state(2, "A", input="2")),
        execution(state(1, "A"), state(2, "A", input="3"), state(3, "A")),
    )
    assert [(), ("input",), ("path",)] == [pair.differs for pair in found.pairs]


def test_iterations_are_paired_however_they_interleaved() -> None:
    """By their index; the place of each is told."""
    each = state(1, "Each", "Map")
    inner = [state(2, "A", parent=1, iteration=0, input="0")]
    inner += [state(3, "A", parent=1, iteration=1, input="1")]
    found = comparison.compare(execution(each, *inner), execution(each, *reversed(inner)))
    assert None is found.parting
    assert [("Each", 0, ""), ("A", 1, "Each 0"), ("A", 1, "Each 1")] == [
        (pair.name, pair.depth, pair.where) for pair in found.pairs
    ]


@pytest.mark.parametrize(
    ("one", "two", "equal"),
    [("1", "1.0", False), ("true", "1", False), ("x", "x", True), ("x", "y", False),
     (None, "null", False), ('{"a":1}', '{ "a": 1 }', True)],
)  # fmt: skip
def test_texts_are_compared_as_json(one: str | None, two: str | None, equal: bool) -> None:  # noqa: FBT001
    """Where they are any."""
    assert equal is comparison.same(one, two)
