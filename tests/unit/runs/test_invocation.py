from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from runs import invocation
from runs.model import Attempt, ObjectAccess, Source, Status

if TYPE_CHECKING:
    from botocore.stub import Stubber

    from testbed.aws import Aws
    from testbed.outputs import Outputs

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
LATER = START + dt.timedelta(seconds=1)
MADE = {"success": True, "resized_key": "thumb-a.png"}


def attempt(result: Any, key: str = "a.png") -> Attempt:
    return Attempt(
        number=1,
        status=Status.SUCCEEDED,
        resource="lambda:invoke",
        scheduled_at=START,
        ended_at=LATER,
        parameters=json.dumps({"FunctionName": "F", "Payload": {"key": key}}),
        output=None if result is None else json.dumps({"Payload": result}),
    )


def head(etag: str, *, made_of: str | None = None, at: dt.datetime = START) -> dict[str, Any]:
    metadata = {} if made_of is None else {"source-etag": made_of}
    return {"ETag": f'"{etag}"', "ContentLength": 5, "Metadata": metadata, "LastModified": at}


OBSERVED, INFERRED = Source.OBSERVED, Source.INFERRED


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            (head("e1"), head("t1", made_of="e1")),
            [(OBSERVED, "source-etag is this object's ETag"), (OBSERVED, "and it is there")],
        ),
        (
            (head("e2"), head("t1", made_of="e1")),
            [(INFERRED, "has been replaced; ETag e1 was read"), (OBSERVED, "and it is there")],
        ),
        (
            (head("e1"), None),
            [(INFERRED, "no thumbnail is there"), (INFERRED, "it has been deleted since")],
        ),
        (
            (None, head("t1", made_of="e1", at=LATER + dt.timedelta(seconds=1))),
            [(INFERRED, "has been deleted since"), (INFERRED, "it has been written again since")],
        ),
    ],
    ids=["as it was", "another original", "no thumbnail", "no original, another thumbnail"],
)
def test_a_success_read_the_original_and_wrote_the_thumbnail(
    aws: Aws,
    outputs: Outputs,
    s3: Stubber,
    found: tuple[dict[str, Any] | None, ...],
    expected: list[tuple[Source, str]],
) -> None:
    """Observed is only what the objects themselves still show."""
    for one in found:
        if one is None:
            s3.add_client_error("head_object", "404")
        else:
            s3.add_response("head_object", one)
    made = invocation.objects(aws, outputs, attempt(MADE))
    assert [("GetObject", "originals", "a.png"), ("PutObject", "thumbnails", "thumb-a.png")] == [
        (access.operation, access.bucket, access.key) for access in made
    ]
    for access, (source, note) in zip(made, expected, strict=True):
        assert source is access.source
        assert note in access.note


@pytest.mark.parametrize(
    ("result", "note"),
    [
        ({"success": False, "error": "NOT_FOUND"}, "there was no such object"),
        ({"success": False, "error": "NOT_AN_IMAGE"}, "refused it: NOT_AN_IMAGE"),
        (None, "whether it was read before the failure is not known"),
    ],
)
def test_a_failure_read_at_most(
    aws: Aws, outputs: Outputs, s3: Stubber, result: Any, note: str
) -> None:
    """Nothing was written; that it was read follows from its code at best."""
    s3.add_response("head_object", head("e1"))
    (read,) = invocation.objects(aws, outputs, attempt(result))
    assert isinstance(read, ObjectAccess)
    assert ("GetObject", Source.INFERRED) == (read.operation, read.source)
    assert note in read.note


@pytest.mark.parametrize(
    "one", [attempt({"error": "INVALID_REQUEST"}), attempt(MADE, key="")], ids=["refused", "no key"]
)
def test_what_was_refused_at_once_read_nothing(aws: Aws, outputs: Outputs, one: Attempt) -> None:
    """S3 is not even asked."""
    assert () == invocation.objects(aws, outputs, one)
