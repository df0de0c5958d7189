"""InvalidExecutionInput says what is invalid.

AWS: "Invalid State Machine Execution Input: '…'", with its JSON parser's words between the quotes.
LocalStack has the words alone; they stay Python's.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.aws.api.stepfunctions import InvalidExecutionInput
from localstack.utils.patch import patch


def cure(module: ModuleType) -> None:
    """Patch ``start_execution`` and ``start_sync_execution`` of the provider."""
    provider = module.StepFunctionsProvider
    for method in (provider.start_execution, provider.start_sync_execution):

        @patch(method)
        def start(original: Any, self: Any, context: Any, **request: Any) -> Any:
            try:
                return original(self, context, **request)
            except InvalidExecutionInput as error:
                raise InvalidExecutionInput(
                    f"Invalid State Machine Execution Input: '{error}'"
                ) from error
