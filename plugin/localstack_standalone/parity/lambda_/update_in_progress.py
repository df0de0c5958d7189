"""An update that comes during another is refused before anything of it is stored.

AWS: UpdateFunctionCode and UpdateFunctionConfiguration answer 409 ResourceConflictException as long
as LastUpdateStatus is InProgress (Lambda Developer Guide, "Lambda function states"); the function
stays as the first update makes it.
LocalStack refuses the second too, and shows its code and configuration as the function's from then
on, although the first update's run.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.aws.api.lambda_ import LastUpdateStatus, ResourceConflictException
from localstack.services.lambda_ import api_utils
from localstack.services.lambda_.invocation import models
from localstack.utils.patch import patch

from localstack_standalone import locks


def cure(module: ModuleType) -> None:
    """Patch ``update_function_code`` and ``update_function_configuration`` of the provider."""
    provider = module.LambdaProvider
    # Of two updates at once, one comes first.
    updating = locks.fork_safe()
    for method in (provider.update_function_code, provider.update_function_configuration):

        @patch(method)
        def update(original: Any, self: Any, context: Any, request: Any) -> Any:
            with updating:
                _refuse_second(context, request["FunctionName"])
                return original(self, context, request)


def _refuse_second(context: Any, name: str) -> None:
    account, region = api_utils.get_account_and_region(name, context)
    name, _qualifier = api_utils.get_name_and_qualifier(name, None, context)
    function = models.lambda_stores[account][region].functions.get(name)
    if function is None:
        return
    update = function.latest().config.last_update
    if update is not None and update.status == LastUpdateStatus.InProgress:
        arn = api_utils.unqualified_lambda_arn(name, account, region)
        raise ResourceConflictException(
            "The operation cannot be performed at this time. "
            f"An update is in progress for resource: {arn}",
            Type="User",
        )
