"""What an invocation of the function read and wrote in S3, as far as that can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from runs.model import Attempt, ObjectAccess, Source, json_object
from testbed import names

if TYPE_CHECKING:
    import datetime as dt

    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

    from testbed.aws import Aws
    from testbed.outputs import Outputs

_MISSING: Final = ("NoSuchKey", "404", "NotFound")
# Refusals that come before anything is read.
_BEFORE_READING: Final = ("INVALID_REQUEST", "CONFIG_ERROR")


def objects(aws: Aws, outputs: Outputs, attempt: Attempt) -> tuple[ObjectAccess, ...]:
    """What the attempt's invocation read and wrote, as far as can be told.

    Neither S3 nor the function names the requests. The event names the original, the result the
    thumbnail, and the thumbnail's ``source-etag`` the version of the original that it was made of.
    """
    key = _payload(attempt.parameters).get("key")
    if not isinstance(key, str) or not key:
        return ()
    result = _payload(attempt.output)
    if result.get("error") in _BEFORE_READING:
        return ()
    original = _head(aws, outputs.original_bucket, key)
    if result.get("success") is not True:
        return (_unfruitful_read(outputs, key, original, result),)
    resized_key = str(result.get("resized_key", names.thumbnail_key(key)))
    thumbnail = _head(aws, outputs.resized_bucket, resized_key)
    return (
        _read(outputs, key, original, thumbnail),
        _write(outputs, resized_key, thumbnail, attempt.ended_at),
    )


def _read(
    outputs: Outputs,
    key: str,
    original: HeadObjectOutputTypeDef | None,
    thumbnail: HeadObjectOutputTypeDef | None,
) -> ObjectAccess:
    made_of = thumbnail["Metadata"].get("source-etag") if thumbnail else None
    if original is None:
        note = "the thumbnail was made of it; the original has been deleted since"
    elif made_of is None:
        note = "the result says so; no thumbnail is there to name the version that was read"
    elif made_of == _etag(original):
        note = "the thumbnail's source-etag is this object's ETag"
    else:
        note = f"the original has been replaced; ETag {made_of} was read"
    same = made_of is not None and made_of == _etag(original)
    source = Source.OBSERVED if same else Source.INFERRED
    return _access(("GetObject", outputs.original_bucket, key), original, source, note)


def _write(
    outputs: Outputs,
    key: str,
    thumbnail: HeadObjectOutputTypeDef | None,
    ended_at: dt.datetime | None,
) -> ObjectAccess:
    if thumbnail is None:
        note, source = "the result names it; it has been deleted since", Source.INFERRED
    elif ended_at is not None and thumbnail["LastModified"] > ended_at:
        note, source = "the result names it; it has been written again since", Source.INFERRED
    else:
        note, source = "the result names it, and it is there", Source.OBSERVED
    return _access(("PutObject", outputs.resized_bucket, key), thumbnail, source, note)


def _unfruitful_read(
    outputs: Outputs, key: str, original: HeadObjectOutputTypeDef | None, result: dict[str, Any]
) -> ObjectAccess:
    code = result.get("error")
    if code == "NOT_FOUND":
        note = "the function says that there was no such object"
    elif code:
        note = f"the function read it and refused it: {code}"
    else:
        note = "the event names it; whether it was read before the failure is not known"
    return _access(("GetObject", outputs.original_bucket, key), original, Source.INFERRED, note)


def _access(
    where: tuple[str, str, str],
    found: HeadObjectOutputTypeDef | None,
    source: Source,
    note: str,
) -> ObjectAccess:
    operation, bucket, key = where
    return ObjectAccess(
        operation=operation,
        bucket=bucket,
        key=key,
        source=source,
        note=note,
        etag=_etag(found),
        length_bytes=found["ContentLength"] if found else None,
    )


def _head(aws: Aws, bucket: str, key: str) -> HeadObjectOutputTypeDef | None:
    try:
        return aws.s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _MISSING:
            return None
        raise


def _etag(found: HeadObjectOutputTypeDef | None) -> str | None:
    return found["ETag"].strip('"') if found else None


def _payload(text: str | None) -> dict[str, Any]:
    """The member Payload of a task's parameters or result, an empty object where it is none."""
    whole = json_object(text)
    found = whole.get("Payload", whole)
    return found if isinstance(found, dict) else {}
