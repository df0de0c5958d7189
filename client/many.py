"""One image of many: through the pipeline with as few questions as tell what became of it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from client import journey, repeat
from runs import follow

if TYPE_CHECKING:
    from client.journey import Job
    from testbed.aws import Aws
    from testbed.outputs import Outputs


@dataclasses.dataclass(frozen=True, kw_only=True)
class ImageOutcome:
    """What became of an image.

    Attributes:
        execution: the execution's name; None where none was started.
        code: of what went wrong; empty where nothing did.
        cause: that in words, likewise.
    """

    execution: str | None
    code: str = ""
    cause: str = ""


def send(aws: Aws, outputs: Outputs, job: Job) -> ImageOutcome:
    """Upload the image of *job* if it has one, POST, and wait for the end of the execution.

    A refusal or a failed execution is an outcome, no error.

    Raises:
        TestbedError: a leg of the way could not be gone.
    """
    journey.upload(aws, outputs, job)
    answer = repeat.post(aws, outputs, job.body, content_type=job.content_type, key=job.name)
    if not answer.has_started:
        code, cause = answer.refusal
        return ImageOutcome(execution=None, code=code, cause=cause)
    seen = follow.to_end(aws, answer.execution_arn, timeout_s=journey.LONGEST_S)
    if seen.succeeded:
        return ImageOutcome(execution=seen.name)
    return ImageOutcome(execution=seen.name, code=seen.error or seen.status, cause=seen.cause or "")
