"""How the function says no: refusals are results, what may pass is raised.

A `Refusal` becomes `{"success": false, "error": CODE, "message": …}` and ends the execution in
FailState. A `TransientStorageError` leaves the handler as an exception, so that the state
machine's Retry can match its class name.
"""

from enum import StrEnum


class Code(StrEnum):
    """Why a request is refused; the state machine's FailState shows it as Error."""

    INVALID_REQUEST = "INVALID_REQUEST"
    NOT_FOUND = "NOT_FOUND"
    EMPTY_OBJECT = "EMPTY_OBJECT"
    OBJECT_TOO_LARGE = "OBJECT_TOO_LARGE"
    UNSUPPORTED_FORMAT = "UNSUPPORTED_FORMAT"
    CORRUPT_IMAGE = "CORRUPT_IMAGE"
    IMAGE_TOO_LARGE = "IMAGE_TOO_LARGE"
    IMAGE_TOO_COMPLEX = "IMAGE_TOO_COMPLEX"
    PROCESSING_TIMEOUT = "PROCESSING_TIMEOUT"
    DECODER_CRASHED = "DECODER_CRASHED"
    PROCESSING_FAILED = "PROCESSING_FAILED"
    CONFIG_ERROR = "CONFIG_ERROR"


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program
    """The request cannot be served, now or later; *message* tells a person why."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


class TransientStorageError(Exception):
    """S3 could not answer just now (throttling, 5xx, a lost connection); trying again may help."""
