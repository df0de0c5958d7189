"""InvalidArn says what is wrong with the ARN, and an Express execution cannot be asked for.

AWS: "Invalid Arn: 'Invalid ARN prefix: …'" for what is no ARN at all, and "Invalid Arn: 'Resource
type not valid in this context: express'" for the ARN of an Express execution, whether there is such
an execution or not.
LocalStack says "Invalid arn: '…'", and that the execution does not exist where it has none.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from localstack.aws.api.stepfunctions import InvalidArn

# What the provider checks an ARN with, and the type of resource that each refuses.
_CHECKS: Final = {
    "_validate_state_machine_arn": None,
    "_validate_state_machine_execution_arn": "express",
    "_validate_activity_arn": None,
    "_validate_state_machine_alias_arn": None,
}
_TYPE: Final = 5  # arn:partition:service:region:account:type:…


def cure(module: ModuleType) -> None:
    """Put a check before each of those that the provider has."""
    provider = module.StepFunctionsProvider
    for name, refused in _CHECKS.items():
        setattr(provider, name, staticmethod(_checked(getattr(provider, name), refused)))


def _checked(original: Any, refused: str | None) -> Any:
    def validate(arn: str | None = None, **named: str) -> None:
        (arn,) = (arn,) if arn is not None else named.values()
        if not arn.startswith("arn:"):
            raise InvalidArn(f"Invalid Arn: 'Invalid ARN prefix: {arn}'")
        if refused is not None and arn.split(":")[_TYPE : _TYPE + 1] == [refused]:
            raise InvalidArn(f"Invalid Arn: 'Resource type not valid in this context: {refused}'")
        original(arn)

    return validate
