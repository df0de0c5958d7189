from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from client.journey import Job, Journey, Setback, Station
from client.submit import Request
from runs.call import ApiResponse
from runs.model import Attempt, ExecutionSpan, StateSpan, Status

if TYPE_CHECKING:
    from pathlib import Path

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
TRIED = StateSpan(
    id=1,
    name="S",
    type="Task",
    status=Status.FAILED,
    entered_at=START,
    attempts=(Attempt(number=1, status=Status.FAILED, resource="r", scheduled_at=START),),
)


def response(status: int, body: str) -> ApiResponse:
    return ApiResponse(url="u", status=status, headers={}, body=body, elapsed_ms=1)


def execution(status: Status, *states: StateSpan, error: str | None = None) -> ExecutionSpan:
    return ExecutionSpan(
        arn="arn:e",
        name="e",
        state_machine_arn="arn:m",
        status=status,
        started_at=START,
        error=error,
        cause="because",
        states=states,
    )


def journey(answer: ApiResponse | None, seen: ExecutionSpan | None = None) -> Journey:
    return Journey(job=Job(key="k", body="{}"), response=answer, execution=seen)


def test_a_job_asks_for_what_its_request_says(tmp_path: Path) -> None:
    """The key names the object and stands in the body."""
    job = Job.of(Request(key="a", size=20), tmp_path)
    assert ("a", {"key": "a", "size": 20}) == (job.key, json.loads(job.body))
    assert tmp_path == job.image


@pytest.mark.parametrize(
    ("answer", "seen", "expected"),
    [
        (None, None, None),
        (response(200, '{"executionArn": "arn:e"}'), None, None),
        (response(200, '{"executionArn": "arn:e"}'), execution(Status.RUNNING, TRIED), None),
        (response(200, '{"executionArn": "arn:e"}'), execution(Status.SUCCEEDED, TRIED), None),
        (
            response(400, '{"error": "INVALID_REQUEST", "message": "why"}'),
            None,
            (Station.API, "INVALID_REQUEST", "why"),
        ),
        (response(502, "<html>"), None, (Station.API, "HTTP 502", "<html>")),
        (response(200, "[]"), None, (Station.API, "HTTP 200", "[]")),
        (
            response(200, '{"executionArn": "arn:e"}'),
            execution(Status.FAILED, TRIED, error="NOT_FOUND"),
            (Station.FUNCTION, "NOT_FOUND", "because"),
        ),
        (
            response(200, '{"executionArn": "arn:e"}'),
            execution(Status.TIMED_OUT),
            (Station.MACHINE, "TIMED_OUT", "because"),
        ),
    ],
)
def test_a_setback_names_who_said_no(
    answer: ApiResponse | None,
    seen: ExecutionSpan | None,
    expected: tuple[Station, str, str] | None,
) -> None:
    """The API, the function where it was tried, else the state machine; with code and cause."""
    wanted = expected and Setback(station=expected[0], code=expected[1], cause=expected[2])
    assert wanted == journey(answer, seen).setback


def test_there_is_a_trace_once_an_execution_is_known() -> None:
    """Not before: there is nothing to be drawn."""
    assert None is journey(response(200, "{}")).trace
