from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from runs import collect
from runs.model import Attempt, ExecutionSpan, StateSpan, Status
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from botocore.stub import Stubber

    from testbed.aws import Aws
    from testbed.outputs import Outputs

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
ARN = "arn:aws:states:ca-central-1:000000000000:execution:M:e"


def tried(target: str) -> ExecutionSpan:
    """An execution whose one attempt called *target*, and was answered by invocation r1."""
    attempt = Attempt(
        number=1,
        status=Status.SUCCEEDED,
        resource="lambda:invoke",
        scheduled_at=START,
        target=target,
        request_id="r1",
    )
    state = StateSpan(
        id=1,
        name="S",
        type="Task",
        status=Status.SUCCEEDED,
        entered_at=START,
        attempts=(attempt,),
    )
    return ExecutionSpan(
        arn=ARN,
        name="e",
        state_machine_arn="arn:m",
        status=Status.SUCCEEDED,
        started_at=START,
        stopped_at=START,
        states=(state,),
    )


def event(text: str) -> dict[str, Any]:
    return {"logStreamName": "s", "message": text, "timestamp": int(START.timestamp() * 1000)}


def test_an_attempt_gets_the_log_of_its_own_invocation(
    aws: Aws, outputs: Outputs, logs: Stubber
) -> None:
    """Whether its target is a name, an ARN, or names a version."""
    for target in ("F", "arn:aws:lambda:r:1:function:F", "arn:aws:lambda:r:1:function:F:3"):
        lines = [event("START RequestId: r1"), event("REPORT RequestId: r1\tDuration: 2 ms")]
        logs.add_response("filter_log_events", {"events": lines})
        seen = collect.with_invocations(aws, outputs, tried(target), within_s=0)
        (attempt,) = seen.attempts
        assert attempt.invocation is not None
        assert ("r1", 2) == (attempt.invocation.request_id, attempt.invocation.duration_ms)


def test_lines_that_have_not_arrived_are_told(aws: Aws, outputs: Outputs, logs: Stubber) -> None:
    """The attempt stands without an invocation, and says why."""
    logs.add_response("filter_log_events", {"events": []})
    (attempt,) = collect.with_invocations(aws, outputs, tried("F"), within_s=0).attempts
    assert (None, "its log lines have not arrived") == (attempt.invocation, attempt.note)


def test_another_function_is_left_alone(aws: Aws, outputs: Outputs) -> None:
    """Its log group is not ours; nothing is asked."""
    other = tried("arn:aws:lambda:r:1:function:G")
    assert other == collect.with_invocations(aws, outputs, other, within_s=0)


@pytest.mark.parametrize("code", ["ExecutionDoesNotExist", "InvalidArn"])
def test_an_execution_that_is_not_there_is_named(
    aws: Aws, stepfunctions: Stubber, code: str
) -> None:
    """Every other refusal of the service stays what it is."""
    stepfunctions.add_client_error("describe_execution", code)
    with pytest.raises(TestbedError, match=f"no execution {ARN}"):
        collect.execution(aws, ARN)


def test_an_execution_is_found_by_what_a_person_has(
    aws: Aws, outputs: Outputs, stepfunctions: Stubber
) -> None:
    """Its ARN, its name, or that it was the last."""
    assert ARN == collect.find(aws, outputs, ARN)
    assert ARN == collect.find(aws, outputs, "e")
    listed = {
        "executionArn": ARN,
        "stateMachineArn": outputs.state_machine_arn,
        "name": "e",
        "status": "RUNNING",
        "startDate": START,
    }
    stepfunctions.add_response("list_executions", {"executions": [listed]})
    assert ARN == collect.find(aws, outputs, collect.LAST)


def test_before_the_first_there_is_no_last(
    aws: Aws, outputs: Outputs, stepfunctions: Stubber
) -> None:
    """The error says how to make one."""
    stepfunctions.add_response("list_executions", {"executions": []})
    with pytest.raises(TestbedError, match="make process"):
        collect.find(aws, outputs, collect.LAST)


def described(**fields: Any) -> dict[str, Any]:
    plain = {"executionArn": ARN, "stateMachineArn": "arn:m", "status": "FAILED"}
    return {**plain, "startDate": START, **fields}


def test_an_execution_tells_of_its_redrives() -> None:
    """How many, when the last was, and whether it may be redriven now."""
    fields = {"redriveCount": 2, "redriveDate": START, "redriveStatus": "REDRIVABLE"}
    seen = collect.span(described(**fields))
    assert (2, START, True) == (seen.redrives, seen.redriven_at, seen.redrivable)


@pytest.mark.parametrize("fields", [{}, {"redriveCount": 0, "redriveStatus": "NOT_REDRIVABLE"}])
def test_an_execution_that_was_not_redriven_tells_so(fields: dict[str, Any]) -> None:
    """Also where nobody tells: a list, and engines that know no redrive."""
    seen = collect.span(described(**fields))
    assert (0, None, False) == (seen.redrives, seen.redriven_at, seen.redrivable)
