"""A burst of requests, and the account of it: what became of every one that was accepted.

Each POST has an image and a key of its own, so that what is counted can be told apart: its
execution by ARN and input, its thumbnail by key.
"""

from __future__ import annotations

import collections
import dataclasses
import json
import struct
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from pipeline import submit
from testbed import names
from testbed.errors import TestbedError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from testbed.aws import Aws
    from testbed.outputs import Outputs

IMAGE_PX: Final = 64
_OK, _REFUSED, _ILL = 200, 400, 500
_RUNNING: Final = "RUNNING"
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
        latency_s: from the request to the answer, in seconds.
    """

    key: str
    latency_s: float
    execution_arn: str | None = None
    refusal: str | None = None
    failure: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Execution:
    """One execution as Step Functions tells it; *key* is its input's."""

    arn: str
    key: str
    status: str
    error: str | None = None
    started_at: dt.datetime
    stopped_at: dt.datetime | None = None

    @property
    def duration_s(self) -> float | None:
        """From start to stop, in seconds."""
        if self.stopped_at is None:
            return None
        return (self.stopped_at - self.started_at).total_seconds()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Account:
    """What became of the POSTs; all but the first four must be empty."""

    accepted: int
    refused: Mapping[str, int]
    succeeded: int
    executions: Sequence[Execution]
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
    sent: Sequence[Sent], executions: Iterable[Execution], thumbnails: Iterable[str]
) -> Account:
    """The account of *sent*.

    Args:
        sent: every POST.
        executions: all whose input names one of the burst's keys.
        thumbnails: keys of all thumbnails of the burst.
    """
    of_key: dict[str, list[Execution]] = collections.defaultdict(list)
    for execution in executions:
        of_key[execution.key].append(execution)
    made = collections.Counter(thumbnails)
    accepted = [one for one in sent if one.execution_arn is not None]
    own = [
        next((e for e in of_key[one.key] if e.arn == one.execution_arn), None) for one in accepted
    ]
    ended = [execution for execution in own if execution and execution.status != _RUNNING]
    succeeded = [execution for execution in ended if execution.status == "SUCCEEDED"]
    wanted = {names.thumbnail_key(execution.key) for execution in succeeded}
    return Account(
        accepted=len(accepted),
        refused=collections.Counter(one.refusal for one in sent if one.refusal),
        unanswered=collections.Counter(one.failure for one in sent if one.failure),
        succeeded=len(succeeded),
        executions=ended,
        failed=collections.Counter(_failure(e) for e in ended if e.status != "SUCCEEDED"),
        lost=[
            one.key
            for one, execution in zip(accepted, own, strict=True)
            if execution is None or execution.status == _RUNNING
        ],
        duplicate=_duplicates(accepted, of_key),
        missing=sorted(wanted - set(made)),
        stray=sorted(set(made) - wanted),
    )


def _failure(execution: Execution) -> str:
    return f"{execution.status} {execution.error or ''}".strip()


def _duplicates(accepted: Sequence[Sent], of_key: Mapping[str, list[Execution]]) -> list[str]:
    """ARNs of executions that no accepted POST was told of."""
    known = {one.execution_arn for one in accepted}
    return [e.arn for found in of_key.values() for e in found if e.arn not in known]


class Burst:
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

    def post(self, done: Callable[[], None]) -> list[Sent]:
        """Send all requests."""

        def one(key: str) -> Sent:
            sent = send(self._outputs, key)
            done()
            return sent

        return self._each(one, self.keys)

    def follow(
        self, arns: Iterable[str], timeout_s: float, done: Callable[[int], None]
    ) -> list[Execution]:
        """Every execution of the burst, once those of *arns* have ended or *timeout_s* passed."""
        open_, deadline = set(arns), time.monotonic() + timeout_s
        while True:
            listed = self._listed()
            open_ -= {arn for arn, status in listed.items() if status != _RUNNING}
            done(len(open_))
            if not open_ or time.monotonic() >= deadline:
                break
            threading.Event().wait(_LOOK_EVERY_S)
        described = self._each(self._described, listed)
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
            keys = self._objects(bucket, prefix)
            for at in range(0, len(keys), _DELETED_AT_ONCE):
                some = keys[at : at + _DELETED_AT_ONCE]
                self._aws.s3.delete_objects(
                    Bucket=bucket, Delete={"Objects": [{"Key": key} for key in some]}
                )

    def _each[T](self, work: Callable[[str], T], items: Iterable[str]) -> list[T]:
        with ThreadPoolExecutor(self._clients) as pool:
            return list(pool.map(work, items))

    def _listed(self) -> dict[str, str]:
        pages = self._aws.stepfunctions.get_paginator("list_executions").paginate(
            stateMachineArn=self._outputs.state_machine_arn, PaginationConfig={"PageSize": 1000}
        )
        return {one["executionArn"]: one["status"] for page in pages for one in page["executions"]}

    def _described(self, arn: str) -> Execution:
        seen = self._aws.stepfunctions.describe_execution(executionArn=arn)
        return Execution(
            arn=arn,
            key=_key_in(seen.get("input", "")),
            status=seen["status"],
            error=seen.get("error"),
            started_at=seen["startDate"],
            stopped_at=seen.get("stopDate"),
        )

    def _objects(self, bucket: str, prefix: str) -> list[str]:
        pages = self._aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [one["Key"] for page in pages for one in page.get("Contents", [])]


def send(outputs: Outputs, key: str) -> Sent:
    """POST one request; whatever comes of it is told, nothing raised."""
    body = submit.Request(key=key, mode="copy").body()
    began = time.monotonic()
    try:
        answer = submit.post(outputs, body)
    except TestbedError as error:
        cause = type(error.__cause__ or error).__name__
        return Sent(key=key, latency_s=time.monotonic() - began, failure=f"no answer: {cause}")
    latency_s = answer.elapsed_ms / 1000
    try:
        fields = answer.json()
    except submit.ApiError:
        fields = {}
    if answer.status == _OK and "executionArn" in fields:
        return Sent(key=key, latency_s=latency_s, execution_arn=fields["executionArn"])
    told = f"{answer.status} {fields.get('error') or fields.get('message') or ''}".strip()
    if _REFUSED <= answer.status < _ILL:
        return Sent(key=key, latency_s=latency_s, refusal=told)
    return Sent(key=key, latency_s=latency_s, failure=told)


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which *share* of *values* is, by the nearest rank; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered)) - 1))] if ordered else 0


def png(side_px: int) -> bytes:
    """A square PNG of one colour (its specification, third edition, section 5)."""
    rows = (b"\0" + b"\x30\x60\x90" * side_px) * side_px
    header = struct.pack("!IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _key_in(text: str) -> str:
    try:
        return str(json.loads(text)["key"])
    except (ValueError, KeyError, TypeError):
        return ""
