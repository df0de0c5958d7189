"""The page that compares two executions, drawn without a browser."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from console.pages import compare
from runs import comparison
from runs.model import ExecutionSpan, StateSpan, Status
from tests.support.shown import read

if TYPE_CHECKING:
    from console.watch import WatchedTestbed
    from tests.support.fake_step_functions import StepFunctions

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def execution(*names: str, **more: Any) -> ExecutionSpan:
    states = tuple(
        StateSpan(id=at, name=name, type="Pass", status=Status.SUCCEEDED, entered_at=START)
        for at, name in enumerate(names)
    )
    plain = ExecutionSpan(
        arn="arn:e",
        name="e",
        state_machine_arn="arn:m",
        status=Status.SUCCEEDED,
        started_at=START,
        states=states,
    )
    return dataclasses.replace(plain, **more)


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (execution("A", "B"), [("No state differs: the same path, inputs, outputs, errors and "
                               "attempts.")]),
        (execution("A", "C"), [("Their paths part behind A: the first goes to B and the second "
                               "goes to C.")]),
        (execution("A"), [("Their paths part behind A: the first goes to B and the second has "
                          "ended.")]),
        (execution("X"), [("Their paths part at the start: the first goes to A and the second "
                          "goes to X.")]),
        (
            execution("A", "B", input="1", state_machine_arn="arn:other"),
            ["They are of two state machines.", "They were given different inputs.",
             "No state differs: the same path, inputs, outputs, errors and attempts."],
        ),
    ],
)  # fmt: skip
def test_where_they_part_is_told_in_words(second: ExecutionSpan, told: list[str]) -> None:
    """Machines and inputs first."""
    assert told == compare.summary(comparison.compare(execution("A", "B"), second))


def test_data_that_differs_is_told_before_the_path() -> None:
    """With all that differs there."""
    one = execution("A")
    other = dataclasses.replace(one.states[0], output="1", error="Bad")
    found = comparison.compare(one, dataclasses.replace(one, states=(other,)))
    assert ["A differs first: output, error.", "Both took the same path."] == (
        compare.summary(found)
    )


def test_executions_are_offered(watch: WatchedTestbed, sfn: StepFunctions) -> None:
    """Where the address names none."""
    sfn.start("one")
    shown = read(lambda: compare.draw(watch))
    assert "Choose two executions." in shown.text
    assert ["", "arn:m:one"] * 2 == [one["value"] for tag, one in shown.elements if tag == "option"]
