"""The first leg: an image goes to the originals bucket, its key to the API."""

from __future__ import annotations

import dataclasses
import json
import mimetypes
import os
import time
from typing import IO, TYPE_CHECKING, Final

import requests

from runs.call import ApiResponse
from testbed import names
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from pathlib import Path

    from testbed.aws import Aws
    from testbed.outputs import Outputs

CONNECT_TIMEOUT_S = 5.0
# API Gateway itself gives up on an integration after 29 s (its quotas page).
READ_TIMEOUT_S = 35.0
# What the function reads at most (docs/image-function.md): more would be uploaded for nothing.
MOST_BYTES: Final = 25 * 1024 * 1024


class NoAnswerError(TestbedError):
    """No whole answer came: nobody can tell whether the request was accepted."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked of the pipeline; options that are None are left out, so defaults apply.

    Attributes:
        key: name of the original, taken literally.
        size: longest side of the thumbnail in pixels.
        format: ``auto``, ``jpeg``, ``png`` or ``webp``.
        mode: ``thumbnail`` or ``copy``.
    """

    key: str
    size: int | None = None
    format: str | None = None
    mode: str | None = None

    def body(self) -> str:
        """The JSON text to POST."""
        fields = {name: value for name, value in vars(self).items() if value is not None}
        return json.dumps(fields, ensure_ascii=False)


def upload_file(aws: Aws, outputs: Outputs, *, key: str, path: Path) -> None:
    """Put the file at *path* under *key* into the originals bucket.

    Raises:
        TestbedError: the file cannot be read, or is larger than what the function reads, or *key*
            cannot name an object.
    """
    try:
        content = path.open("rb")
    except FileNotFoundError:
        raise TestbedError(f"there is no image at {str(path)!r}") from None
    except OSError as error:
        raise TestbedError(f"{str(path)!r} cannot be read: {error.strerror or error}") from error
    with content:
        check_length(str(path), os.fstat(content.fileno()).st_size)
        upload(aws, outputs, key=key, content=content)


def upload(
    aws: Aws,
    outputs: Outputs,
    *,
    key: str,
    content: bytes | IO[bytes],
    content_type: str | None = None,
) -> None:
    """Put *content* under *key* into the originals bucket, over an older object of that name.

    Args:
        aws: where to.
        outputs: names the bucket.
        key: the object's name, taken literally.
        content: bytes, or a file opened for reading bytes.
        content_type: by default guessed from the key; nothing in the pipeline relies on it.

    Raises:
        TestbedError: *key* cannot name an object.
    """
    check_key(key)
    guessed = content_type or mimetypes.guess_type(key)[0] or "application/octet-stream"
    aws.s3.put_object(Bucket=outputs.original_bucket, Key=key, Body=content, ContentType=guessed)


def check_length(name: str, length_bytes: int) -> None:
    """Refuse the file *name* before it is uploaded, if the function would not read it.

    Raises:
        TestbedError: it has over `MOST_BYTES`.
    """
    if length_bytes > MOST_BYTES:
        raise TestbedError(
            f"{name!r} has {length_bytes:,} bytes, and the function reads at most {MOST_BYTES:,} "
            f"({MOST_BYTES >> 20} MB); it was not uploaded. Send a smaller image"
        )


def check_key(key: str) -> None:
    """Refuse what no S3 object can be called.

    Raises:
        TestbedError: *key* is empty, or no valid Unicode (bytes of another encoding).
    """
    if not key:
        raise TestbedError("the key is empty; it must name an object")
    try:
        key.encode()
    except UnicodeEncodeError:
        raise TestbedError(f"the key {key!a} is not valid UTF-8; S3 keys are") from None


def post(
    outputs: Outputs,
    body: str | bytes,
    *,
    content_type: str = "application/json",
    key: str | None = None,
    timeout_s: float = READ_TIMEOUT_S,
) -> ApiResponse:
    """POST *body* to the API once, as it stands, and give the answer, also when it is a refusal.

    Args:
        outputs: names the API.
        body: what to send.
        content_type: of the body.
        key: for the header Idempotency-Key; None sends none.
        timeout_s: how long to wait for an answer, in seconds.

    Raises:
        NoAnswerError: no answer came.
    """
    # Quoted: a String of RFC 9651, as the header's draft has it.
    keyed = {} if key is None else {names.IDEMPOTENCY_KEY: f'"{key}"'}
    data = body.encode() if isinstance(body, str) else body
    started = time.monotonic()
    with requests.Session() as session:
        # The emulator is on loopback, where no proxy of the environment belongs in between.
        session.trust_env = outputs.endpoint is None
        try:
            response = session.post(
                outputs.api_url,
                data=data,
                headers={"Content-Type": content_type, **keyed},
                timeout=(CONNECT_TIMEOUT_S, timeout_s),
            )
        except requests.RequestException as error:
            raise NoAnswerError(
                f"POST {outputs.api_url} got no answer ({type(error).__name__}: {error}); "
                "`make status` tells whether the testbed is up"
            ) from error
    return ApiResponse(
        url=outputs.api_url,
        status=response.status_code,
        headers=response.headers,
        body=response.content.decode("utf-8", "replace"),
        elapsed_ms=(time.monotonic() - started) * 1000,
        request_headers=keyed,
    )
