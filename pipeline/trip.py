"""The whole way of one image: upload, POST, execution, thumbnail, and what was said meanwhile."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from pipeline import fetch, follow, logs, submit
from testbed import names

if TYPE_CHECKING:
    from pathlib import Path

    from testbed.aws import Aws
    from testbed.outputs import Outputs

Step = Callable[[str], AbstractContextManager[Callable[[str], None]]]
"""How progress is shown: `testbed.terminal.step`, or nothing."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trip:
    """Everything that one image met on its way.

    Attributes:
        outputs: the pipeline that it went through.
        original: what was uploaded, None if Pillow cannot read it.
        submission: the API's answer.
        execution: the ended execution.
        invocations: the function's log lines; see `logs.of_execution`.
        thumbnail: the result's object, None if the execution failed.
        saved_as: the file with the result's bytes, None likewise.
    """

    outputs: Outputs
    original: fetch.Facts | None
    submission: submit.Submission
    execution: follow.ExecutionReport
    invocations: tuple[logs.Invocation, ...]
    thumbnail: fetch.StoredObject | None = None
    saved_as: Path | None = None


@contextlib.contextmanager
def _unseen(_what: str) -> Iterator[Callable[[str], None]]:
    yield lambda _text: None


def take(
    aws: Aws,
    outputs: Outputs,
    request: submit.Request,
    *,
    image: Path,
    results: Path,
    step: Step = _unseen,
) -> Trip:
    """Send the file *image* through the pipeline and keep its thumbnail in the folder *results*.

    Raises:
        TestbedError: a leg of the way could not be gone; a failed execution is no error here.
    """
    with step(f"image to s3://{outputs.original_bucket}"):
        submit.upload_file(aws, outputs, key=request.key, path=image)
    with step("its key to the API"):
        submission = submit.start(outputs, request)
    with step("execution RUNNING") as note:
        execution = follow.to_end(
            aws, submission.execution_arn, on_status=lambda status: note(f"execution {status}")
        )
    with step("thumbnail and log lines from S3 and CloudWatch"):
        trip = Trip(
            outputs=outputs,
            original=fetch.file_facts(image),
            submission=submission,
            execution=execution,
            invocations=logs.of_execution(aws, outputs, execution),
        )
        return _with_thumbnail(aws, trip, results) if execution.succeeded else trip


def _with_thumbnail(aws: Aws, trip: Trip, results: Path) -> Trip:
    key = names.thumbnail_key(trip.submission.request.key)
    thumbnail = fetch.download(aws, bucket=trip.outputs.resized_bucket, key=key)
    return dataclasses.replace(trip, thumbnail=thumbnail, saved_as=fetch.save(thumbnail, results))
