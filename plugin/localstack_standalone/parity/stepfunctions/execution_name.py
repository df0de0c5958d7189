"""An execution's name has no blanks, brackets, wildcards, control or special characters.

AWS: InvalidName, "Invalid Name: '…'", once the state machine is found (StartExecution in the API
reference lists the characters).
LocalStack takes every name.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any, Final

from localstack.aws.api.stepfunctions import InvalidName

_FORBIDDEN: Final = re.compile(
    r"""[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"""
)


def cure(module: ModuleType) -> None:
    """Patch the two functions with which the provider makes an ARN of a name."""
    for maker in ("stepfunctions_standard_execution_arn", "stepfunctions_express_execution_arn"):
        setattr(module, maker, _checked(getattr(module, maker)))


def _checked(original: Any) -> Any:
    def execution_arn(state_machine_arn: str, execution_name: str) -> Any:
        if _FORBIDDEN.search(execution_name):
            raise InvalidName(f"Invalid Name: '{execution_name}'")
        return original(state_machine_arn, execution_name)

    return execution_arn
