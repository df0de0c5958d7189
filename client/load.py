"""A burst of requests, and the balance of it: what became of every one that was accepted.

Each POST has an image and a key of its own, so that what is counted can be told apart: its
execution by ARN and input, its thumbnail by key.
"""

from __future__ import annotations

import collections
import dataclasses
import io
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from itertools import batched
from typing import TYPE_CHECKING, Final

from PIL import Image

from client import repeat, submit
from runs import collect
from runs.model import ExecutionSpan, Status
from testbed import names
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from runs.call import ApiResponse
    from testbed.aws import Aws
    from testbed.outputs import Outputs

IMAGE_PX: Final = 64
_LOOK_EVERY_S: Final = 0.5
# DeleteObjects takes so many at once.
_DELETED_AT_ONCE: Final = 1_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sent:
    """One POST and its answer.

    Attributes:
        key: of its image.
        execution_arn: of the execution that it started; None if none was.
        refusal: status and error code of a refusal, None if it was accepted or not answered.
        failure: what came instead of an answer, or an answer of the 500s; else None.
        latency_ms: from the request to the answer, in milliseconds.
        request_id: API Gateway's; None if it did not answer.
    """

    key: str
    latency_ms: float
    execution_arn: str | None = None
    refusal: str | None = None
    failure: str | None = None
    request_id: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Balance:
    """What became of the POSTs; all but the first four must be empty.

    Attributes:
        duplicate: ARNs of executions that no accepted POST was told of.
    """

    accepted: int
    refused: Mapping[str, int]
    succeeded: int
    executions: Sequence[ExecutionSpan]
    failed: Mapping[str, int]
    unanswered: Mapping[str, int]
    lost: Sequence[str]
    duplicate: Sequence[str]
    missing: Sequence[str]
    stray: Sequence[str]

    @property
    def is_whole(self) -> bool:
        """Whether every POST ended in one refusal, or in one execution and one thumbnail."""
        wrong = (self.failed, self.unanswered, self.lost, self.duplicate, self.missing, self.stray)
        return self.accepted > 0 and not any(wrong)


def balance(
    sent: Sequence[Sent], executions: Sequence[ExecutionSpan], thumbnails: Iterable[str]
) -> Balance:
    """The balance of *sent*.

    Args:
        sent: every POST.
        executions: all whose input names one of the burst's keys.
        thumbnails: keys of all thumbnails of the burst.
    """
    known: Mapping[tuple[str | None, str], ExecutionSpan]
    known = {(one.arn, one.key): one for one in executions}
    made = collections.Counter(thumbnails)
    accepted = [one for one in sent if one.execution_arn is not None]
    told = {one.execution_arn for one in accepted}
    own = [known.get((one.execution_arn, one.key)) for one in accepted]
    ended = [one for one in own if one and one.status is not Status.RUNNING]
    succeeded = [one for one in ended if one.succeeded]
    wanted = {names.thumbnail_key(one.key) for one in succeeded}
    return Balance(
        accepted=len(accepted),
        refused=collections.Counter(one.refusal for one in sent if one.refusal),
        unanswered=collections.Counter(one.failure for one in sent if one.failure),
        succeeded=len(succeeded),
        executions=ended,
        failed=collections.Counter(_failure(e) for e in ended if not e.succeeded),
        lost=[
            one.key
            for one, execution in zip(accepted, own, strict=True)
            if execution is None or execution.status is Status.RUNNING
        ],
        duplicate=[one.arn for one in executions if one.arn not in told],
        missing=sorted(wanted - set(made)),
        stray=sorted(set(made) - wanted),
    )


def _failure(execution: ExecutionSpan) -> str:
    return f"{execution.status} {execution.error or ''}".strip()


