"""A task that has no answer from Lambda, its connection lost, fails with Lambda.SdkClientException.

AWS: its sample Retry for what passes at Lambda names it beside Lambda.ServiceException (Step
Functions Developer Guide, "Best practices", "Handle transient Lambda service exceptions"); its
cause begins with the words of that exception, the AWS SDK for Java's.
LocalStack fails it with States.Runtime, which no Retry matches.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from botocore.exceptions import HTTPClientError
from localstack.utils.patch import patch

ERROR: Final = "Lambda.SdkClientException"
_WORDS: Final = "Unable to execute HTTP request: "


def cure(module: ModuleType) -> None:
    """Patch ``_from_error`` of the task class that *module* has: by integration, or by ARN."""
    integration = getattr(module, "StateTaskServiceLambda", None)
    task = integration or module.StateTaskLambda

    @patch(task._from_error)  # noqa: SLF001 - where errors get their names
    def from_error(original: Any, self: Any, env: Any, ex: Exception) -> Any:
        failure = original(self, env, ex)
        if isinstance(ex, HTTPClientError):
            failure.error_name = module.CustomErrorName(ERROR)
            for details in failure.event_details.values():
                details.update(error=ERROR, cause=f"{_WORDS}{ex}")
                if integration:
                    details["resource"] = self._get_sfn_resource()
                    details["resourceType"] = self._get_sfn_resource_type()
        return failure
