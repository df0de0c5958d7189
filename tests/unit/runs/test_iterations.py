"""Iterations and branches, as the states inside them tell."""

from __future__ import annotations

import datetime as dt
from typing import Any

from runs import iterations
from runs.model import StateSpan, Status

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)


def state(at: int, kind: str = "Pass", **more: Any) -> StateSpan:
    status = more.pop("status", Status.SUCCEEDED)
    ended: dict[str, Any] = (
        {} if status is Status.RUNNING else {"exited_at": START + dt.timedelta(seconds=at + 1)}
    )
    return StateSpan(
        id=at,
        name=more.pop("name", f"S{at}"),
        type=kind,
        status=status,
        entered_at=START + dt.timedelta(seconds=at),
        **ended,
        **more,
    )


def test_states_are_grouped_by_container_and_iteration() -> None:
    """However they interleave; what is inside a container inside is that one's."""
    states = (
        state(1, "Map", status=Status.RUNNING),
        state(2, parent=1, iteration=0),
        state(3, parent=1, iteration=1, status=Status.FAILED, error="Bad"),
        state(4, "Parallel", parent=1, iteration=0),
        state(5, parent=4, iteration=0, name="A"),
        state(6, parent=4, iteration=1, name="B"),
    )
    found = iterations.of(states)
    assert {1, 4} == set(found)
    first, second = found[1].items
    assert [2, 4] == [one.id for one in first.states]
    assert (Status.SUCCEEDED, 3000, None) == (first.status, first.duration_ms, first.error)
    assert (Status.FAILED, "Bad") == (second.status, second.error)
    assert {Status.SUCCEEDED: 1, Status.FAILED: 1} == found[1].counted()
    assert "Iteration 1" == found[1].title(1)
    assert "Branch B" == found[4].title(1)


def test_a_caught_error_is_no_failure_of_its_iteration() -> None:
    """Its Catch led to the iteration's end."""
    found = iterations.of(
        (state(1, "Map"), state(2, parent=1, iteration=0, status=Status.CAUGHT, error="Bad"))
    )
    assert (Status.SUCCEEDED, None) == (found[1].items[0].status, found[1].items[0].error)


def test_one_that_runs_has_no_duration() -> None:
    """Nor has it ended."""
    found = iterations.of((state(1, "Map"), state(2, parent=1, iteration=0, status=Status.RUNNING)))
    assert (Status.RUNNING, None) == (found[1].items[0].status, found[1].items[0].duration_ms)


def test_what_is_within_iterations_is_found_at_any_depth() -> None:
    """To leave it out of a drawing."""
    states = (
        state(1, "Map"),
        state(2, "Parallel", parent=1, iteration=3),
        state(3, parent=2, iteration=0),
        state(4, parent=1, iteration=4),
        state(5),
    )
    assert {2, 3} == iterations.within(states, 1, [3])


def test_one_that_was_given_up_between_two_states_has_not_succeeded() -> None:
    """Its last state has; what runs goes on."""
    for status, stands in ((Status.FAILED, Status.ABORTED), (Status.RUNNING, Status.RUNNING)):
        states = (
            state(1, "Map", status=status, unfinished=(1,)),
            state(2, parent=1, iteration=0),
            state(3, parent=1, iteration=1),
        )
        first, second = iterations.of(states)[1].items
        assert (Status.SUCCEEDED, stands) == (first.status, second.status)
