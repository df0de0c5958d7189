"""The names of every cloud resource, once."""

from typing import Final

REGION: Final = "ca-central-1"

ORIGINAL_BUCKET: Final = "lukman-original-images-capstone"
RESIZED_BUCKET: Final = "lukman-resized-images-capstone"

FUNCTION: Final = "ImageResizeFunction"
STATE_MACHINE: Final = "ImageProcessingStateMachine"
API: Final = "ImageProcessingApi"
STAGE: Final = "prod"
RESOURCE_PATH: Final = "process"
# draft-ietf-httpapi-idempotency-key-header.
IDEMPOTENCY_KEY: Final = "Idempotency-Key"

FUNCTION_ROLE: Final = "ImageResizeFunctionRole"
STATE_MACHINE_ROLE: Final = "ImageProcessingStateMachineRole"
API_ROLE: Final = "ImageProcessingApiRole"

THUMBNAIL_PREFIX: Final = "thumb-"


def log_group(function: str) -> str:
    """Where Lambda writes what *function* says (Lambda Developer Guide, "CloudWatch Logs")."""
    return f"/aws/lambda/{function}"


FUNCTION_LOG_GROUP: Final = log_group(FUNCTION)


def thumbnail_key(key: str) -> str:
    """The key of the thumbnail of *key*: the whole key with ``thumb-`` before it."""
    return f"{THUMBNAIL_PREFIX}{key}"
