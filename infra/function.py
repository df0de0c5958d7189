"""The Lambda function: its code, its configuration, and waiting until it can be invoked."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any, Final

from infra import ownership
from infra.change import Change, Ensured, settled
from infra.eventually import consistent, role_not_known
from testbed import waiting
from testbed.errors import ProvisioningError

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.literals import ArchitectureType
    from mypy_boto3_lambda.type_defs import FunctionConfigurationResponseTypeDef

RUNTIME: Final = "python3.13"
HANDLER: Final = "image_resize.handler.handler"
MEMORY_MB: Final = 1024
TIMEOUT_S: Final = 30
# AWS needs some seconds for a new function, more for a new architecture.
READY_WITHIN_S: Final = 120.0
POLL_S: Final = 0.03


@dataclasses.dataclass(frozen=True)
class Function:
    """The function as we want it.

    Attributes:
        name: its name in account and region.
        role_arn: the role that it runs under.
        code: path of the zip.
        architecture: what the zip's compiled modules were built for.
        environment: its environment variables.
    """

    name: str
    role_arn: str
    code: Path
    architecture: ArchitectureType
    environment: dict[str, str]

    @property
    def configuration(self) -> dict[str, Any]:
        """What UpdateFunctionConfiguration takes and GetFunction gives back alike."""
        return {
            "Runtime": RUNTIME,
            "Handler": HANDLER,
            "Role": self.role_arn,
            "MemorySize": MEMORY_MB,
            "Timeout": TIMEOUT_S,
            "Environment": {"Variables": self.environment},
        }


def ensure(lambda_: LambdaClient, function: Function) -> Ensured:
    """Make *function* what it should be, in place, and wait until it can be invoked.

    Raises:
        ProvisioningError: a function of that name exists that we did not make, or it went into
            the state Failed.
        WaitTimeout: it was not ready in time.
    """
    code = function.code.read_bytes()
    if not _exists(lambda_, function.name):
        _create(lambda_, function, code)
        return Ensured(Change.CREATED, ready(lambda_, function.name)["FunctionArn"])
    found = ready(lambda_, function.name)
    new_code = _has_other_code(found, function, code)
    if new_code:
        lambda_.update_function_code(
            FunctionName=function.name, ZipFile=code, Architectures=[function.architecture]
        )
        found = ready(lambda_, function.name)
    new_configuration = _has_other_configuration(found, function)
    if new_configuration:
        _configure(lambda_, function)
        found = ready(lambda_, function.name)
    return Ensured(settled(updated=new_code or new_configuration), found["FunctionArn"])


def destroy(lambda_: LambdaClient, name: str) -> Change:
    """Delete the function *name*, if it is ours, and wait until it is gone."""
    try:
        tags = lambda_.get_function(FunctionName=name).get("Tags")
    except lambda_.exceptions.ResourceNotFoundException:
        return Change.ABSENT
    if not ownership.is_ours(tags):
        return Change.KEPT
    lambda_.delete_function(FunctionName=name)
    waiting.until(
        lambda: (None if _found(lambda_, name) else True, "it still exists"),
        f"deletion of function {name}",
        timeout_s=READY_WITHIN_S,
        interval_s=POLL_S,
    )
    return Change.DESTROYED


def _exists(lambda_: LambdaClient, name: str) -> bool:
    try:
        tags = lambda_.get_function(FunctionName=name).get("Tags")
    except lambda_.exceptions.ResourceNotFoundException:
        return False
    if not ownership.is_ours(tags):
        raise ownership.refuse(f"function {name}")
    return True


def _create(lambda_: LambdaClient, function: Function, code: bytes) -> None:
    consistent(
        lambda: lambda_.create_function(
            FunctionName=function.name,
            Description="Makes the thumbnail of one image",
            PackageType="Zip",
            Code={"ZipFile": code},
            Architectures=[function.architecture],
            Tags=ownership.TAGS,
            **function.configuration,
        ),
        f"creation of function {function.name}",
        lagging=role_not_known,
    )


def _configure(lambda_: LambdaClient, function: Function) -> None:
    consistent(
        lambda: lambda_.update_function_configuration(
            FunctionName=function.name, **function.configuration
        ),
        f"configuration of function {function.name}",
        lagging=role_not_known,
    )


def _has_other_code(
    found: FunctionConfigurationResponseTypeDef, function: Function, code: bytes
) -> bool:
    digest = base64.b64encode(hashlib.sha256(code).digest()).decode()
    return found["CodeSha256"] != digest or found["Architectures"] != [function.architecture]


def _has_other_configuration(
    found: FunctionConfigurationResponseTypeDef, function: Function
) -> bool:
    seen: dict[str, Any] = {**found, "Environment": {"Variables": _variables(found)}}
    return any(seen.get(field) != value for field, value in function.configuration.items())


def _variables(found: FunctionConfigurationResponseTypeDef) -> dict[str, str]:
    return dict(found.get("Environment", {}).get("Variables", {}))


def _found(lambda_: LambdaClient, name: str) -> FunctionConfigurationResponseTypeDef | None:
    try:
        return lambda_.get_function_configuration(FunctionName=name)
    except lambda_.exceptions.ResourceNotFoundException:
        return None


def ready(lambda_: LambdaClient, name: str) -> FunctionConfigurationResponseTypeDef:
    """The function's configuration once it is Active and its last update is through."""

    def probe() -> tuple[FunctionConfigurationResponseTypeDef | None, str]:
        found = _found(lambda_, name)
        if found is None:
            return None, "no such function"
        state, update = found.get("State"), found.get("LastUpdateStatus")
        if state == "Failed" or update == "Failed":
            why = found.get("StateReason") or found.get("LastUpdateStatusReason") or "no reason"
            raise ProvisioningError(
                f"function {name} cannot run: {why} (State {state}, LastUpdateStatus {update}). "
                "`make destroy` and `make provision` make it anew."
            )
        # Inactive: AWS reclaimed an idle function's resources; invoking it brings them back.
        ready = state in {"Active", "Inactive"} and update == "Successful"
        return (found if ready else None), f"State {state}, LastUpdateStatus {update}"

    return waiting.until(
        probe, f"readiness of function {name}", timeout_s=READY_WITHIN_S, interval_s=POLL_S
    )
