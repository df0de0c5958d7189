from __future__ import annotations

import dataclasses
import datetime as dt
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from pipeline import show
from pipeline.fetch import Facts, StoredObject
from pipeline.follow import ExecutionReport, StateVisit
from pipeline.logs import Invocation
from pipeline.submit import Answer, Request, Submission
from pipeline.trip import Trip

if TYPE_CHECKING:
    from testbed.outputs import Outputs

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)


def at(ms: int) -> dt.datetime:
    return START + dt.timedelta(milliseconds=ms)


@pytest.fixture
def trip(outputs: Outputs) -> Trip:
    return Trip(
        outputs=outputs,
        original=Facts(format="PNG", width_px=1200, height_px=800, length_bytes=194_719),
        submission=Submission(
            request=Request(key="club2.png"),
            execution_arn="arn:e",
            answer=Answer(
                url=outputs.api_url,
                status=200,
                headers={},
                body='{"executionArn": "arn:e", "startDate": 1.5}',
                elapsed_ms=12.3,
            ),
        ),
        execution=ExecutionReport(
            arn="arn:e",
            status="SUCCEEDED",
            error=None,
            cause=None,
            input="{}",
            output="{}",
            started_at=START,
            stopped_at=at(210),
            visits=(
                StateVisit(
                    name="ResizeImage",
                    type="Task",
                    entered_at=at(10),
                    exited_at=at(190),
                    attempts=1,
                ),
                StateVisit(name="SuccessState", type="Succeed", entered_at=at(200)),
            ),
            request_ids=("r1",),
        ),
        invocations=(
            Invocation(
                request_id="r1",
                log_stream="s",
                started_at=START,
                lines=("START RequestId: r1", "REPORT\tx"),
            ),
        ),
        thumbnail=StoredObject(
            bucket="thumbnails",
            key="thumb-club2.png",
            content=b"",
            content_type="image/png",
            cache_control="",
            metadata={},
            etag="",
        ),
        saved_as=Path("/results/thumb-club2.png"),
    )


def page(trip: Trip) -> str:
    file = io.StringIO()
    Console(file=file, width=120, soft_wrap=True).print(show.page(trip))
    return file.getvalue()


def test_the_page_tells_the_whole_way_in_order(trip: Trip) -> None:
    """The API's answer, the states with their times, the function's lines, both objects."""
    text = page(trip)
    told = [
        "POST http://127.0.0.1:9/prod/process",
        '{"key": "club2.png"}',
        "200 in 12 ms",
        "executionArn: arn:e",
        "SUCCEEDED in 210 ms",
        "ResizeImage",
        "at 10 ms",
        "took 180 ms",
        "SuccessState",
        "START RequestId: r1",
        "s3://originals/club2.png",
        "PNG 1200\u00d7800",
        "195 kB",
        "s3://thumbnails/thumb-club2.png",
        "/results/thumb-club2.png",
    ]
    assert told == sorted(told, key=text.index)


def test_the_page_is_for_a_projector(trip: Trip) -> None:
    """It is read from afar: few lines."""
    assert page(trip).count("\n") <= 25


def test_a_failure_shows_its_code_and_cause(trip: Trip) -> None:
    """There is no thumbnail then, and none is told of."""
    failed = dataclasses.replace(
        trip,
        execution=dataclasses.replace(
            trip.execution, status="FAILED", error="NOT_FOUND", cause="there is no object 'a'"
        ),
        thumbnail=None,
        saved_as=None,
    )
    text = page(failed)
    assert "NOT_FOUND: there is no object 'a'" in text
    assert "thumbnail" not in text


def test_retries_are_told(trip: Trip) -> None:
    """An audience sees that the state machine tried again."""
    first, last = trip.execution.visits
    visits = (dataclasses.replace(first, attempts=3), last)
    retried = dataclasses.replace(
        trip, execution=dataclasses.replace(trip.execution, visits=visits)
    )
    assert "3 attempts" in page(retried)


def test_an_execution_without_a_named_invocation_says_so(trip: Trip) -> None:
    """Lines of others are never shown for its own."""
    execution = dataclasses.replace(trip.execution, request_ids=())
    shown = page(dataclasses.replace(trip, execution=execution, invocations=()))
    assert "names no invocation" in shown


def test_an_execution_that_was_stopped_shows_its_status(trip: Trip) -> None:
    """TIMED_OUT and ABORTED may come without an error code."""
    execution = dataclasses.replace(trip.execution, status="ABORTED")
    assert "ABORTED: " in page(dataclasses.replace(trip, execution=execution))


def test_missing_log_lines_are_told(trip: Trip) -> None:
    """Rather than an empty space, where to look later."""
    assert "make logs" in page(dataclasses.replace(trip, invocations=()))


def test_a_key_is_text_whatever_it_holds(trip: Trip) -> None:
    """Brackets are not styles, and control characters do not reach the terminal."""
    key = "[red]a[/] \x1b[2J\n♣.png"
    odd = dataclasses.replace(
        trip, submission=dataclasses.replace(trip.submission, request=Request(key=key))
    )
    text = page(odd)
    assert r"s3://originals/[red]a[/] \x1b[2J\n♣.png" in text
    assert "\x1b[2J" not in text


def test_a_long_line_is_cut() -> None:
    """A function that logs a page takes one line of it here."""
    assert 200 == len(show.printable("x" * 1000))
