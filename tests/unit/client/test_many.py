"""One image of many: what is told of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from client import journey, many, repeat
from client.journey import Job
from client.many import ImageOutcome
from runs import follow
from runs.call import ApiResponse
from runs.model import ExecutionSpan, Status
from tests.support.addresses import ON_AWS

if TYPE_CHECKING:
    from testbed.aws import Aws

STARTED = '{"executionArn": "arn:e"}'
JOB = Job(key="a.png", body='{"key": "a.png"}', image=b"i", name="batch-1")


@pytest.fixture
def legs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What each leg of the way gives, and what it was asked."""
    legs: dict[str, Any] = {"asked": []}

    def upload(_aws: object, _outputs: object, job: Job) -> None:
        legs["asked"].append(("upload", job.key))

    def post(_aws: object, _outputs: object, body: str, **options: str) -> ApiResponse:
        legs["asked"].append(("post", body, options["key"]))
        status, text = legs["answer"]
        return ApiResponse(url="u", status=status, headers={}, body=text, elapsed_ms=1)

    def to_end(_aws: object, arn: str, **_options: float) -> ExecutionSpan:
        legs["asked"].append(("follow", arn))
        status, error = legs["end"]
        return ExecutionSpan(
            arn=arn,
            name="e",
            state_machine_arn="arn:m",
            status=status,
            started_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
            error=error,
            cause="because" if error else None,
        )

    monkeypatch.setattr(journey, "upload", upload)
    monkeypatch.setattr(repeat, "post", post)
    monkeypatch.setattr(follow, "to_end", to_end)
    return legs


def test_an_image_that_went_through_has_an_execution_and_no_code(
    aws: Aws, legs: dict[str, Any]
) -> None:
    """Uploaded, asked for under the job's own name, and followed."""
    legs |= {"answer": (200, STARTED), "end": (Status.SUCCEEDED, None)}
    assert ImageOutcome(execution="e") == many.send(aws, ON_AWS, JOB)
    expected = [("upload", "a.png"), ("post", JOB.body, "batch-1"), ("follow", "arn:e")]
    assert expected == legs["asked"]


def test_a_refusal_of_the_api_is_an_outcome_without_an_execution(
    aws: Aws, legs: dict[str, Any]
) -> None:
    """Nothing is followed."""
    legs["answer"] = (400, '{"error": "INVALID_REQUEST", "message": "why"}')
    outcome = many.send(aws, ON_AWS, JOB)
    assert ImageOutcome(execution=None, code="INVALID_REQUEST", cause="why") == outcome
    assert ["upload", "post"] == [leg[0] for leg in legs["asked"]]


@pytest.mark.parametrize(
    ("end", "code", "cause"),
    [
        ((Status.FAILED, "CORRUPT_IMAGE"), "CORRUPT_IMAGE", "because"),
        ((Status.TIMED_OUT, None), "TIMED_OUT", ""),
    ],
)
def test_a_failed_execution_is_an_outcome_with_its_error(
    aws: Aws, legs: dict[str, Any], end: tuple[Status, str | None], code: str, cause: str
) -> None:
    """Its status, where there is no other word."""
    legs |= {"answer": (200, STARTED), "end": end}
    assert ImageOutcome(execution="e", code=code, cause=cause) == many.send(aws, ON_AWS, JOB)
