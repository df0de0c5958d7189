"""Where LocalStack names what a Lambda task failed with, and what gives it another name."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from localstack.utils.patch import patch


def rename(
    module: ModuleType, renamed: Callable[[Exception], tuple[str, str | None] | None]
) -> None:
    """Have the tasks of *module*, by integration or by ARN, name their failures otherwise.

    Args:
        module: of LocalStack's, with the class of such tasks.
        renamed: gives for what happened an error's name and its cause, None to leave the cause;
            None where LocalStack's name is right.
    """
    integration = getattr(module, "StateTaskServiceLambda", None)
    task = integration or module.StateTaskLambda

    @patch(task._from_error)  # noqa: SLF001 - where errors get their names
    def from_error(original: Any, self: Any, env: Any, ex: Exception) -> Any:
        failure = original(self, env, ex)
        found = renamed(ex)
        if found is None:
            return failure
        name, cause = found
        failure.error_name = module.CustomErrorName(name)
        for details in failure.event_details.values():
            details["error"] = name
            if cause is not None:
                details["cause"] = cause
            if integration:
                details["resource"] = self._get_sfn_resource()
                details["resourceType"] = self._get_sfn_resource_type()
        return failure
