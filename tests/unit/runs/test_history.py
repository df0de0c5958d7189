from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, cast

from runs import history
from runs.model import StateSpan, Status

if TYPE_CHECKING:
    from botocore.stub import Stubber
    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

    from testbed.aws import Aws

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
ID = "9f754711-5a6b-4140-840b-5cef8ae8d835"


class History:
    """Events with rising ids; each follows the last one unless it is told another."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def add(self, kind: str, after: int | None = None, **details: Any) -> int:
        number = len(self.events) + 1
        self.events.append(
            {
                "id": number,
                "type": kind,
                "timestamp": START + dt.timedelta(milliseconds=number * 10),
                "previousEventId": number - 1 if after is None else after,
                **({f"{kind[0].lower()}{kind[1:]}EventDetails": details} if details else {}),
            }
        )
        return number

    def enter(self, kind: str, name: str, after: int | None = None) -> int:
        number = self.add(f"{kind}StateEntered", after)
        self.events[-1]["stateEnteredEventDetails"] = {"name": name, "input": "{}"}
        return number

    def leave(self, kind: str, name: str, after: int | None = None) -> int:
        number = self.add(f"{kind}StateExited", after)
        self.events[-1]["stateExitedEventDetails"] = {"name": name, "output": "[]"}
        return number

    def schedule(self, after: int | None = None) -> int:
        return self.add(
            "TaskScheduled",
            after,
            resourceType="lambda",
            resource="invoke",
            parameters=json.dumps({"FunctionName": "F", "Payload": {}}),
        )

    def states(self) -> tuple[StateSpan, ...]:
        return history.states(cast("list[HistoryEventTypeDef]", self.events))


def test_a_retried_task_has_an_attempt_for_each_try() -> None:
    """With its own outcome, error and request id."""
    history = History()
    history.add("ExecutionStarted")
    history.enter("Task", "Resize")
    history.schedule()
    history.add("TaskFailed", error="Busy", cause=json.dumps({"requestId": ID}))
    history.schedule()
    history.add("TaskSucceeded", output="{}")
    history.leave("Task", "Resize")
    (state,) = history.states()
    assert (Status.SUCCEEDED, None, 50.0) == (state.status, state.error, state.duration_ms)
    first, second = state.attempts
    assert (1, Status.FAILED, "Busy", ID, "F", 10.0) == (
        first.number,
        first.status,
        first.error,
        first.request_id,
        first.target,
        first.duration_ms,
    )
    assert (2, Status.SUCCEEDED, None) == (second.number, second.status, second.request_id)
    assert "no request id" in second.note


def test_a_caught_error_is_told_from_success() -> None:
    """The state was left, by its Catch."""
    history = History()
    history.enter("Task", "Resize", after=0)
    history.schedule()
    history.add("TaskFailed", error="Busy", cause="x")
    history.leave("Task", "Resize")
    history.enter("Fail", "Sorry")
    history.add("ExecutionFailed", error="Busy", cause="x")
    resize, sorry = history.states()
    assert (Status.CAUGHT, "Busy") == (resize.status, resize.error)
    assert (Status.FAILED, "Busy", "x", None) == (
        sorry.status,
        sorry.error,
        sorry.cause,
        sorry.exited_at,
    )


def test_what_runs_is_running() -> None:
    """A state and its attempt, while no event ends them."""
    history = History()
    history.enter("Task", "Resize", after=0)
    history.schedule()
    (state,) = history.states()
    assert (Status.RUNNING, None) == (state.status, state.duration_ms)
    assert Status.RUNNING == state.attempts[0].status


def test_an_execution_that_is_stopped_stops_its_state_and_attempt() -> None:
    """Neither is left running for ever."""
    history = History()
    history.enter("Task", "Resize", after=0)
    history.schedule()
    history.add("ExecutionTimedOut", error="States.Timeout", cause="late")
    (state,) = history.states()
    assert (Status.TIMED_OUT, "States.Timeout") == (state.status, state.error)
    assert Status.TIMED_OUT == state.attempts[0].status


def test_branches_that_interleave_are_kept_apart() -> None:
    """By the chain of events, though both have states of the same name at the same time."""
    history = History()
    outer = history.enter("Parallel", "Both", after=0)
    started = history.add("ParallelStateStarted")
    one = history.enter("Task", "Same", after=started)
    two = history.enter("Task", "Same", after=started)
    first = history.schedule(after=one)
    second = history.schedule(after=two)
    good = history.add("TaskSucceeded", second, output="{}")
    left = history.leave("Task", "Same", after=good)
    bad = history.add("TaskFailed", first, error="Busy", cause="x")
    again = history.schedule(after=bad)
    late = history.add("TaskSucceeded", again, output="{}")
    last = history.leave("Task", "Same", after=late)
    del left
    done = history.add("ParallelStateSucceeded", last)
    end = history.leave("Parallel", "Both", after=done)
    history.enter("Succeed", "Done", after=end)
    both, same_one, same_two, after = history.states()
    assert [None, outer, outer, None] == [span.parent for span in (both, same_one, same_two, after)]
    assert (2, 1) == (len(same_one.attempts), len(same_two.attempts))
    assert [Status.SUCCEEDED] * 3 == [span.status for span in (both, same_one, same_two)]


def test_iterations_of_a_map_lie_in_it() -> None:
    """Each is an entry of its own."""
    history = History()
    outer = history.enter("Map", "All", after=0)
    started = history.add("MapStateStarted", length=2)
    for index in range(2):
        history.add("MapIterationStarted", started, name="All", index=index)
        history.enter("Pass", "Each")
        history.leave("Pass", "Each")
        history.add("MapIterationSucceeded", name="All", index=index)
    history.add("MapStateSucceeded")
    history.leave("Map", "All")
    whole, *each = history.states()
    assert (Status.SUCCEEDED, None) == (whole.status, whole.parent)
    assert [(outer, Status.SUCCEEDED)] * 2 == [(one.parent, one.status) for one in each]


def test_a_failed_branch_gives_up_its_neighbours() -> None:
    """And the Parallel state has its error, even when that is caught."""
    history = History()
    history.enter("Parallel", "Both", after=0)
    started = history.add("ParallelStateStarted")
    one = history.enter("Wait", "Slow", after=started)
    two = history.enter("Task", "Bad", after=started)
    history.schedule(after=two)
    failed = history.add("TaskFailed", error="Busy", cause="x")
    ended = history.add("ParallelStateFailed", failed)
    history.leave("Parallel", "Both", after=ended)
    both, slow, bad = history.states()
    assert one == slow.id
    assert (Status.CAUGHT, "Busy") == (both.status, both.error)
    assert Status.ABORTED == slow.status
    assert "Busy" == bad.error


def test_a_function_called_by_its_arn_is_an_attempt_too() -> None:
    """LambdaFunction… events are those of a Task whose Resource is the function."""
    history = History()
    history.enter("Task", "Old", after=0)
    history.add("LambdaFunctionScheduled", resource="arn:aws:lambda:r:1:function:F", input="{}")
    history.add("LambdaFunctionSucceeded", output="{}")
    history.leave("Task", "Old")
    (attempt,) = history.states()[0].attempts
    assert ("arn:aws:lambda:r:1:function:F", Status.SUCCEEDED) == (attempt.target, attempt.status)


def test_a_long_history_is_read_whole(aws: Aws, stepfunctions: Stubber) -> None:
    """GetExecutionHistory gives at most a thousand events a page."""
    first = {"id": 1, "type": "ExecutionStarted", "timestamp": START}
    last = {"id": 2, "type": "ExecutionFailed", "timestamp": START}
    stepfunctions.add_response(
        "get_execution_history",
        {"events": [first], "nextToken": "more"},
        {"executionArn": "arn:e", "maxResults": 1000},
    )
    stepfunctions.add_response(
        "get_execution_history",
        {"events": [last]},
        {"executionArn": "arn:e", "maxResults": 1000, "nextToken": "more"},
    )
    assert ["ExecutionStarted", "ExecutionFailed"] == [
        event["type"] for event in history.events(aws, "arn:e")
    ]


def test_a_redriven_state_goes_on_with_further_attempts() -> None:
    """It was entered once; what its failure told is forgotten when it succeeds (recorded)."""
    history = History()
    history.add("ExecutionStarted")
    entered = history.enter("Task", "Resize")
    history.schedule()
    history.add("TaskFailed", error="Busy", cause="x")
    history.add("ExecutionFailed", error="Busy", cause="x")
    (before,) = history.states()
    assert (Status.FAILED, "Busy") == (before.status, before.error)
    history.add("ExecutionRedriven", redriveCount=1)
    (running,) = history.states()
    assert (Status.RUNNING, None, None) == (running.status, running.error, running.cause)
    history.schedule(after=entered)
    history.add("TaskSucceeded", output="{}")
    history.leave("Task", "Resize")
    (state,) = history.states()
    assert (Status.SUCCEEDED, None) == (state.status, state.error)
    assert [(1, 0, Status.FAILED), (2, 1, Status.SUCCEEDED)] == [
        (one.number, one.redrive, one.status) for one in state.attempts
    ]


def test_a_fail_state_that_is_redriven_fails_again() -> None:
    """With nothing between but ExecutionRedriven (recorded)."""
    history = History()
    history.enter("Fail", "Sorry", after=0)
    for count in (1, 2):
        history.add("ExecutionFailed", error="No", cause="x")
        history.add("ExecutionRedriven", redriveCount=count)
        (state,) = history.states()
        assert (Status.RUNNING, None) == (state.status, state.error)
    history.add("ExecutionFailed", error="No", cause="x")
    (state,) = history.states()
    assert (Status.FAILED, "No") == (state.status, state.error)


def test_only_branches_that_were_not_left_go_on() -> None:
    """The failed and the aborted one; who succeeded stays as it is (recorded)."""
    history = History()
    history.enter("Parallel", "Both", after=0)
    started = history.add("ParallelStateStarted")
    good = history.enter("Pass", "Good", after=started)
    history.leave("Pass", "Good", after=good)
    bad = history.enter("Task", "Bad", after=started)
    history.schedule(after=bad)
    slow = history.enter("Wait", "Slow", after=started)
    failed = history.add("TaskFailed", bad + 1, error="Busy", cause="x")
    history.add("ParallelStateFailed", failed)
    history.add("ExecutionFailed", error="Busy", cause="x")
    history.add("ExecutionRedriven", redriveCount=1)
    assert [Status.RUNNING, Status.SUCCEEDED, Status.RUNNING, Status.RUNNING] == [
        span.status for span in history.states()
    ]
    history.schedule(after=bad)
    ended = history.add("TaskSucceeded", output="{}")
    last = history.leave("Task", "Bad", after=ended)
    history.leave("Wait", "Slow", after=slow)
    history.add("ParallelStateSucceeded", last)
    history.leave("Parallel", "Both", after=last)
    history.add("ExecutionSucceeded")
    assert {Status.SUCCEEDED} == {span.status for span in history.states()}


def test_what_a_caught_parallel_gave_up_does_not_go_on() -> None:
    """A later state is redriven; those inside the Parallel are over."""
    history = History()
    history.enter("Parallel", "Both", after=0)
    started = history.add("ParallelStateStarted")
    history.enter("Wait", "Slow", after=started)
    bad = history.enter("Task", "Bad", after=started)
    history.schedule(after=bad)
    history.add("TaskFailed", error="Busy", cause="x")
    failed = history.add("ParallelStateFailed")
    history.leave("Parallel", "Both", after=failed)
    history.enter("Task", "Later")
    history.schedule()
    history.add("TaskFailed", error="No", cause="x")
    history.add("ExecutionFailed", error="No", cause="x")
    history.add("ExecutionRedriven", redriveCount=1)
    _, slow, bad_span, later = history.states()
    assert [Status.ABORTED, Status.RUNNING] == [slow.status, later.status]
    assert (Status.ABORTED, "Busy") == (bad_span.status, bad_span.error)


def test_what_a_retried_parallel_gave_up_is_not_left_running() -> None:
    """Its branches started anew; the first ones were never left, on AWS and here."""
    history = History()
    history.enter("Parallel", "Both", after=0)
    for _ in range(2):
        started = history.add("ParallelStateStarted", 1)
        history.enter("Pass", "Each", after=started)
    left = history.leave("Pass", "Each")
    history.leave("Parallel", "Both", after=left)
    both, first, second = history.states()
    assert [Status.SUCCEEDED, Status.ABORTED, Status.SUCCEEDED] == [
        both.status,
        first.status,
        second.status,
    ]


def test_iterations_are_told_apart_by_their_index() -> None:
    """That of MapIterationStarted, whichever event it follows; neighbours share it."""
    history = History()
    history.enter("Map", "Each", after=0)
    started = history.add("MapStateStarted", length=2)
    first = history.add("MapIterationStarted", started, name="Each", index=0)
    inner = history.enter("Pass", "A", after=first)
    left = history.leave("Pass", "A", after=inner)
    second = history.add("MapIterationStarted", left, name="Each", index=1)
    history.enter("Pass", "A", after=second)
    history.enter("Pass", "B", after=left)
    each, one, two, behind = history.states()
    assert (None, 0, 1, 0) == (each.iteration, one.iteration, two.iteration, behind.iteration)
    assert [each.id] * 3 == [one.parent, two.parent, behind.parent]


def test_branches_are_counted() -> None:
    """As they are begun: no event tells an index."""
    history = History()
    history.enter("Parallel", "Both", after=0)
    started = history.add("ParallelStateStarted")
    history.enter("Pass", "A", after=started)
    history.enter("Pass", "B", after=started)
    assert [None, 0, 1] == [state.iteration for state in history.states()]


def test_an_iteration_that_failed_alone_has_failed() -> None:
    """While the Map state tolerates it and goes on: what it was in was never left."""
    history = History()
    history.enter("Map", "Each", after=0)
    history.add("MapStateStarted", length=1)
    history.add("MapIterationStarted", name="Each", index=0)
    history.enter("Fail", "No")
    history.add("MapIterationFailed", name="Each", index=0)
    history.add("MapStateSucceeded")
    history.leave("Map", "Each")
    each, no = history.states()
    assert (Status.SUCCEEDED, Status.FAILED) == (each.status, no.status)


def test_a_nested_execution_is_named_as_soon_as_it_is_started() -> None:
    """By TaskSubmitted, and still when it failed; a result of another service names none."""
    history = History()
    history.enter("Task", "Nest", after=0)
    history.add("TaskScheduled", resourceType="states", resource="startExecution.sync")
    told = json.dumps({"ExecutionArn": "arn:child"})
    history.add("TaskSubmitted", resourceType="states", output=told)
    assert ["arn:child"] == [one.child for one in history.states()[0].attempts]
    history.add("TaskFailed", resourceType="states", error="States.TaskFailed", cause=told)
    history.schedule()
    history.add("TaskSucceeded", resourceType="lambda", output=told)
    assert ["arn:child", None] == [one.child for one in history.states()[0].attempts]


def test_the_variables_that_a_state_sets_are_told() -> None:
    """As values, where the history has each as JSON text."""
    history = History()
    history.enter("Pass", "Sets", after=0)
    history.leave("Pass", "Sets")
    history.events[-1]["stateExitedEventDetails"]["assignedVariables"] = {"x": "[1]"}
    assert '{"x": [1]}' == history.states()[0].assigned


def test_iterations_that_have_not_succeeded_are_told() -> None:
    """However their states stand."""
    history = History()
    history.enter("Map", "Each", after=0)
    started = history.add("MapStateStarted", length=3)
    for index in (2, 0, 1):
        history.add("MapIterationStarted", started, name="Each", index=index)
    assert (0, 1, 2) == history.states()[0].unfinished
    history.add("MapIterationSucceeded", name="Each", index=2)
    assert (0, 1) == history.states()[0].unfinished
