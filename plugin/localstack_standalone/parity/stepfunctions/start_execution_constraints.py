"""StartExecution refuses what breaks a constraint of its request, before it looks anything up.

AWS: a value that is no text is a SerializationException; a missing stateMachineArn, a name of more
than 80 characters or an input of more than 262,144 bytes is a ValidationException that names the
constraint (StartExecution in the API reference; Step Functions quotas).
LocalStack checks none of it, and fails with InternalError where there is no stateMachineArn.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from localstack.aws.api import CommonServiceException
from localstack.aws.api.stepfunctions import ValidationException
from localstack.utils.patch import patch

from localstack_standalone.parity.protocol.unreadable_request import CODE

NAME_CHARACTERS: Final = 80
INPUT_BYTES: Final = 262_144


def cure(module: ModuleType) -> None:
    """Patch ``start_execution`` and ``start_sync_execution`` of the provider."""
    provider = module.StepFunctionsProvider
    for method in (provider.start_execution, provider.start_sync_execution):

        @patch(method)
        def start(original: Any, self: Any, context: Any, **request: Any) -> Any:
            for field in ("state_machine_arn", "name", "input"):
                _refuse_other_than_text(request.get(field))
            broken = list(_broken(**request))
            if broken:
                errors = "error" if len(broken) == 1 else "errors"
                raise ValidationException(
                    f"{len(broken)} validation {errors} detected: {'; '.join(broken)}"
                )
            return original(self, context, **request)


def _refuse_other_than_text(value: Any) -> None:
    match value:
        case None | str():
            return
        case dict():
            message = "Start of structure or map found where not expected."
        case list():
            message = "Start of list found where not expected"
        case bool():
            message = f"{str(value).upper()}_VALUE can not be converted to a String"
        case _:
            message = "NUMBER_VALUE can not be converted to a String"
    raise CommonServiceException(CODE, message)


def _broken(
    *,
    state_machine_arn: str | None = None,
    name: str | None = None,
    input: str | None = None,  # noqa: A002 - the request's word
    **_others: Any,
) -> list[str]:
    failed = "failed to satisfy constraint: Member must"
    broken = []
    if state_machine_arn is None:
        broken.append(f"Value null at 'stateMachineArn' {failed} not be null")
    if name == "":
        broken.append(f"Value '' at 'name' {failed} have length greater than or equal to 1")
    if name is not None and len(name) > NAME_CHARACTERS:
        broken.append(
            f"Value '{name}' at 'name' {failed} have length less than or equal to {NAME_CHARACTERS}"
        )
    if input is not None and len(input.encode("utf-8", "surrogatepass")) > INPUT_BYTES:
        broken.append(
            f"Value at 'input' {failed} have size less than or equal to {INPUT_BYTES} bytes in "
            "UTF-8 encoding"
        )
    return broken
