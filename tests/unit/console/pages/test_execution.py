"""The page of one execution, drawn without a browser."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import EndpointConnectionError

from console.pages import execution
from runs import collect, history
from runs.model import Attempt, ExecutionSpan, StateSpan, Status
from tests.support.fake_step_functions import START
from tests.support.shown import read

LATE = Attempt(
    number=1,
    resource="lambda:invoke",
    status=Status.SUCCEEDED,
    scheduled_at=START,
    ended_at=START,
    note=collect.LATE,
)


if TYPE_CHECKING:
    from console.watch import WatchedTestbed
    from tests.support.fake_step_functions import StepFunctions


def test_one_that_is_not_there_leads_back(watch: WatchedTestbed, sfn: StepFunctions) -> None:
    """With the reason, and a link to all others."""
    answer = {"Error": {"Code": "ExecutionDoesNotExist"}}
    sfn.failure = sfn.exceptions.ExecutionDoesNotExist(answer, "DescribeExecution")
    shown = read(lambda: execution.draw(watch, "gone"))
    assert "This execution is not here" in shown.text
    assert "/executions" in shown.values("href")


def test_one_whose_testbed_is_lost_is_not_given_up(
    watch: WatchedTestbed, sfn: StepFunctions
) -> None:
    """The banner tells it; the page goes on when the testbed is found again."""
    sfn.failure = EndpointConnectionError(endpoint_url="http://127.0.0.1:9")
    text = read(lambda: execution.draw(watch, "some")).text
    assert "loading" in text
    assert "This execution is not here" not in text


@pytest.mark.parametrize(("late", "looks"), [(2, 3), (99, execution.LOOKS_FOR_LINES)])
def test_log_lines_that_are_late_are_looked_for_again(
    late: int,
    looks: int,
    watch: WatchedTestbed,
    sfn: StepFunctions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A busy machine takes its time; who never gets them is not waited for without end."""
    sfn.start("one")
    sfn.definition = '{"StartAt": "S", "States": {"S": {"Type": "Pass", "End": true}}}'
    state = StateSpan(
        id=1, name="S", type="Task", status=Status.SUCCEEDED, entered_at=START, exited_at=START
    )
    monkeypatch.setattr(history, "events", lambda _aws, _arn: [])
    monkeypatch.setattr(history, "states", lambda _events: (state,))
    asked = []

    def told(_aws: object, _outputs: object, seen: ExecutionSpan) -> ExecutionSpan:
        asked.append(seen)
        note = collect.LATE if len(asked) <= late else ""
        attempt = dataclasses.replace(LATE, note=note)
        return dataclasses.replace(seen, states=(dataclasses.replace(state, attempts=(attempt,)),))

    monkeypatch.setattr(collect, "with_invocations", told)

    async def page() -> None:
        shown = execution._Execution(watch, "one")  # noqa: SLF001 - its timer does not run here
        for _ in range(20):
            await shown.refresh()

    text = read(page).text
    assert looks == len(asked)
    assert (collect.LATE in text) == (late > looks)
