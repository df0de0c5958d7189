"""The second leg: an execution, followed to its end and told as the states that it entered."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING

from pipeline import trace_ids
from testbed import waiting

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    from mypy_boto3_stepfunctions.type_defs import (
        DescribeExecutionOutputTypeDef,
        HistoryEventTypeDef,
    )

    from testbed.aws import Aws

# StartExecution is eventually consistent (its API reference): for a moment after the API's answer
# AWS may not know the execution yet.
KNOWN_WITHIN_S = 5.0
FIRST_PAUSE_S, LONGEST_PAUSE_S, PAUSE_GROWTH = 0.02, 2.0, 1.3
_RUNNING = "RUNNING"
_ATTEMPTS = ("TaskScheduled", "LambdaFunctionScheduled")


@dataclasses.dataclass(frozen=True, kw_only=True)
class StateVisit:
    """One state, from entering it to leaving it.

    Attributes:
        name: as the definition calls it.
        type: ``Task``, ``Choice``, ``Succeed``, ``Fail``, …
        entered_at: when, with the service's precision of a millisecond.
        exited_at: None where the execution ended inside (a Fail state is never left).
        attempts: how often its task was scheduled; more than 1 means that it was retried.
    """

    name: str
    type: str
    entered_at: dt.datetime
    exited_at: dt.datetime | None = None
    attempts: int = 0

    @property
    def duration_ms(self) -> float | None:
        """Time spent in the state, None if it was never left."""
        return None if self.exited_at is None else _ms(self.exited_at - self.entered_at)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExecutionReport:
    """An ended execution.

    Attributes:
        arn: the execution's ARN.
        status: ``SUCCEEDED``, ``FAILED``, ``TIMED_OUT`` or ``ABORTED``.
        error: the code of a failure, else None.
        cause: its text for a person, else None.
        input: the JSON text that the execution was started with.
        output: the JSON text of its result, None unless it succeeded.
        started_at: when it was started.
        stopped_at: when it ended.
        visits: the states that it entered, in order.
        request_ids: of the Lambda invocations that answered, in order.
    """

    arn: str
    status: str
    error: str | None
    cause: str | None
    input: str
    output: str | None
    started_at: dt.datetime
    stopped_at: dt.datetime
    visits: tuple[StateVisit, ...]
    request_ids: tuple[str, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether the execution ended well."""
        return self.status == "SUCCEEDED"

    @property
    def path(self) -> tuple[str, ...]:
        """Names of the states entered, in order."""
        return tuple(visit.name for visit in self.visits)

    @property
    def duration_ms(self) -> float:
        """From start to end."""
        return _ms(self.stopped_at - self.started_at)


def to_end(
    aws: Aws,
    execution_arn: str,
    *,
    timeout_s: float = 60,
    on_status: Callable[[str], None] = lambda _status: None,
) -> ExecutionReport:
    """Wait until the execution has ended, well or not, and tell what happened.

    Args:
        aws: where it runs.
        execution_arn: which execution.
        timeout_s: how long it may take, in seconds.
        on_status: called with each status seen, for whoever shows progress.

    Raises:
        WaitTimeout: it is unknown, or still runs at the deadline.
    """
    sfn = aws.stepfunctions

    def described() -> tuple[DescribeExecutionOutputTypeDef, str]:
        return (seen := sfn.describe_execution(executionArn=execution_arn)), seen["status"]

    def ended() -> tuple[DescribeExecutionOutputTypeDef | None, str]:
        seen, status = described()
        on_status(status)
        return (None if status == _RUNNING else seen), f"status {status}"

    waiting.until(
        described,
        f"a known execution {execution_arn}",
        timeout_s=KNOWN_WITHIN_S,
        retry_on=(sfn.exceptions.ExecutionDoesNotExist,),
    )
    last = waiting.until(
        ended,
        f"the end of execution {execution_arn}",
        timeout_s=timeout_s,
        interval_s=LONGEST_PAUSE_S,
        sleep=growing_pause(),
    )
    return _report(last, history(aws, execution_arn))


def growing_pause(
    sleep: Callable[[float], None] = time.sleep,
) -> Callable[[float], None]:
    """A pause for `waiting.until`: short at first, then growing up to the interval asked for.

    A warm run is over in a tenth of a second; a slow one must not be asked fifty times a second,
    for AWS throttles DescribeExecution.
    """
    next_s = FIRST_PAUSE_S

    def pause(longest_s: float) -> None:
        nonlocal next_s
        sleep(min(next_s, longest_s))
        next_s *= PAUSE_GROWTH

    return pause


def history(aws: Aws, execution_arn: str) -> list[HistoryEventTypeDef]:
    """All events of the execution so far, in order."""
    pages = aws.stepfunctions.get_paginator("get_execution_history").paginate(
        executionArn=execution_arn
    )
    return [event for page in pages for event in page["events"]]


def visits(events: Iterable[HistoryEventTypeDef]) -> tuple[StateVisit, ...]:
    """The states entered, read from an execution's *events*."""
    seen: list[StateVisit] = []
    for event in events:
        kind = event["type"]
        if kind.endswith("StateEntered"):
            seen.append(
                StateVisit(
                    name=event["stateEnteredEventDetails"]["name"],
                    type=kind.removesuffix("StateEntered"),
                    entered_at=event["timestamp"],
                )
            )
        elif kind.endswith("StateExited"):
            at = _last_inside(seen, event["stateExitedEventDetails"]["name"])
            seen[at] = dataclasses.replace(seen[at], exited_at=event["timestamp"])
        elif kind in _ATTEMPTS and seen:
            seen[-1] = dataclasses.replace(seen[-1], attempts=seen[-1].attempts + 1)
    return tuple(seen)


def _last_inside(seen: Sequence[StateVisit], name: str) -> int:
    """Index of the latest visit of state *name*: a state may be entered more than once."""
    return max(index for index, visit in enumerate(seen) if visit.name == name)


def request_ids(events: Iterable[HistoryEventTypeDef]) -> tuple[str, ...]:
    """Request ids of the invocations that answered, well or not, in order."""
    return tuple(found for event in events if (found := trace_ids.request_id(event)))


def _report(
    last: DescribeExecutionOutputTypeDef, events: Sequence[HistoryEventTypeDef]
) -> ExecutionReport:
    return ExecutionReport(
        arn=last["executionArn"],
        status=last["status"],
        error=last.get("error"),
        cause=last.get("cause"),
        input=last.get("input", ""),
        output=last.get("output"),
        started_at=last["startDate"],
        stopped_at=last["stopDate"],
        visits=visits(events),
        request_ids=request_ids(events),
    )


def _ms(span: dt.timedelta) -> float:
    return span.total_seconds() * 1000
