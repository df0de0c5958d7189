"""A function's error without a type is ``Lambda.Unknown`` to a state machine.

AWS: "Unhandled errors in Lambda are reported as Lambda.Unknown … these include out-of-memory errors
and function timeouts" (Step Functions Developer Guide, "Handling errors in workflows").
LocalStack reports ``Exception``, which no Retry or Catch of a machine made for AWS matches.
"""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any, Final

from localstack_standalone.parity.stepfunctions import lambda_failures

UNKNOWN: Final = "Lambda.Unknown"


def cure(module: ModuleType) -> None:
    """Give it that name in the task class that *module* has: by integration, or by ARN."""

    def renamed(ex: Exception) -> tuple[str, None] | None:
        is_functions = isinstance(ex, module.lambda_eval_utils.LambdaFunctionErrorException)
        return (UNKNOWN, None) if is_functions and not _typed(ex) else None

    lambda_failures.rename(module, renamed)


def _typed(error: Any) -> bool:
    try:
        return "errorType" in json.loads(error.payload)
    except (TypeError, ValueError):
        return False
