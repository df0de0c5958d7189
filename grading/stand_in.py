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

if TYPE_CHECKING:
    from grading.attempt import GradedAttempt

CODE: Final = Path(__file__).parent / "functions" / "scripted.py"
# Where the pipeline's function has its handler.
PLACE: Final = "image_resize/handler.py"


def install(attempt: GradedAttempt) -> None:
    """Give the pipeline's function the code that follows plans; to be asked for by `once`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("image_resize/__init__.py", "")
        archive.writestr(PLACE, CODE.read_text(encoding="utf-8"))
    lambda_, name = attempt.aws.lambda_, attempt.outputs.function_name
    lambda_.update_function_code(FunctionName=name, ZipFile=buffer.getvalue())

    def probe() -> tuple[bool | None, str]:
        found = lambda_.get_function_configuration(FunctionName=name)
        status = found.get("LastUpdateStatus", "")
        return status == "Successful" or None, f"LastUpdateStatus {status}"

    attempt.until(probe, "the stand-in of the function")


def plan(attempt: GradedAttempt, key: str, *steps: dict[str, Any]) -> str:
    """Have the calls for *key* do *steps*, one after the other, the last ever after; gives *key*.

    A step is ``{"return": …}`` or ``{"raise": "ErrorName", "message": …}``, with ``"sleep"`` in
    seconds before it.
    """
    attempt.once(install)
    body = json.dumps(steps).encode()
    attempt.aws.s3.put_object(Bucket=attempt.outputs.original_bucket, Key=f"plans/{key}", Body=body)
    return key


def calls(attempt: GradedAttempt, key: str) -> list[dict[str, Any]]:
    """What the calls for *key* were given, ``event``, and when, ``at``, in order."""
    s3, bucket = attempt.aws.s3, attempt.outputs.resized_bucket
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"calls/{key}/")
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    notes = [json.loads(attempt.object(bucket, each)) for each in keys]
    return sorted(notes, key=lambda note: float(note["at"]))
