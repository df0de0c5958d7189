"""A ResultPath that leads nowhere has an error of its own, which a Catch sees.

AWS: States.ResultPathMatchFailure, "failed to apply a state's ResultPath field to the input that
the state received" (Step Functions Developer Guide, "Handling errors").
LocalStack fails with States.Runtime, which no Retry and no Catch may see, and an exception.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (  # noqa: E501 - LocalStack's name
    StatesErrorNameType,
)
from localstack.utils.patch import patch

from localstack_standalone.parity.stepfunctions import states_failure


def cure(module: ModuleType) -> None:
    """Patch ``ResultPath``, also that of a catcher."""

    @patch(module.ResultPath._eval_body)  # noqa: SLF001 - where the result is put into the input
    def put(original: Any, self: Any, env: Any) -> None:
        try:
            original(self, env)
        except Exception as error:
            name = StatesErrorNameType.StatesResultPathMatchFailure
            cause = f"The ResultPath '{self.result_path_src}' cannot be put into the input."
            raise states_failure.field_error(env, name, cause) from error
