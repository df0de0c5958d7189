"""What the function said while it served an execution, from CloudWatch Logs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import TYPE_CHECKING

from testbed import waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef

    from pipeline.follow import ExecutionReport
    from testbed.aws import Aws
    from testbed.outputs import Outputs

_START = re.compile(r"START RequestId: (\S+)")
_REPORT = re.compile(r"REPORT RequestId: (\S+)")
# Log lines carry the clocks of other services, and may be stamped when they arrive.
_SKEW = dt.timedelta(seconds=1)
_TICK = dt.timedelta(milliseconds=1)  # log lines are stamped in whole milliseconds
_LATE = dt.timedelta(seconds=10)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Invocation:
    """The log lines of one invocation, from START to REPORT, without line ends."""

    request_id: str
    log_stream: str
    started_at: dt.datetime
    lines: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether its REPORT, the last line of every invocation, has arrived."""
        report = _REPORT.match(self.lines[-1]) if self.lines else None
        return report is not None and report[1] == self.request_id


def of_execution(
    aws: Aws,
    outputs: Outputs,
    report: ExecutionReport,
    *,
    timeout_s: float = 5,
) -> tuple[Invocation, ...]:
    """The invocations that served the execution, once their lines have arrived.

    Lambda hands its lines over after the answer: they are waited for. What was said by the
    deadline is given as it is. AWS's history names the invocations that answered; where it names
    none, all that started during a task are given, which may be another execution's too.

    Args:
        aws: where it ran.
        outputs: names the function.
        report: the ended execution.
        timeout_s: how long to wait for lines, in seconds.
    """
    expected = max(1, len(report.request_ids))
    found: tuple[Invocation, ...] = ()

    def arrived() -> tuple[bool | None, str]:
        nonlocal found
        some = _between(aws, outputs, report.started_at, report.stopped_at)
        found = tuple(one for one in some if _serves(one, report))
        whole = len(found) >= expected and all(one.whole for one in found)
        return (True if whole else None), f"{len(found)} invocations"

    try:
        waiting.until(arrived, "the function's log lines", timeout_s=timeout_s, interval_s=0.1)
    except waiting.WaitTimeout:
        return found  # late lines are no failure of the execution; what is there is shown
    return found


def _serves(invocation: Invocation, report: ExecutionReport) -> bool:
    """Whether it is named by the history or, where that names none, ran during a task."""
    if report.request_ids:
        return invocation.request_id in report.request_ids
    return any(
        visit.entered_at - _TICK <= invocation.started_at <= (visit.exited_at or report.stopped_at)
        for visit in report.visits
        if visit.type == "Task"
    )


def _between(
    aws: Aws, outputs: Outputs, start: dt.datetime, end: dt.datetime
) -> tuple[Invocation, ...]:
    try:
        pages = aws.logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{outputs.function_name}",
            startTime=_epoch_ms(start - _SKEW),
            endTime=_epoch_ms(end + _LATE),
        )
        return invocations([event for page in pages for event in page["events"]])
    except aws.logs.exceptions.ResourceNotFoundException:
        return ()  # the group is made with the first line


def invocations(events: Iterable[FilteredLogEventTypeDef]) -> tuple[Invocation, ...]:
    """Log *events* as invocations: an environment serves one at a time, and has its own stream."""
    found: list[Invocation] = []
    running: dict[str, int] = {}  # stream → index in found
    for event in events:
        stream, line = event["logStreamName"], event["message"].rstrip("\r\n")
        if start := _START.match(line):
            running[stream] = len(found)
            at = dt.datetime.fromtimestamp(event["timestamp"] / 1000, dt.UTC)
            found.append(
                Invocation(request_id=start[1], log_stream=stream, started_at=at, lines=())
            )
        if stream in running:
            one = found[running[stream]]
            found[running[stream]] = one = dataclasses.replace(one, lines=(*one.lines, line))
            if one.whole:
                del running[stream]
    return tuple(found)


def _epoch_ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)
