"""The result of ``arn:aws:states:::lambda:invoke`` tells the request id of the invocation.

AWS: beside Payload it has SdkHttpMetadata and SdkResponseMetadata, whose RequestId is the one in
the function's log (Step Functions Developer Guide, "Invoke an AWS Lambda function with Step
Functions", the sample result).
LocalStack cuts the result down to the members of Lambda's Invoke. The headers stay those that
LocalStack sends.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

# boto3 gives names of headers in lower case; these two are not so in AWS's own result.
_NAMES: Final = {
    "x-amz-executed-version": "X-Amz-Executed-Version",
    "x-amzn-requestid": "x-amzn-RequestId",
}


def cure(target: ModuleType) -> None:
    """Replace ``select_from_typed_dict``, which cuts the result down, as *target* sees it."""
    original = target.select_from_typed_dict

    def select(*, typed_dict: Any, obj: dict[str, Any]) -> dict[str, Any]:
        selected: dict[str, Any] = original(typed_dict=typed_dict, obj=obj)
        # A mocked invocation has no such metadata, and gets none.
        return selected | _metadata(obj.get("ResponseMetadata"))

    target.select_from_typed_dict = select  # type: ignore[attr-defined]  # any module


def _metadata(response: dict[str, Any] | None) -> dict[str, Any]:
    if response is None:
        return {}
    headers = {_name(name): value for name, value in response["HTTPHeaders"].items()}
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": response["HTTPStatusCode"],
        },
        "SdkResponseMetadata": {"RequestId": response["RequestId"]},
    }


def _name(header: str) -> str:
    return _NAMES.get(header) or "-".join(part.capitalize() for part in header.split("-"))