class RequestBurst:
    """Requests from many clients at once, under keys of its own.

    Args:
        aws: where it runs.
        outputs: its addresses.
        prefix: of all its keys; nobody else's.
        count: how many.
        clients: how many at once.
    """

    def __init__(
        self, aws: Aws, outputs: Outputs, *, prefix: str, count: int, clients: int
    ) -> None:
        self._aws, self._outputs, self._clients, self._prefix = aws, outputs, clients, prefix
        self.keys = [f"{prefix}{n}.png" for n in range(count)]

    def upload(self, done: Callable[[], None]) -> None:
        """An image for each request; *done* is called after each."""
        image = png(IMAGE_PX)

        def one(key: str) -> None:
            submit.upload(self._aws, self._outputs, key=key, content=image)
            done()

        self._each(one, self.keys)

    def post(
        self, done: Callable[[], None], *, until: Callable[[], bool] | None = None
    ) -> list[Sent]:
        """Send all requests.

        Args:
            done: called after each.
            until: for an API that goes and comes back: a request that is not answered is sent
                again, with the same Idempotency-Key, for as long as this is false.
        """

        def one(key: str) -> Sent:
            if until is None:
                sent = send(self._outputs, key)
            else:
                sent = send_until(self._aws, self._outputs, key, until)
            done()
            return sent

        return self._each(one, self.keys)

    def follow(
        self, arns: Iterable[str], timeout_s: float, done: Callable[[int], None]
    ) -> list[ExecutionSpan]:
        """Every execution of the burst, once those of *arns* have ended or *timeout_s* passed."""
        open_, deadline = set(arns), time.monotonic() + timeout_s
        while True:
            listed = list(collect.listed(self._aws, self._outputs.state_machine_arn))
            open_ -= {one.arn for one in listed if one.status is not Status.RUNNING}
            done(len(open_))
            if not open_ or time.monotonic() >= deadline:
                break
            threading.Event().wait(_LOOK_EVERY_S)
        described = self._each(self._described, [one.arn for one in listed])
        return [one for one in described if one.key.startswith(self._prefix)]

    def thumbnails(self) -> list[str]:
        """Keys of the thumbnails that there are."""
        return self._objects(self._outputs.resized_bucket, names.thumbnail_key(self._prefix))

    def remove(self) -> None:
        """Delete the images and the thumbnails."""
        originals, resized = self._outputs.original_bucket, self._outputs.resized_bucket
        for bucket, prefix in (
            (originals, self._prefix),
            (resized, names.thumbnail_key(self._prefix)),
        ):
            for some in batched(self._objects(bucket, prefix), _DELETED_AT_ONCE, strict=False):
                self._aws.s3.delete_objects(
                    Bucket=bucket, Delete={"Objects": [{"Key": key} for key in some]}
                )

    def _each[T](self, work: Callable[[str], T], items: Iterable[str]) -> list[T]:
        with ThreadPoolExecutor(self._clients) as pool:
            return list(pool.map(work, items))

    def _described(self, arn: str) -> ExecutionSpan:
        return collect.span(self._aws.stepfunctions.describe_execution(executionArn=arn))

    def _objects(self, bucket: str, prefix: str) -> list[str]:
        pages = self._aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [one["Key"] for page in pages for one in page.get("Contents", [])]


def send(outputs: Outputs, key: str) -> Sent:
    """POST one request; whatever comes of it is told, nothing raised."""
    body = submit.Request(key=key, mode="copy").body()
    began = time.monotonic()
    try:
        response = submit.post(outputs, body)
    except TestbedError as error:
        cause = type(error.__cause__ or error).__name__
        waited_ms = (time.monotonic() - began) * 1000
        return Sent(key=key, latency_ms=waited_ms, failure=f"no answer: {cause}")
    return _told(response, key)


def send_until(aws: Aws, outputs: Outputs, key: str, answers: Callable[[], bool]) -> Sent:
    """POST one request, again and again with one Idempotency-Key until it is answered.

    Once *answers* is true, whoever does not answer fails.
    """
    body, own = submit.Request(key=key, mode="copy").body(), str(uuid.uuid4())
    began = time.monotonic()
    while True:
        is_last = answers()
        try:
            response = repeat.post(aws, outputs, body, key=own)
        except TestbedError as error:
            cause = type(error.__cause__ or error).__name__
            if is_last:
                waited_ms = (time.monotonic() - began) * 1000
                return Sent(key=key, latency_ms=waited_ms, failure=f"no answer: {cause}")
            continue
        return _told(response, key)


def _told(response: ApiResponse, key: str) -> Sent:
    """What an answer says of the request for *key*."""
    sent = Sent(key=key, latency_ms=response.elapsed_ms, request_id=response.request_id)
    if response.has_started:
        return dataclasses.replace(sent, execution_arn=response.execution_arn)
    code, text = response.refusal
    told = f"{response.status} {text if code == f'HTTP {response.status}' else code}"
    if HTTPStatus.BAD_REQUEST <= response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return dataclasses.replace(sent, refusal=told)
    return dataclasses.replace(sent, failure=told)


def with_injected(sent: Sequence[Sent], request_ids: Collection[str]) -> list[Sent]:
    """*sent*, where an answer of the 500s is a refusal if one of *request_ids* had it.

    Those are the requests that a fault was asked for: no failure of the pipeline's own.
    """
    return [
        dataclasses.replace(one, refusal=f"{one.failure} (injected)", failure=None)
        if one.failure and one.request_id in request_ids
        else one
        for one in sent
    ]


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which *share* of *values* is, by the nearest rank; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered)) - 1))] if ordered else 0


def png(side_px: int) -> bytes:
    """A square PNG of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (side_px, side_px), (0x30, 0x60, 0x90)).save(file, "PNG")
    return file.getvalue()
