"""A task whose Resource is a function's ARN reports errors of Lambda by their own names.

AWS: ``Lambda.TooManyRequestsException`` and the like, as for ``arn:aws:states:::lambda:invoke``
(Step Functions Developer Guide, "Handling errors": its sample Retry for Lambda names them).
LocalStack reports ``Exception``, which no such Retry matches.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from botocore.exceptions import ClientError
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (  # noqa: E501 - LocalStack's name
    state_task_service_lambda,
)
from localstack.utils.patch import patch


def cure(module: ModuleType) -> None:
    """Patch ``StateTaskLambda._from_error``."""
    by_integration = state_task_service_lambda.StateTaskServiceLambda

    @patch(module.StateTaskLambda._from_error)  # noqa: SLF001 - where errors get their names
    def from_error(original: Any, self: Any, env: Any, ex: Exception) -> Any:
        failure = original(self, env, ex)
        if isinstance(ex, ClientError):
            error, cause = by_integration._error_cause_from_client_error(ex)  # noqa: SLF001 - likewise
            failure.error_name = module.CustomErrorName(error)
            failure.event_details["lambdaFunctionFailedEventDetails"].update(
                error=error, cause=cause
            )
        return failure
