"""An intrinsic function that fails has an error of its own, which a Catch sees.

AWS: States.IntrinsicFailure (Step Functions Developer Guide, "Handling errors"). Where a path or a
variable in it finds nothing, that is no failure of the function.
LocalStack fails with States.Runtime, which no Retry and no Catch may see.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEventException,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (  # noqa: E501 - LocalStack's name
    StatesErrorNameType,
)
from localstack.services.stepfunctions.asl.eval.variable_store import VariableStoreError
from localstack.services.stepfunctions.asl.utils.json_path import NoSuchJsonPathError
from localstack.utils.patch import patch

from localstack_standalone.parity.stepfunctions import states_failure

_NOT_ITS_OWN: Final = (FailureEventException, NoSuchJsonPathError, VariableStoreError)


def cure(module: ModuleType) -> None:
    """Patch ``StringIntrinsicFunction``, the whole of an expression."""

    @patch(module.StringIntrinsicFunction._eval_body)  # noqa: SLF001 - where it is evaluated
    def evaluate(original: Any, self: Any, env: Any) -> None:
        try:
            original(self, env)
        except _NOT_ITS_OWN:
            raise
        except Exception as error:
            name = StatesErrorNameType.StatesIntrinsicFailure
            cause = f"The function '{self.intrinsic_function_derivation}' failed: {error}"
            raise states_failure.field_error(env, name, cause) from error
