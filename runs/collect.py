"""Collects the trace of one execution from the services that saw it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from typing import TYPE_CHECKING, Any, Final

from runs import call as api_call
from runs import history, injected, invocation, logs
from runs.model import Attempt, Call, ExecutionSpan, InvocationSpan, StateSpan, Status, Trace
from testbed import faults
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_stepfunctions.type_defs import DescribeExecutionOutputTypeDef

    from testbed.aws import Aws
    from testbed.outputs import Outputs

LAST: Final = "last"
LATE: Final = "its log lines have not arrived"
_PAGE_ITEMS: Final = 1000
# A request that was delayed on its way is older than what it started.
_BEFORE: Final = dt.timedelta(minutes=15)


def collect(aws: Aws, outputs: Outputs, execution_arn: str, *, call: Call | None = None) -> Trace:
    """Everything known of the execution and the request behind it.

    Args:
        aws: where it ran.
        outputs: the pipeline that it is of.
        execution_arn: which execution; it may still run.
        call: the POST, where whoever sent it kept it.

    Raises:
        TestbedError: there is no such execution.
    """
    seen = execution(aws, execution_arn)
    if call is None:
        call = api_call.inferred(outputs, seen.input, api_call.template(aws, outputs))
    call = injected.mark_call(call, _faults(outputs, seen.started_at - _BEFORE))
    return Trace(call=call, execution=with_invocations(aws, outputs, seen))


def execution(aws: Aws, execution_arn: str) -> ExecutionSpan:
    """The execution with its states, as Step Functions alone tells it.

    Raises:
        TestbedError: there is none of that ARN.
    """
    seen = alone(aws, execution_arn)
    states = history.states(history.events(aws, execution_arn))
    return dataclasses.replace(seen, states=states)


def alone(aws: Aws, execution_arn: str) -> ExecutionSpan:
    """The execution without its states: one request.

    Raises:
        TestbedError: there is none of that ARN.
    """
    sfn = aws.stepfunctions
    try:
        return span(sfn.describe_execution(executionArn=execution_arn))
    except (sfn.exceptions.ExecutionDoesNotExist, sfn.exceptions.InvalidArn) as error:
        raise TestbedError(
            f"there is no execution {execution_arn}; `make trace` without ID shows the last one"
        ) from error


def described(aws: Aws, found: DescribeExecutionOutputTypeDef) -> ExecutionSpan:
    """The execution that DescribeExecution *found*, with its states."""
    states = history.states(history.events(aws, found["executionArn"]))
    return dataclasses.replace(span(found), states=states)


def listed(aws: Aws, state_machine_arn: str, *, most: int = sys.maxsize) -> Iterator[ExecutionSpan]:
    """The state machine's executions, the latest first; what a list tells of each is little.

    Args:
        aws: where they run.
        state_machine_arn: whose.
        most: how many; all by default.
    """
    pages = aws.stepfunctions.get_paginator("list_executions").paginate(
        stateMachineArn=state_machine_arn,
        PaginationConfig={"MaxItems": most, "PageSize": min(most, _PAGE_ITEMS)},
    )
    return (span(one) for page in pages for one in page["executions"])


def span(found: Mapping[str, Any]) -> ExecutionSpan:
    """The execution that DescribeExecution or ListExecutions *found*, without its states."""
    return ExecutionSpan(
        arn=found["executionArn"],
        name=found.get("name", found["executionArn"].rpartition(":")[2]),
        state_machine_arn=found["stateMachineArn"],
        status=Status(found["status"]),
        started_at=found["startDate"],
        stopped_at=found.get("stopDate"),
        input=found.get("input", ""),
        output=found.get("output"),
        error=found.get("error"),
        cause=found.get("cause"),
        redrives=found.get("redriveCount", 0),
        redriven_at=found.get("redriveDate"),
        redrivable=found.get("redriveStatus") == "REDRIVABLE",
    )


def definition(aws: Aws, execution_arn: str) -> str:
    """The definition of the state machine as it was when the execution started, JSON text."""
    machine = aws.stepfunctions.describe_state_machine_for_execution(executionArn=execution_arn)
    return machine["definition"]


def with_invocations(
    aws: Aws, outputs: Outputs, seen: ExecutionSpan, *, within_s: float = 5
) -> ExecutionSpan:
    """*seen* with the function's log and objects at each attempt that names an invocation."""
    ids = [one.request_id for one in seen.attempts if one.request_id and _ours(one, outputs)]
    ended_at = seen.stopped_at or dt.datetime.now(dt.UTC)
    # Where the clock was set back meanwhile, it ended before it began.
    spoken = logs.of_requests(
        aws,
        outputs,
        ids,
        since=min(seen.started_at, ended_at),
        until=max(seen.started_at, ended_at),
        timeout_s=within_s,
    )
    by_id = {one.request_id: one for one in spoken}

    def told(state: StateSpan) -> StateSpan:
        attempts = tuple(_attempt(aws, outputs, one, by_id) for one in state.attempts)
        return dataclasses.replace(state, attempts=attempts)

    whole = dataclasses.replace(seen, states=tuple(map(told, seen.states)))
    return injected.mark(whole, _faults(outputs, seen.started_at))


def _faults(outputs: Outputs, since: dt.datetime) -> tuple[faults.InjectedFault, ...]:
    """What was injected from then on; nothing on AWS, which has no such thing."""
    return faults.hits(outputs.endpoint, since.timestamp()) if outputs.endpoint else ()


def _attempt(
    aws: Aws, outputs: Outputs, attempt: Attempt, by_id: Mapping[str, InvocationSpan]
) -> Attempt:
    if attempt.request_id is None or not _ours(attempt, outputs):
        return attempt
    found = by_id.get(attempt.request_id)
    if found is None:
        return dataclasses.replace(attempt, note=LATE)
    objects = invocation.objects(aws, outputs, attempt)
    return dataclasses.replace(attempt, invocation=dataclasses.replace(found, objects=objects))


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
