"""This project's own pipeline, provisioned into the emulator, and an image sent through it."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from conformance.check import Check, DiffersError, matches, member, same
from infra import package, stack
from infra.resource import Cloud, Outcome
from testbed import names, settings

if TYPE_CHECKING:
    import requests

    from conformance.workshop import Workshop
    from infra.package import Package

PIPELINE_S: Final = 180.0
SOURCE: Final = "docs/api.md"
IMAGE_PX: Final = (640, 480)
THUMBNAIL_PX: Final = (256, 192)


@dataclasses.dataclass(frozen=True)
class PipelineUnderTest:
    """The pipeline as it is up.

    Attributes:
        shop: whose.
        api: id of its API.
    """

    shop: Workshop
    api: str

    def post(self, body: str) -> requests.Response:
        """What POST /process answers."""
        return self.shop.call(self.api, names.RESOURCE_PATH, body=body, stage=names.STAGE)

    def run(self, key: str) -> dict[str, Any]:
        """DescribeExecution of what the API starts for *key*, when it has ended."""
        got = self.post(json.dumps({"key": key}))
        if got.status_code != 200:  # noqa: PLR2004
            raise DiffersError(f"AWS starts it, here the API answers {got.status_code} {got.text}")
        return self.shop.ended(str(member("the answer", got.json(), "executionArn")))


@contextlib.contextmanager
def up(shop: Workshop, code: Callable[[], Package]) -> Iterator[PipelineUnderTest]:
    """The pipeline: that which is there, else one of the check's own, which is removed again.

    Its names are given, so one check at a time has it.
    """
    with shop.clients.pipeline:
        zipped = code()
        plans = stack.plan(shop.aws, package=zipped)
        if all(plan.outcome is Outcome.CREATED for plan in plans):
            with contextlib.ExitStack() as undo:
                undo.callback(_gone, shop)
                stack.apply(shop.aws, target="embedded", package=zipped)
                yield _found(shop)
        else:
            yield _found(shop)


def _gone(shop: Workshop) -> None:
    # What stays is no part of what is checked, and is seen by the next.
    with contextlib.suppress(Exception):
        stack.destroy(shop.aws)


def _found(shop: Workshop) -> PipelineUnderTest:
    found = stack.API.read(Cloud(shop.aws, stack.account(shop.aws)))
    if found is None:
        raise DiffersError("the API was made, and cannot be found")
    return PipelineUnderTest(shop, found.id)


def packaged() -> Package:
    """The function's zip, for this machine's processor."""
    return package.build(package.host_platform(), uv=settings.uv())


def _thumbnail(shop: Workshop) -> None:
    with up(shop, packaged) as pipeline:
        s3, key = shop.aws.s3, f"{shop.name()} ü.png"
        buffer = io.BytesIO()
        Image.new("RGB", IMAGE_PX, "teal").save(buffer, "PNG")
        s3.put_object(Bucket=names.ORIGINAL_BUCKET, Key=key, Body=buffer.getvalue())
        shop.afterwards(s3.delete_object, Bucket=names.ORIGINAL_BUCKET, Key=key)
        found = pipeline.run(key)
        thumbnail = f"thumb-{key}"
        shop.afterwards(s3.delete_object, Bucket=names.RESIZED_BUCKET, Key=thumbnail)
        same("the execution", ("SUCCEEDED", None), (found["status"], found.get("cause")))
        got = s3.get_object(Bucket=names.RESIZED_BUCKET, Key=thumbnail)
        same("ContentType", "image/png", got.get("ContentType"))
        with Image.open(io.BytesIO(got["Body"].read())) as image:
            same("the thumbnail's size", THUMBNAIL_PX, image.size)


def _refusals(shop: Workshop) -> None:
    with up(shop, packaged) as pipeline:
        got = pipeline.post("{}")
        same("the answer without a key", 400, got.status_code)
        found = pipeline.run(f"{shop.name()}.png")
        same("an image that is not there", "FAILED", found["status"])
        matches("its error", "^NOT_FOUND$", found.get("error"))


CHECKS: Final = (
    Check(
        "Image pipeline",
        "an image becomes a thumbnail",
        "the API starts an execution, the function reads, resizes and writes",
        SOURCE,
        _thumbnail,
        PIPELINE_S,
    ),
    Check(
        "Image pipeline",
        "what is refused",
        "400 from the API without a key; NOT_FOUND from the execution without an image",
        SOURCE,
        _refusals,
        PIPELINE_S,
    ),
)
