"""What the function said while it served an execution, from CloudWatch Logs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import TYPE_CHECKING

from runs.model import InvocationSpan, LogLine
from testbed import names, waiting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef

    from testbed.aws import Aws
    from testbed.outputs import Outputs

_START = re.compile(r"START RequestId: (\S+)")
_REPORT = re.compile(r"REPORT RequestId: (\S+)")
_FIELD = re.compile(r"([A-Z][A-Za-z ]+): ([\d.]+) (?:ms|MB)")
# Log lines carry the clocks of other services, and may be stamped when they arrive.
_SKEW = dt.timedelta(seconds=1)
_LATE = dt.timedelta(seconds=10)


def of_requests(
    aws: Aws,
    outputs: Outputs,
    request_ids: Collection[str],
    *,
    since: dt.datetime,
    until: dt.datetime,
    timeout_s: float = 5,
) -> tuple[InvocationSpan, ...]:
    """The invocations with these *request_ids*, in the order of their START lines.

    Lambda hands its lines over after the answer: they are waited for. What was said by the
    deadline is given as it is.

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
    found: tuple[InvocationSpan, ...] = ()

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
) -> tuple[InvocationSpan, ...]:
    try:
        pages = aws.logs.get_paginator("filter_log_events").paginate(
            logGroupName=names.log_group(outputs.function_name),
            startTime=_epoch_ms(start - _SKEW),
            endTime=_epoch_ms(end + _LATE),
        )
        return invocations([event for page in pages for event in page["events"]])
    except aws.logs.exceptions.ResourceNotFoundException:
        return ()  # the group is made with the first line


def invocations(events: Iterable[FilteredLogEventTypeDef]) -> tuple[InvocationSpan, ...]:
    """Log *events* as invocations: an environment serves one at a time, and has its own stream."""
    found: list[InvocationSpan] = []
    running: dict[str, int] = {}  # stream → index in found
    for event in events:
        stream, text = event["logStreamName"], event["message"].rstrip("\r\n")
        at = dt.datetime.fromtimestamp(event["timestamp"] / 1000, dt.UTC)
        if start := _START.match(text):
            running[stream] = len(found)
            found.append(InvocationSpan(request_id=start[1], log_stream=stream, started_at=at))
        if stream in running:
            one = found[running[stream]]
            one = dataclasses.replace(one, lines=(*one.lines, LogLine(at=at, text=text)))
            if (report := _REPORT.match(text)) and report[1] == one.request_id:
                one = _reported(one, text)
            found[running[stream]] = one
            if one.whole:
                del running[stream]
    return tuple(found)


def _reported(one: InvocationSpan, report: str) -> InvocationSpan:
    """*one* with the numbers of its REPORT line."""
    numbers = {name: float(value) for name, value in _FIELD.findall(report)}
    memory, used = numbers.get("Memory Size"), numbers.get("Max Memory Used")
    return dataclasses.replace(
        one,
        cold="Init Duration" in numbers,
        duration_ms=numbers.get("Duration"),
        billed_ms=numbers.get("Billed Duration"),
        init_ms=numbers.get("Init Duration"),
        memory_mb=None if memory is None else int(memory),
        max_memory_mb=None if used is None else int(used),
    )


def _epoch_ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)
