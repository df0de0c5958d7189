"""The result of ``arn:aws:states:::lambda:invoke`` tells the request id of the invocation.

AWS: beside Payload it has SdkHttpMetadata and SdkResponseMetadata, whose RequestId is the one in
the function's log (Step Functions Developer Guide, "Invoke an AWS Lambda function with Step
Functions", the sample result).
LocalStack cuts the result down to the members of Lambda's Invoke. The headers are those of AWS that
its answer has (``lambda_/invoke_headers``), in AWS's spelling and order.
"""

from __future__ import annotations

from email.utils import formatdate
from types import ModuleType
from typing import Any, Final

# As AWS spells and orders them; boto3 gives names in lower case.
_HEADERS: Final = (
    "Connection",
    "Content-Length",
    "Content-Type",
    "Date",
    "X-Amz-Executed-Version",
    "X-Amz-Log-Result",
    "x-amzn-Remapped-Content-Length",
    "x-amzn-RequestId",
    "X-Amzn-Trace-Id",
)


def cure(module: ModuleType) -> None:
    """Replace ``select_from_typed_dict``, which cuts the result down, as *module* sees it."""
    original = module.select_from_typed_dict

    def select(*, typed_dict: Any, obj: dict[str, Any]) -> dict[str, Any]:
        selected: dict[str, Any] = original(typed_dict=typed_dict, obj=obj)
        # A mocked invocation has no such metadata, and gets none.
        return selected | _metadata(obj.get("ResponseMetadata"))

    module.select_from_typed_dict = select  # type: ignore[attr-defined]  # any module


def _metadata(response: dict[str, Any] | None) -> dict[str, Any]:
    if response is None:
        return {}
    # These two are a server's, and an invocation within the emulator passes none.
    server = {"connection": "keep-alive", "date": formatdate(usegmt=True)}
    sent = {**server, **response["HTTPHeaders"]}
    headers = {name: sent[name.lower()] for name in _HEADERS if name.lower() in sent}
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": response["HTTPStatusCode"],
        },
        "SdkResponseMetadata": {"RequestId": response["RequestId"]},
    }
