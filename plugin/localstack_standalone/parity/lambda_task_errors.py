"""A task whose Resource is a function's ARN reports errors of Lambda by their own names.

AWS: ``Lambda.TooManyRequestsException`` and the like, as for ``arn:aws:states:::lambda:invoke``
(Step Functions Developer Guide, "Handling errors": its sample Retry for Lambda names them).
LocalStack reports ``Exception``, which no such Retry matches.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.api.stepfunctions import HistoryEventType, LambdaFunctionFailedEventDetails
from localstack.services.stepfunctions.asl.component.common.error_name.custom_error_name import (
    CustomErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEvent,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.utils.patch import patch


def cure(target: ModuleType) -> None:
    """Patch ``StateTaskLambda._from_error``."""

    @patch(target.StateTaskLambda._from_error)  # noqa: SLF001 - where errors get their names
    def from_error(original: Any, self: Any, env: Any, ex: Exception) -> Any:
        if not isinstance(ex, ClientError):
            return original(self, env, ex)
        error = f"Lambda.{ex.response['Error']['Code']}"
        details = LambdaFunctionFailedEventDetails(error=error, cause=_cause(ex))
        return FailureEvent(
            env=env,
            error_name=CustomErrorName(error),
            event_type=HistoryEventType.LambdaFunctionFailed,
            event_details=EventDetails(lambdaFunctionFailedEventDetails=details),
        )


def _cause(error: ClientError) -> str:
    seen, about = error.response["Error"], error.response["ResponseMetadata"]
    return (
        f"{seen['Message']} (Service: AWSLambda; Status Code: {about['HTTPStatusCode']}; "
        f"Error Code: {seen['Code']}; Request ID: {about['RequestId']}; Proxy: null)"
    )
