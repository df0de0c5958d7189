"""A client of the pipeline that hides HTTP, names its objects uniquely and removes them again.

The testbed under test may be a person's own, in use at the same time.
"""

from __future__ import annotations

import dataclasses
import io
import json
import uuid
from typing import TYPE_CHECKING, Protocol

from PIL import Image

from client import fetch, submit
from client.submit import Request
from runs import follow
from runs.call import ApiResponse
from testbed import names

if TYPE_CHECKING:
    from pathlib import Path

    from client.fetch import StoredObject
    from runs.model import ExecutionSpan
    from testbed.aws import Aws
    from testbed.outputs import Outputs


class RunningTestbed(Protocol):
    """What the session's fixture gives: a pipeline that is up."""

    @property
    def aws(self) -> Aws: ...

    @property
    def outputs(self) -> Outputs: ...

    @property
    def state_dir(self) -> Path: ...


@dataclasses.dataclass(frozen=True)
class Client:
    """One test's use of a testbed.

    Attributes:
        testbed: the pipeline.
        mark: stands in every name that this test makes, and in no other's.
    """

    testbed: RunningTestbed
    mark: str = dataclasses.field(default_factory=lambda: f"e2e-{uuid.uuid4().hex[:12]}")
    _uploaded: list[str] = dataclasses.field(default_factory=list)

    @property
    def aws(self) -> Aws:
        return self.testbed.aws

    @property
    def outputs(self) -> Outputs:
        return self.testbed.outputs

    def key(self, name: str) -> str:
        """*name*, made this test's own."""
        return f"{self.mark}-{name}"

    def upload(self, key: str, content: bytes) -> None:
        self._uploaded.append(key)
        submit.upload(self.aws, self.outputs, key=key, content=content)

    def post(self, body: str | bytes) -> ApiResponse:
        return submit.post(self.outputs, body)

    def start(self, body: str) -> str:
        """POST *body*, which must start an execution; gives its ARN."""
        answer = self.post(body)
        return answer.execution_arn

    def run(
        self,
        key: str,
        *,
        size: int | None = None,
        format: str | None = None,  # noqa: A002 - the function's own name for it
        mode: str | None = None,
    ) -> ExecutionSpan:
        """POST *key* with options and follow the execution to its end."""
        request = Request(key=key, size=size, format=format, mode=mode)
        return self.follow(submit.post(self.outputs, request.body()).execution_arn)

    def follow(self, execution_arn: str) -> ExecutionSpan:
        return follow.to_end(self.aws, execution_arn)

    def original(self, key: str) -> StoredObject:
        return fetch.download(self.aws, bucket=self.outputs.original_bucket, key=key)

    def thumbnail(self, key: str) -> StoredObject:
        """The thumbnail of *key*."""
        return fetch.download(
            self.aws, bucket=self.outputs.resized_bucket, key=names.thumbnail_key(key)
        )

    def has_thumbnail(self, key: str) -> bool:
        found = self.aws.s3.list_objects_v2(
            Bucket=self.outputs.resized_bucket, Prefix=names.thumbnail_key(key)
        )
        return found["KeyCount"] > 0

    def executions(self) -> set[str]:
        """ARNs of all executions of the state machine so far."""
        pages = self.aws.stepfunctions.get_paginator("list_executions").paginate(
            stateMachineArn=self.outputs.state_machine_arn
        )
        return {one["executionArn"] for page in pages for one in page["executions"]}

    def forget(self, key: str) -> None:
        """Remove the original *key* and its thumbnail."""
        self.aws.s3.delete_object(Bucket=self.outputs.original_bucket, Key=key)
        self.aws.s3.delete_object(Bucket=self.outputs.resized_bucket, Key=names.thumbnail_key(key))

    def clean(self) -> None:
        """Remove what was uploaded and what was made of it."""
        for key in self._uploaded:
            self.forget(key)


def png(width: int = 320, height: int = 200, colour: tuple[int, int, int] = (200, 80, 40)) -> bytes:
    """A PNG file of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def picture(content: bytes) -> Image.Image:
    """The decoded image."""
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return image


def output(report: ExecutionSpan) -> object:
    """The execution's decoded result."""
    return json.loads(report.output or "null")
