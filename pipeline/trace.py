"""Collects the trace of one execution from the services that saw it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from pipeline import follow, logs, trace_call, trace_history, trace_invocation
from pipeline.trace_model import Attempt, Call, ExecutionSpan, StateSpan, Status, Trace
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from testbed.aws import Aws
    from testbed.outputs import Outputs

LAST: Final = "last"
_UNKNOWN: Final = ("ExecutionDoesNotExist", "InvalidArn")


def collect(
    aws: Aws,
    outputs: Outputs,
    execution_arn: str,
    *,
    call: Call | None = None,
    logs_within_s: float = 5,
) -> Trace:
    """Everything known of the execution and the request behind it.

    Args:
        aws: where it ran.
        outputs: the pipeline that it is of.
        execution_arn: which execution; it may still run.
        call: the POST, where whoever sent it kept it.
        logs_within_s: how long to wait for log lines that are late, in seconds.

    Raises:
        TestbedError: there is no such execution.
    """
    seen = execution(aws, execution_arn)
    if call is None:
        call = trace_call.inferred(outputs, seen.input, trace_call.template(aws, outputs))
    return Trace(call=call, execution=with_invocations(aws, outputs, seen, within_s=logs_within_s))


def execution(aws: Aws, execution_arn: str) -> ExecutionSpan:
    """The execution with its states, as Step Functions alone tells it.

    Raises:
        TestbedError: there is none of that ARN.
    """
    try:
        found = aws.stepfunctions.describe_execution(executionArn=execution_arn)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _UNKNOWN:
            raise TestbedError(f"there is no execution {execution_arn}") from error
        raise
    return ExecutionSpan(
        arn=found["executionArn"],
        name=found.get("name", execution_arn.rpartition(":")[2]),
        state_machine_arn=found["stateMachineArn"],
        status=Status(found["status"]),
        started_at=found["startDate"],
        stopped_at=found.get("stopDate"),
        input=found.get("input", ""),
        output=found.get("output"),
        error=found.get("error"),
        cause=found.get("cause"),
        states=trace_history.states(follow.history(aws, execution_arn)),
    )


def with_invocations(
    aws: Aws, outputs: Outputs, seen: ExecutionSpan, *, within_s: float = 5
) -> ExecutionSpan:
    """*seen* with the function's log and objects at each attempt that names an invocation."""
    ids = [one.request_id for one in seen.attempts if one.request_id and _ours(one, outputs)]
    spoken = logs.of_requests(
        aws,
        outputs,
        ids,
        since=seen.started_at,
        until=seen.stopped_at or dt.datetime.now(dt.UTC),
        timeout_s=within_s,
    )
    by_id = {one.request_id: one for one in spoken}
    states = tuple(_state(aws, outputs, state, by_id) for state in seen.states)
    return dataclasses.replace(seen, states=states)


def _state(
    aws: Aws, outputs: Outputs, state: StateSpan, by_id: Mapping[str, logs.Invocation]
) -> StateSpan:
    attempts = tuple(_attempt(aws, outputs, one, by_id) for one in state.attempts)
    return dataclasses.replace(state, attempts=attempts)


def _attempt(
    aws: Aws, outputs: Outputs, attempt: Attempt, by_id: Mapping[str, logs.Invocation]
) -> Attempt:
    if attempt.request_id is None or not _ours(attempt, outputs):
        return attempt
    found = by_id.get(attempt.request_id)
    if found is None:
        return dataclasses.replace(attempt, note="its log lines have not arrived")
    objects = trace_invocation.objects(aws, outputs, attempt)
    return dataclasses.replace(attempt, invocation=trace_invocation.span(found, objects))


def _ours(attempt: Attempt, outputs: Outputs) -> bool:
    """Whether it called the pipeline's function, whose log group we read."""
    name = (attempt.target or "").partition(":function:")[2] or attempt.target or ""
    return name.partition(":")[0] == outputs.function_name


def find(aws: Aws, outputs: Outputs, wanted: str) -> str:
    """The ARN of the execution that *wanted* means: an ARN, a name, or ``last``.

    Raises:
        TestbedError: nothing has run yet.
    """
    if wanted.startswith("arn:"):
        return wanted
    if wanted != LAST:
        machine = outputs.state_machine_arn.replace(":stateMachine:", ":execution:")
        return f"{machine}:{wanted}"
    newest = aws.stepfunctions.list_executions(
        stateMachineArn=outputs.state_machine_arn, maxResults=1
    )["executions"]
    if not newest:
        raise TestbedError("nothing has run yet; `make process IMAGE=samples/club2.png` sends one")
    return newest[0]["executionArn"]
