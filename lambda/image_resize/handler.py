"""ImageResizeFunction: what happens to one event, in the order in which it happens.

    {"key": "club2.png"}  →  {"success": true, "resized_key": "thumb-club2.png"}

A refusal is returned, `{"success": false, "error": CODE, "message": …}`, for the state machine's
Choice to see; nothing is written then. What may pass is raised, for its Retry to see.
"""

import logging
import os
from typing import Any

from image_resize import guard, storage, thumbnail
from image_resize.errors import Code, Refusal, TransientStorageError
from image_resize.request import ResizeRequest
from image_resize.settings import BucketNames

_LOG = logging.getLogger(__name__)

type HandlerResult = dict[str, Any]


def handler(event: object, _context: object = None) -> HandlerResult:
    """Make one thumbnail.

    Args:
        event: `{"key": …}` with optional `"size"`, `"format"` and `"mode"`; see
            `request.ResizeRequest`.

    Returns:
        `{"success": True, "resized_key": …}` or `{"success": False, "error": …, "message": …}`.

    Raises:
        TransientStorageError: S3 could not answer just now; the same event may succeed later.
    """
    try:
        resized_key = _process(event)
    except Refusal as refusal:
        _LOG.warning("refused: %s", refusal)
        return _refused(refusal.code, refusal.message)
    except TransientStorageError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug of any class ends as a result, not a retry
        _LOG.exception("a bug in the function")
        return _refused(
            Code.PROCESSING_FAILED,
            f"an error of the function itself: {type(error).__name__}: {error}",
        )
    return {"success": True, "resized_key": resized_key}


def _process(event: object) -> str:
    request = ResizeRequest.from_event(event)
    settings = BucketNames.from_environment()
    original = storage.read(settings.original_bucket, request.key)
    make = _copy if request.mode == "copy" else _thumbnail
    content, content_type, metadata = make(original, request)
    storage.write(
        settings.resized_bucket,
        request.resized_key,
        content,
        content_type=content_type,
        metadata={"source-etag": original.etag, **metadata},
    )
    return request.resized_key


type _Made = tuple[bytes, str, dict[str, str]]


def _copy(original: storage.Original, _request: ResizeRequest) -> _Made:
    """The assignment's simulated resizing: the same bytes, the same type, a new name.

    The bytes pass through here: S3's CopyObject would carry the original's tags along, which
    needs permissions that the role does not have, and would not look at the size first.
    """
    return original.content, original.content_type, {}


def _thumbnail(original: storage.Original, request: ResizeRequest) -> _Made:
    def work() -> guard.ChildResult:
        made = thumbnail.make(original.content, size_px=request.size_px, format=request.format)
        facts = {
            "width": str(made.width_px),
            "height": str(made.height_px),
            "format": made.format,
        }
        return facts, made.content

    facts, content = guard.run(work)
    return content, f"image/{facts['format']}", facts


def _refused(code: Code, message: str) -> HandlerResult:
    return {"success": False, "error": code.value, "message": message}


# While an environment starts, AWS Lambda gives it full CPU: the moment to make the client.
if "AWS_LAMBDA_RUNTIME_API" in os.environ:
    storage.warm()
