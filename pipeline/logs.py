"""What the function said while it served an execution, from CloudWatch Logs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import TYPE_CHECKING

from testbed import waiting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef

    from pipeline.follow import ExecutionReport
    from testbed.aws import Aws
    from testbed.outputs import Outputs

_START = re.compile(r"START RequestId: (\S+)")
_REPORT = re.compile(r"REPORT RequestId: (\S+)")
# Log lines carry the clocks of other services, and may be stamped when they arrive.
_SKEW = dt.timedelta(seconds=1)
_LATE = dt.timedelta(seconds=10)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Invocation:
    """The log lines of one invocation, from START to REPORT, without line ends.

    Attributes:
        request_id: what START and REPORT name.
        log_stream: that of the environment which served it.
        started_at: when START was logged.
        lines: all of it.
        times: when each line was logged.
    """

    request_id: str
    log_stream: str
    started_at: dt.datetime
    lines: tuple[str, ...]
    times: tuple[dt.datetime, ...] = ()

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
    deadline is given as it is. An invocation that the execution's history does not name, such as
    one of a function that could not be loaded, is not among them.

    Args:
        aws: where it ran.
        outputs: names the function.
        report: the ended execution.
        timeout_s: how long to wait for lines, in seconds.
    """
    wanted = report.request_ids
    return of_requests(
        aws, outputs, wanted, since=report.started_at, until=report.stopped_at, timeout_s=timeout_s
    )


def of_requests(
    aws: Aws,
    outputs: Outputs,
    request_ids: Collection[str],
    *,
    since: dt.datetime,
    until: dt.datetime,
    timeout_s: float = 5,
) -> tuple[Invocation, ...]:
    """The invocations with these *request_ids*, in the order of their START lines.

    Args:
        aws: where they ran.
        outputs: names the function.
        request_ids: the only thing that decides which lines are given.
        since: no line is older; with *until* it only bounds what is read.
        until: when the last of them had ended.
        timeout_s: how long to wait for lines, in seconds.
    """
    if not request_ids:
        return ()
    found: tuple[Invocation, ...] = ()

    def arrived() -> tuple[bool | None, str]:
        nonlocal found
        some = _between(aws, outputs, since, until)
        found = tuple(one for one in some if one.request_id in request_ids)
        whole = len(found) >= len(set(request_ids)) and all(one.whole for one in found)
        return (True if whole else None), f"{len(found)} invocations"

    try:
        waiting.until(arrived, "the function's log lines", timeout_s=timeout_s, interval_s=0.1)
    except waiting.WaitTimeout:
        return found  # late lines are no failure of the execution; what is there is shown
    return found


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
        at = dt.datetime.fromtimestamp(event["timestamp"] / 1000, dt.UTC)
        if start := _START.match(line):
            running[stream] = len(found)
            found.append(
                Invocation(request_id=start[1], log_stream=stream, started_at=at, lines=())
            )
        if stream in running:
            one = found[running[stream]]
            one = dataclasses.replace(one, lines=(*one.lines, line), times=(*one.times, at))
            found[running[stream]] = one
            if one.whole:
                del running[stream]
    return tuple(found)


def _epoch_ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)
