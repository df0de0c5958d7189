"""S3, as the function sees it: one object read whole, one object written.

Every error of S3's is sorted here: an answer for the caller (a `Refusal`), or something that may
pass (`TransientStorageError`), which the state machine retries.
"""

from __future__ import annotations  # S3Client is there for type checkers only

import contextlib
import functools
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectionError,  # noqa: A004 - botocore's own, not the built-in
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)

from image_resize.errors import Code, Refusal, TransientStorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_s3.client import S3Client

_LOG = logging.getLogger(__name__)

# 25 MB, in the units of Lambda's own memory setting (1 MB = 1,048,576 bytes).
MAX_OBJECT_BYTES = 25 * 1024 * 1024
CACHE_CONTROL = "max-age=86400"

# The function has 30 s. At worst: connect 2 + answer 5 + body 5 + decode 10 + connect 2 + answer 5
# = 29 s. So there is one attempt here; further ones, with pauses that cost nothing, are the state
# machine's.
_CONFIG = Config(
    connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1, "mode": "standard"}
)
BODY_LIMIT_S = 5.0
_CHUNK_BYTES = 64 * 1024

# Names of what may pass that are not 5xx (Amazon S3 API Reference, "List of error codes").
_TRANSIENT_CODES = {
    "RequestTimeout",
    "RequestTimeTooSkewed",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequests",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "OperationAborted",
}
_TOO_MANY_REQUESTS, _SERVER_ERRORS = 429, 500


@dataclass(frozen=True, kw_only=True)
class Original:
    """An object as it was read."""

    content: bytes
    content_type: str
    etag: str
    """Without the quotes of the HTTP header."""


@functools.cache
def client() -> S3Client:
    """The S3 client of this process, made at the first call and warm after it.

    Endpoint, region and credentials come from the environment, as boto3 reads it.
    """
    return boto3.client("s3", config=_CONFIG)


def warm() -> None:
    """Make the client now, while the environment starts and CPU is plenty.

    What stands in the way is left for the first event to report.
    """
    try:
        client()
    except (BotoCoreError, ValueError) as error:
        _LOG.warning("no S3 client at start: %s", error)


def read(bucket: str, key: str) -> Original:
    """Read one object of 1 byte to 25 MB (26,214,400 bytes).

    The announced length is looked at before the body is read; the body is closed in any case.

    Raises:
        Refusal: NOT_FOUND, EMPTY_OBJECT, OBJECT_TOO_LARGE, or CONFIG_ERROR if S3 denies it.
        TransientStorageError: S3 throttles, fails or is not reached; or the body is too slow.
    """
    started_s = time.monotonic()

    def attempt(s3: S3Client) -> Original:
        answer = s3.get_object(Bucket=bucket, Key=key)
        # closing(), as the body's own `with` gives the raw stream, which checks no length.
        with contextlib.closing(answer["Body"]) as body:
            _check_size(key, answer["ContentLength"])
            content = _read_whole(body, started_s + BODY_LIMIT_S)
        return Original(
            content=content,
            content_type=answer.get("ContentType", "binary/octet-stream"),
            etag=answer["ETag"].strip('"'),
        )

    return _sorted_errors(attempt, f"reading {key!r} from {bucket}", missing_key=key)


def write(
    bucket: str, key: str, content: bytes, *, content_type: str, metadata: Mapping[str, str]
) -> None:
    """Write one object, over an older one if there is one.

    Raises:
        Refusal: CONFIG_ERROR if S3 denies it.
        TransientStorageError: S3 throttles, fails or is not reached.
    """

    def attempt(s3: S3Client) -> None:
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=content,
            ContentType=content_type,
            CacheControl=CACHE_CONTROL,
            Metadata=dict(metadata),
        )

    _sorted_errors(attempt, f"writing {key!r} to {bucket}")


def _check_size(key: str, length_bytes: int) -> None:
    if length_bytes == 0:
        raise Refusal(Code.EMPTY_OBJECT, f"the object {key!r} is empty")
    if length_bytes > MAX_OBJECT_BYTES:
        raise Refusal(
            Code.OBJECT_TOO_LARGE,
            f"the object {key!r} has {length_bytes:,} bytes; at most {MAX_OBJECT_BYTES:,} are read",
        )


def _read_whole(body: Any, deadline_s: float) -> bytes:
    """All of *body*, unless it only drips: each read of it is bounded, their number is not."""
    chunks = []
    while chunk := body.read(_CHUNK_BYTES):
        chunks.append(chunk)
        if time.monotonic() > deadline_s:
            raise TransientStorageError("S3 sent the object too slowly")
    return b"".join(chunks)


def _sorted_errors[T](
    attempt: Callable[[S3Client], T], doing: str, *, missing_key: str | None = None
) -> T:
    try:
        s3 = client()
    except (BotoCoreError, ValueError) as error:  # no region, an address that is none
        raise Refusal(Code.CONFIG_ERROR, f"no S3 client: {error}") from error
    try:
        try:
            return attempt(s3)
        except ConnectionClosedError:
            # A kept connection that S3 closed while this environment was frozen. Nothing was lost
            # and no time either: once more, over a new one.
            return attempt(s3)
    except ClientError as error:
        raise _from_answer(error, doing, missing_key) from error
    except (HTTPClientError, ConnectionError, IncompleteReadError, FlexibleChecksumError) as error:
        raise TransientStorageError(f"{doing}: {error}") from error
    except BotoCoreError as error:  # no credentials, an invalid bucket name
        raise Refusal(Code.CONFIG_ERROR, f"{doing}: {error}") from error


def _from_answer(error: ClientError, doing: str, missing_key: str | None) -> Exception:
    """S3 answered with an error: what it means for the caller."""
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "NoSuchKey" and missing_key is not None:
        return Refusal(Code.NOT_FOUND, f"there is no object {missing_key!r}")
    if code in _TRANSIENT_CODES or status == _TOO_MANY_REQUESTS or status >= _SERVER_ERRORS:
        return TransientStorageError(f"{doing}: {error}")
    # NoSuchBucket, AccessDenied, a wrong region, an archived object: for whoever runs this.
    return Refusal(Code.CONFIG_ERROR, f"{doing}: S3 answers {code}: {error}")
