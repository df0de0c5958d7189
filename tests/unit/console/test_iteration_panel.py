"""Which iterations are seen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from console import iteration_panel
from console.iteration_panel import IterationPanel
from runs import iterations
from runs.model import StateSpan, Status
from tests.support.shown import MARKUP, read

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def state(number: int, kind: str = "Pass", **more: Any) -> StateSpan:
    fields = {"name": "S", "status": Status.SUCCEEDED, "exited_at": START, **more}
    return StateSpan(id=number, type=kind, entered_at=START, **fields)


def many(count: int, failed: int | None = None) -> list[StateSpan]:
    """A Map state with *count* iterations of a state each, of which one failed."""
    return [
        state(1, "Map"),
        *(
            state(
                2 + at,
                parent=1,
                iteration=at,
                status=Status.FAILED if at == failed else Status.SUCCEEDED,
                error=MARKUP if at == failed else None,
            )
            for at in range(count)
        ),
    ]


def test_the_first_that_did_not_succeed_is_open() -> None:
    """Unless another was chosen that there is."""
    group = iterations.of(many(30, failed=20))[1]
    assert 20 == iteration_panel.opened(group, {})
    assert 3 == iteration_panel.opened(group, {1: 3})
    assert 20 == iteration_panel.opened(group, {1: 99})
    assert 0 == iteration_panel.opened(iterations.of(many(3))[1], {})


def test_of_many_iterations_one_is_seen() -> None:
    """A few are all seen."""
    states = many(1000, failed=7)
    hidden = iteration_panel.hidden(states, iterations.of(states), {})
    assert [1, 9] == [one.id for one in states if one.id not in hidden]
    few = many(iteration_panel.ALL_SHOWN)
    assert set() == iteration_panel.hidden(few, iterations.of(few), {})


def test_they_are_counted_by_how_they_stand() -> None:
    """In words."""
    group = iterations.of(many(1000, failed=7))[1]
    assert "1,000 iterations: 999 succeeded, 1 failed" == iteration_panel.counts(group)


def test_a_page_of_them_is_listed() -> None:
    """With the open one marked; an error that is markup is text."""

    def draw() -> None:
        IterationPanel("Each", lambda _index: None).show(iterations.of(many(1000, failed=7))[1], 7)

    shown = read(draw)
    listed = shown.values("data-iteration")
    assert [str(at) for at in range(iteration_panel.ROWS)] == listed
    assert ["7"] == [
        one["data-iteration"] for _, one in shown.elements if one.get("aria-current") == "true"
    ]
    assert "page 1 of 40" in shown.text
    assert MARKUP in shown.text
    assert "img" not in [tag for tag, _ in shown.elements]
