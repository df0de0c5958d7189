"""The data flow as the terminal shows it."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from client.tested_state import Step, TestedState
from views import data_flow

STEPS = (
    Step("input", {"a": 1}, changed=True),
    Step("InputPath", {"a": 1}, changed=False),
    Step("output", ["b" * 50, "c" * 50], changed=True),
)


def _tested(**answer: Any) -> TestedState:
    return TestedState("Main", "Task", STEPS, {"status": "FAILED", **answer})


def test_data_is_shown_where_it_changed() -> None:
    """In one line where it is short; and what failed."""
    console = Console(width=90, color_system=None)
    with console.capture() as shown:
        console.print(data_flow.table(_tested(error="Busy", cause="why")))
    assert [
        "Main  FAILED  Task",
        "field      data after it",
        'input      {"a": 1}',
        "InputPath  the same",
        "output     [",
        f'             "{"b" * 50}",',
        f'             "{"c" * 50}"',
        "           ]",
        "error: Busy",
        "cause: why",
    ] == [line.rstrip() for line in shown.get().splitlines()]


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({}, "leads to After"),
        ({"catchIndex": 1}, "leads to After, caught by Catch[1]"),
        (
            {"retryIndex": 0, "retryBackoffIntervalSeconds": 4},
            "leads to After, Retry[0] tries again after 4 s, before jitter",
        ),
        ({"retryIndex": 0}, "leads to After, Retry[0] tries no more"),
    ],
)
def test_the_way_on_is_told(details: dict[str, int], words: str) -> None:
    """And who took care of an error."""
    inspection = {"errorDetails": details} if details else {}
    assert words == data_flow.summary(_tested(nextState="After", inspectionData=inspection))


def test_each_field_is_told_what_it_works_on() -> None:
    """ResultPath on the input, not on what stands before it; a result and variables on nothing."""
    names = ("input", "Parameters", "result", "ResultPath", "Assign", "output")
    steps = [Step(name, {}, changed=True) for name in names]
    assert [None, "input", None, "input", None, "ResultPath"] == [
        base and base.field for _, base in data_flow.bases(steps)
    ]
    jsonata = [Step(name, {}, changed=True) for name in ("input", "Arguments", "result", "output")]
    assert [None, "input", None, "result"] == [
        base and base.field for _, base in data_flow.bases(jsonata)
    ]
