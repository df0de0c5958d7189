"""The pipeline's function replaced by one that does what a probe wrote down for it.

So a definition that was handed in, which names the pipeline's function, meets whatever a probe
wants it to meet: a refusal, an error that passes, one that stays.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from testbed import names

if TYPE_CHECKING:
    from grading.attempt import GradedAttempt

CODE: Final = Path(__file__).parent / "functions" / "scripted.py"
# Where the pipeline's function has its handler.
PLACE: Final = "image_resize/handler.py"
BUCKET: Final = "graded-plans"
OPEN: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
            "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
        }
    ],
}


def install(attempt: GradedAttempt) -> None:
    """Give the pipeline's function the code that follows plans; to be asked for by `once`."""
    lambda_, name = attempt.aws.lambda_, attempt.outputs.function_name
    lambda_.update_function_code(FunctionName=name, ZipFile=_zipped())

    def probe() -> tuple[bool | None, str]:
        found = lambda_.get_function_configuration(FunctionName=name)
        status = found.get("LastUpdateStatus", "")
        return status == "Successful" or None, f"LastUpdateStatus {status}"

    attempt.until(probe, "the stand-in of the function")


def function(attempt: GradedAttempt, name: str) -> str:
    """A new function *name* that follows plans, beside the pipeline's; gives *name*.

    Its plans are in a `BUCKET` of their own, open to all: so it works where policies count.
    """
    s3, lambda_ = attempt.aws.s3, attempt.aws.lambda_
    region: Any = {"LocationConstraint": names.REGION}
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=region)
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(OPEN))
    lambda_.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="image_resize.handler.handler",
        Role=attempt.role("lambda"),
        Timeout=20,
        Environment={"Variables": {"ORIGINAL_BUCKET": BUCKET, "RESIZED_BUCKET": BUCKET}},
        Code={"ZipFile": _zipped()},
    )

    def probe() -> tuple[bool | None, str]:
        state = lambda_.get_function_configuration(FunctionName=name).get("State", "")
        return state == "Active" or None, f"State {state}"

    attempt.until(probe, f"the stand-in {name}")
    return name


def plan(attempt: GradedAttempt, key: str, *steps: dict[str, Any]) -> str:
    """Have the calls for *key* do *steps*, one after the other, the last ever after; gives *key*.

    A step is ``{"return": …}`` or ``{"raise": "ErrorName", "message": …}``, with ``"sleep"`` in
    seconds before it.
    """
    attempt.once(install)
    return script(attempt, key, *steps, bucket=attempt.outputs.original_bucket)


def script(attempt: GradedAttempt, key: str, *steps: dict[str, Any], bucket: str = BUCKET) -> str:
    """As `plan`, for a stand-in that is a `function` of its own."""
    body = json.dumps(steps).encode()
    attempt.aws.s3.put_object(Bucket=bucket, Key=f"plans/{key}", Body=body)
    return key


def calls(attempt: GradedAttempt, key: str) -> list[dict[str, Any]]:
    """What the calls for *key* were given, ``event``, and when, ``at``, in order."""
    return noted(attempt, key, bucket=attempt.outputs.resized_bucket)


def noted(attempt: GradedAttempt, key: str, *, bucket: str = BUCKET) -> list[dict[str, Any]]:
    """As `calls`, for a stand-in that is a `function` of its own."""
    s3 = attempt.aws.s3
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"calls/{key}/")
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    notes = [json.loads(attempt.object(bucket, each)) for each in keys]
    return sorted(notes, key=lambda note: float(note["at"]))


def _zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("image_resize/__init__.py", "")
        archive.writestr(PLACE, CODE.read_text(encoding="utf-8"))
    return buffer.getvalue()
