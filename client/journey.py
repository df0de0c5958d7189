"""The whole way of one image: upload, POST, execution, thumbnail, told while it happens."""

from __future__ import annotations

import dataclasses
import enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from client import fetch, repeat, submit
from runs import call as api_call
from runs import collect, follow
from runs.call import ApiResponse
from runs.model import Call, ExecutionSpan, Status, Trace
from testbed import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from client.repeat import Repeat
    from testbed.aws import Aws
    from testbed.outputs import Outputs

LONGEST_S: Final = 120.0


class Station(enum.StrEnum):
    """Where a request passes."""

    API = "API Gateway"
    MACHINE = "Step Functions"
    FUNCTION = "Lambda"
    STORAGE = "S3"


class Stage(enum.StrEnum):
    """What is under way."""

    UPLOADING = "image to S3"
    POSTING = "its key to the API"
    RUNNING = "execution"
    FETCHING = "thumbnail and log lines from S3 and CloudWatch"
    ENDED = "ended"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Job:
    """What is sent.

    Attributes:
        key: the object's name; for the API's body too, unless that is given.
        body: the text to POST.
        image: bytes or a file to upload under *key* before; None uploads nothing.
        content_type: of the body.
        name: the execution's, as the Idempotency-Key of the POST; by default a new one.
        patience_s: how long the answer, and then the end, may take; by default as it is usual.
    """

    key: str
    body: str
    image: bytes | Path | None = None
    content_type: str = "application/json"
    name: str | None = None
    patience_s: float | None = None

    @classmethod
    def of(cls, request: submit.Request, image: bytes | Path) -> Job:
        """To upload *image* and ask for what *request* says."""
        return cls(key=request.key, body=request.body(), image=image)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Setback:
    """Which station said no, with which code, and why."""

    station: Station
    code: str
    cause: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Journey:
    """What is known so far.

    Attributes:
        job: what is sent.
        stage: what is under way.
        repeats: of the POST, so far.
        response: the API's, None before it came.
        call: the same as a part of a trace, with the rendered template.
        execution: as last seen; with log lines and objects when it has ended.
        thumbnail: the result, None until it was fetched or if there is none.
    """

    job: Job
    stage: Stage = Stage.UPLOADING
    repeats: tuple[Repeat, ...] = ()
    response: ApiResponse | None = None
    call: Call | None = None
    execution: ExecutionSpan | None = None
    thumbnail: fetch.StoredObject | None = None

    @property
    def trace(self) -> Trace | None:
        """The whole request, None while no execution is known."""
        if self.call is None or self.execution is None:
            return None
        return Trace(call=self.call, execution=self.execution)

    @property
    def setback(self) -> Setback | None:
        """Who refused it: the API, the function if it was tried, else the state machine."""
        if self.response is not None and not self.response.has_started:
            code, cause = self.response.refusal
            return Setback(station=Station.API, code=code, cause=cause)
        seen = self.execution
        if seen is None or seen.status in (Status.RUNNING, Status.SUCCEEDED):
            return None
        station = Station.FUNCTION if seen.attempts else Station.MACHINE
        return Setback(station=station, code=seen.error or seen.status, cause=seen.cause or "")


def send(
    aws: Aws, outputs: Outputs, job: Job, *, told: Callable[[Journey], None] = lambda _: None
) -> Journey:
    """Send *job* and follow it to its end; a refusal or a failed execution is no error here.

    Args:
        aws: where the pipeline is.
        outputs: its addresses.
        job: what to send.
        told: called with what is known at each step, and while the execution runs.

    Raises:
        TestbedError: a leg of the way could not be gone.
    """
    journey = Journey(job=job)

    def now(**changes: Any) -> Journey:
        nonlocal journey
        journey = dataclasses.replace(journey, **changes)
        told(journey)
        return journey

    now(stage=Stage.UPLOADING)
    upload(aws, outputs, job)
    now(stage=Stage.POSTING)
    template = api_call.template(aws, outputs)
    response = repeat.post(
        aws,
        outputs,
        job.body,
        content_type=job.content_type,
        key=job.name,
        timeout_s=job.patience_s or submit.READ_TIMEOUT_S,
        told=lambda again: now(repeats=(*journey.repeats, again)),
    )
    now(response=response, call=api_call.observed(outputs, response, job.body, template))
    if not response.has_started:
        return now(stage=Stage.ENDED)
    now(stage=Stage.RUNNING)
    seen = follow.to_end(
        aws,
        response.execution_arn,
        timeout_s=job.patience_s or LONGEST_S,
        on_look=lambda found: now(execution=collect.described(aws, found)),
    )
    now(stage=Stage.FETCHING, execution=seen)
    thumbnail = None
    whole = collect.with_invocations(aws, outputs, seen)
    if seen.succeeded:
        key = names.thumbnail_key(job.key)
        thumbnail = fetch.download(aws, bucket=outputs.resized_bucket, key=key)
    return now(stage=Stage.ENDED, execution=whole, thumbnail=thumbnail)


def upload(aws: Aws, outputs: Outputs, job: Job) -> None:
    """Put the image of *job* where the pipeline reads it; nothing where it has none.

    Raises:
        TestbedError: it cannot be read, or its key can name no object.
    """
    if isinstance(job.image, Path):
        submit.upload_file(aws, outputs, key=job.key, path=job.image)
    elif job.image is not None:
        submit.upload(aws, outputs, key=job.key, content=job.image)
