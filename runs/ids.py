"""Which Lambda invocation an event of an execution's history speaks of: by its request id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from runs.model import json_object

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

_ID: Final = r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
# An environment that exits or runs out of time cannot say whose request it was; Lambda says it in
# the message (Lambda Developer Guide, "Troubleshoot execution issues in Lambda").
_EXITED: Final = re.compile(rf"RequestId: {_ID} Error: ")
_TIMED_OUT: Final = re.compile(rf"\S+Z {_ID} Task timed out after ")


def request_id(event: HistoryEventTypeDef) -> str | None:
    """The request id of the invocation that *event* is the end of, where the history tells it.

    A success tells it in its raw result; a function's error in the payload that is its Cause. A
    function that could not be loaded has an error without one, as has a task whose time ran out
    in the state machine.
    """
    kind = event["type"]
    if kind == "TaskSucceeded":
        result = json_object(event.get("taskSucceededEventDetails", {}).get("output"))
        return _text(json_object(result.get("SdkResponseMetadata")).get("RequestId"))
    if kind == "TaskFailed":
        return of_error(event.get("taskFailedEventDetails", {}).get("cause"))
    if kind == "LambdaFunctionFailed":
        return of_error(event.get("lambdaFunctionFailedEventDetails", {}).get("cause"))
    return None


def of_error(cause: str | None) -> str | None:
    """The request id in *cause*, the payload of a failed invocation."""
    # Lambda.Unknown, on AWS: "The cause could not be determined … Returned payload: {…}".
    payload = json_object((cause or "").rpartition("Returned payload: ")[2])
    message = payload.get("errorMessage")
    text = message if isinstance(message, str) else ""
    told = _EXITED.match(text) or _TIMED_OUT.match(text)
    return _text(payload.get("requestId")) or (told[1] if told else None)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
