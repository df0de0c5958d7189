from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from runs import ids

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

ID = "9f754711-5a6b-4140-840b-5cef8ae8d835"
TIMEOUT = f"2026-03-01T12:00:00.000Z {ID} Task timed out after 1.00 seconds"


def told(kind: str, **details: Any) -> str | None:
    name = f"{kind[0].lower()}{kind[1:]}EventDetails"
    return ids.request_id(cast("HistoryEventTypeDef", {"type": kind, name: details}))


def test_a_success_tells_it_in_its_raw_result() -> None:
    """SdkResponseMetadata is AWS's own."""
    output = json.dumps({"Payload": {}, "SdkResponseMetadata": {"RequestId": ID}})
    assert ID == told("TaskSucceeded", output=output)


@pytest.mark.parametrize(
    "payload",
    [
        {"errorMessage": "no", "errorType": "ValueError", "requestId": ID},
        {"errorMessage": f"RequestId: {ID} Error: Runtime exited with error: exit status 1"},
        {"errorMessage": TIMEOUT},
    ],
    ids=["exception", "exit", "timeout"],
)
@pytest.mark.parametrize("kind", ["TaskFailed", "LambdaFunctionFailed"])
def test_a_failure_tells_it_in_its_cause(kind: str, payload: dict[str, str]) -> None:
    """By field or, where the environment itself failed, by message."""
    assert ID == told(kind, cause=json.dumps(payload))


def test_an_error_without_a_type_is_quoted_by_aws() -> None:
    """Lambda.Unknown has the payload behind words of its own."""
    cause = (
        "The cause could not be determined because Lambda did not return an error type. "
        f"Returned payload: {json.dumps({'errorMessage': TIMEOUT})}"
    )
    assert ID == told("TaskFailed", cause=cause)


@pytest.mark.parametrize(
    "cause",
    [
        None,
        "",
        "no JSON",
        "[]",
        json.dumps(
            {"errorMessage": "x", "errorType": "Runtime.ImportModuleError", "requestId": ""}
        ),
        json.dumps({"errorMessage": f"I say RequestId: {ID} Error: "}),
        f"Rate exceeded (Service: AWSLambda; Status Code: 429; Request ID: {ID}; Proxy: null)",
    ],
)
def test_what_names_no_invocation_gives_none(cause: str | None) -> None:
    """Nor does what a function says in the middle of its message, or a request that was refused."""
    assert None is told("TaskFailed", cause=cause)


def test_other_events_name_none() -> None:
    """Only the end of a task does."""
    assert None is told("TaskScheduled", parameters=json.dumps({"requestId": ID}))
    assert None is told("TaskSucceeded", output='"text"')
