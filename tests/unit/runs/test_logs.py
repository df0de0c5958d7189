from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.stub import ANY, Stubber

from runs import logs as function_logs

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef

    from runs.model import InvocationSpan
    from testbed.aws import Aws
    from testbed.outputs import Outputs

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
END = START + dt.timedelta(seconds=1)
REPORT = (
    "REPORT RequestId: r1\tDuration: 68.20 ms\tBilled Duration: 69 ms\tMemory Size: 1024 MB\t"
    "Max Memory Used: 110 MB\t"
)


def line(message: str, stream: str = "s1", ms: int = 0) -> dict[str, Any]:
    return {"logStreamName": stream, "message": message, "timestamp": ms, "eventId": "1"}


def run(
    request_id: str, stream: str = "s1", said: str = "working", after_ms: int = 0
) -> list[dict[str, Any]]:
    start_ms = int(START.timestamp() * 1000) + after_ms
    return [
        line(f"START RequestId: {request_id} Version: $LATEST\n", stream, start_ms),
        line(f"{said}\n", stream),
        line(f"END RequestId: {request_id}\n", stream),
        line(f"REPORT RequestId: {request_id}\tDuration: 5.00 ms\n", stream),
    ]


def of(events: list[dict[str, Any]]) -> tuple[InvocationSpan, ...]:
    return function_logs.invocations(cast("list[FilteredLogEventTypeDef]", events))


def test_an_invocation_is_all_from_start_to_report() -> None:
    """Lines before a START and after a REPORT belong to none; line ends are dropped."""
    (one,) = of([line("INIT_START"), *run("r1"), line("stray")])
    assert "r1" == one.request_id
    assert (
        "START RequestId: r1 Version: $LATEST",
        "working",
        "END RequestId: r1",
        "REPORT RequestId: r1\tDuration: 5.00 ms",
    ) == tuple(line.text for line in one.lines)


def test_invocations_at_the_same_time_are_kept_apart_by_their_streams() -> None:
    """Each execution environment writes a stream of its own."""
    mixed = [
        event
        for pair in zip(run("r1", "s1", "one"), run("r2", "s2", "two"), strict=True)
        for event in pair
    ]
    assert [("r1", "one"), ("r2", "two")] == [
        (one.request_id, one.lines[1].text) for one in of(mixed)
    ]


def test_a_warm_environment_serves_one_after_the_other() -> None:
    """Several invocations share a stream."""
    assert ["r1", "r2"] == [one.request_id for one in of(run("r1") + run("r2"))]


def test_an_invocation_without_its_report_is_not_whole_yet() -> None:
    """Lines arrive late and in parts."""
    (one,) = of(run("r1")[:2])
    assert not one.whole
    assert of(run("r1"))[0].whole


def test_what_the_function_prints_is_not_taken_for_a_report() -> None:
    """A line of the function's that looks like another's REPORT ends nothing."""
    (one,) = of(run("r1", said="REPORT RequestId: r0\tnot mine"))
    assert 4 == len(one.lines)


def test_an_executions_lines_are_those_of_its_own_invocations(
    aws: Aws, outputs: Outputs, logs: Stubber
) -> None:
    """Others of the same moment are left out, and late lines are waited for."""
    expected = {"logGroupName": "/aws/lambda/F", "startTime": ANY, "endTime": ANY}
    logs.add_client_error("filter_log_events", "ResourceNotFoundException")
    logs.add_response("filter_log_events", {"events": run("r2")}, expected)
    logs.add_response("filter_log_events", {"events": run("r2") + run("r1")[:1]}, expected)
    logs.add_response("filter_log_events", {"events": run("r2") + run("r1")}, expected)
    found = function_logs.of_requests(aws, outputs, ["r1"], since=START, until=END)
    assert ["r1"] == [one.request_id for one in found]


def test_where_the_history_names_none_nothing_is_guessed(aws: Aws, outputs: Outputs) -> None:
    """Lines of the same moment may be another execution's; not even a request is made."""
    assert () == function_logs.of_requests(aws, outputs, [], since=START, until=END)


def test_every_line_has_its_time() -> None:
    """A trace shows when each was logged."""
    (one,) = of(run("r1", after_ms=5))
    assert START + dt.timedelta(milliseconds=5) == one.lines[0].at


@pytest.mark.parametrize(("there", "lines"), [([], 0), (run("r1")[:3], 3)])
def test_at_the_deadline_what_is_there_is_given(
    aws: Aws, outputs: Outputs, logs: Stubber, there: list[dict[str, Any]], lines: int
) -> None:
    """Missing log lines are no failure of the execution."""
    logs.add_response("filter_log_events", {"events": there})
    found = function_logs.of_requests(aws, outputs, ["r1"], since=START, until=END, timeout_s=0)
    assert lines == sum(len(one.lines) for one in found)


def test_a_warm_report_is_read() -> None:
    """Milliseconds and megabytes, as Lambda writes them."""
    (span,) = of([line("START RequestId: r1"), line(REPORT)])
    assert (False, 68.2, 69, None, 1024, 110) == (
        span.cold,
        span.duration_ms,
        span.billed_ms,
        span.init_ms,
        span.memory_mb,
        span.max_memory_mb,
    )


def test_a_cold_start_is_told_by_its_init_duration() -> None:
    """The field is there for the first invocation of an environment alone."""
    (span,) = of([line("START RequestId: r1"), line(REPORT + "Init Duration: 71.00 ms")])
    assert (True, 71) == (span.cold, span.init_ms)


def test_without_a_report_nothing_is_known_of_it() -> None:
    """Not even whether it was warm."""
    (span,) = of([line("START RequestId: r1")])
    assert (None, None, 1) == (span.cold, span.duration_ms, len(span.lines))
