"""What shows a run, as the browser is told of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable

import pytest

from console import run_elements
from console.commands import Cli
from console.timeline import Bar
from runs.model import Attempt, ExecutionSpan, InvocationSpan, LogLine, StateSpan, Status
from tests.support.addresses import ON_AWS
from tests.support.shown import MARKUP, read

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
EXECUTION = ExecutionSpan(
    arn="arn:e", name="e", state_machine_arn="arn:m", status=Status.RUNNING, started_at=START
)
INVOCATION = InvocationSpan(
    request_id="r", log_stream="s", started_at=START, lines=(LogLine(at=START, text=MARKUP),)
)
BAR = Bar(name=MARKUP, status="FAILED", left=0, width=1, duration_ms=2.0)
STATE = StateSpan(
    id=1,
    name=MARKUP,
    type="Pass",
    status=Status.SUCCEEDED,
    entered_at=START,
    exited_at=START + dt.timedelta(milliseconds=5),
)
MACHINE = json.dumps({"StartAt": MARKUP, "States": {MARKUP: {"Type": "Pass", "End": True}}})


@pytest.mark.parametrize(
    "draw",
    [
        lambda: run_elements.gantt([BAR]),
        lambda: run_elements.invocation(EXECUTION, INVOCATION),
    ],
)
def test_markup_is_text(draw: Callable[[], object]) -> None:
    """It stands there as it was written, and is no element."""
    shown = read(draw)
    assert MARKUP in shown.text
    assert "img" not in [tag for tag, _ in shown.elements]


def test_a_graph_tells_how_each_state_stands_and_how_long_it_took() -> None:
    """By its class and below its name; a name that is markup is a name."""
    shown = read(lambda: run_elements.MachineGraph().draw(MACHINE, [STATE]))
    assert "Pass · 5 ms" in shown.text
    (state,) = [one for _, one in shown.elements if "data-state" in one]
    assert MARKUP == state["data-state"]
    assert "SUCCEEDED" in str(state["class"])
    assert "img" not in [tag for tag, _ in shown.elements]


def test_a_bar_lies_where_its_time_was() -> None:
    """From left, as wide as it was long, in percent; its status is told in words too."""
    shown = read(lambda: run_elements.gantt([BAR]))
    assert ["left:0%;width:1%"] == shown.values("style")
    assert "2 ms FAILED" in shown.text


def test_an_injected_fault_stands_at_its_invocation() -> None:
    """As what it is: asked for."""
    span = dataclasses.replace(INVOCATION, injected=("s3:GetObject: SlowDown (injected by r)",))
    told = read(lambda: run_elements.invocation(EXECUTION, span)).text
    assert "\u26a1 s3:GetObject: SlowDown (injected by r)" in told


def test_a_state_of_several_visits_stands_as_the_worst_of_its_branches() -> None:
    """A failure among iterations is not hidden by what came later; a loop stands as it is now."""
    good = dataclasses.replace(STATE, parent=9)
    bad = dataclasses.replace(good, id=2, status=Status.FAILED)
    last = dataclasses.replace(good, id=3)
    shown = read(lambda: run_elements.MachineGraph().draw(MACHINE, [good, bad, last]))
    (state,) = [one for _, one in shown.elements if "data-state" in one]
    assert "FAILED" in str(state["class"])
    assert "Pass · 3x" in shown.text
    loop = [dataclasses.replace(one, parent=None) for one in (bad, last)]
    shown = read(lambda: run_elements.MachineGraph().draw(MACHINE, loop))
    (state,) = [one for _, one in shown.elements if "data-state" in one]
    assert "SUCCEEDED" in str(state["class"])


def test_a_nested_execution_is_led_to() -> None:
    """By its ARN, for it is another machine's."""
    attempt = Attempt(
        number=1,
        status=Status.RUNNING,
        resource="states:startExecution.sync",
        scheduled_at=START,
        child="arn:aws:states:r:0:execution:Child:e",
    )
    state = dataclasses.replace(STATE, attempts=(attempt,))
    shown = read(lambda: run_elements.visit(EXECUTION, state, Cli(ON_AWS)))
    assert "/executions/arn%3Aaws%3Astates%3Ar%3A0%3Aexecution%3AChild%3Ae" in shown.values("href")
