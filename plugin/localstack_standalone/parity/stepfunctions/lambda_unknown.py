"""A function's error without a type is ``Lambda.Unknown`` to a state machine.

AWS: "Unhandled errors in Lambda are reported as Lambda.Unknown … these include out-of-memory errors
and function timeouts" (Step Functions Developer Guide, "Handling errors in workflows").
LocalStack reports ``Exception``, which no Retry or Catch of a machine made for AWS matches.
"""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

UNKNOWN: Final = "Lambda.Unknown"


def cure(module: ModuleType) -> None:
    """Patch ``_from_error`` of the task class that *module* has: by integration, or by ARN."""
    integration = getattr(module, "StateTaskServiceLambda", None)
    task = integration or module.StateTaskLambda

    @patch(task._from_error)  # noqa: SLF001 - where errors get their names
    def from_error(original: Any, self: Any, env: Any, ex: Exception) -> Any:
        failure = original(self, env, ex)
        is_functions = isinstance(ex, module.lambda_eval_utils.LambdaFunctionErrorException)
        if is_functions and not _typed(ex):
            failure.error_name = module.CustomErrorName(UNKNOWN)
            for details in failure.event_details.values():
                details["error"] = UNKNOWN
        return failure


def _typed(error: Any) -> bool:
    try:
        return "errorType" in json.loads(error.payload)
    except (TypeError, ValueError):
        return False
