"""The Lambda function: its code, its configuration, and waiting until it can be invoked."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING, Any, ClassVar, Final

from infra import ownership, sam
from infra.eventually import consistent, role_not_known
from infra.resource import Cloud, Description, Found, Resource, existing
from testbed import waiting
from testbed.errors import ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import FunctionConfigurationResponseTypeDef

    from infra.account import Account

RUNTIME: Final = "python3.13"
HANDLER: Final = "image_resize.handler.handler"
DESCRIPTION: Final = "Makes the thumbnail of one image"
MEMORY_MB: Final = 1024
TIMEOUT_S: Final = 30
# AWS needs some seconds for a new function, more for a new architecture.
READY_WITHIN_S: Final = 120.0
POLL_S: Final = 0.03
CODE, ARCHITECTURES = "CodeSha256", "Architectures"
NOT_FOUND: Final = "ResourceNotFoundException"


@dataclasses.dataclass(frozen=True)
class Function(Resource):
    """The function, in place and ready to be invoked.

    Attributes:
        role: name of the role that it runs under.
        environment: its environment variables.
    """

    kind: ClassVar = "function"
    service: ClassVar = "lambda"
    role: str
    environment: Mapping[str, str] = dataclasses.field(hash=False)

    def configuration(self, account: Account) -> dict[str, Any]:
        """What UpdateFunctionConfiguration takes and GetFunction gives back alike."""
        return {
            "Runtime": RUNTIME,
            "Handler": HANDLER,
            "Role": account.role_arn(self.role),
            "MemorySize": MEMORY_MB,
            "Timeout": TIMEOUT_S,
            "Environment": {"Variables": dict(self.environment)},
        }

    def read(self, cloud: Cloud) -> Found | None:
        """As it is."""
        lambda_ = cloud.aws.lambda_
        told = existing(lambda: lambda_.get_function(FunctionName=self.name), NOT_FOUND)
        if told is None:
            return None
        seen: dict[str, Any] = {**told["Configuration"]}
        variables = seen.get("Environment", {}).get("Variables", {})
        return cloud.found(
            told.get("Tags"),
            seen["FunctionArn"],
            attributes=lambda: {**seen, "Environment": {"Variables": variables}},
        )

    def wanted(self, cloud: Cloud) -> dict[str, Any]:
        """Its code, by digest, and its configuration."""
        code = _code(cloud)
        digest = base64.b64encode(hashlib.sha256(code["ZipFile"]).digest()).decode()
        wanted = {CODE: digest, ARCHITECTURES: code[ARCHITECTURES]}
        return wanted | self.configuration(cloud.account)

    def create(self, cloud: Cloud) -> None:
        """Make it."""
        code = _code(cloud)
        consistent(
            lambda: cloud.aws.lambda_.create_function(
                FunctionName=self.name,
                Description=DESCRIPTION,
                PackageType="Zip",
                Code={"ZipFile": code["ZipFile"]},
                Architectures=code[ARCHITECTURES],
                Tags=cloud.tags,
                **self.configuration(cloud.account),
            ),
            f"creation of {self.title}",
            lagging=role_not_known,
        )

    def update(self, cloud: Cloud, identifier: str, differing: Collection[str]) -> None:  # noqa: ARG002
        """Replace code and configuration, one after the other: Lambda refuses both at once."""
        lambda_ = cloud.aws.lambda_
        self.wait_until_ready(cloud)
        if {CODE, ARCHITECTURES} & set(differing):
            lambda_.update_function_code(FunctionName=self.name, **_code(cloud))
            self.wait_until_ready(cloud)
        if set(differing) - {CODE, ARCHITECTURES}:
            consistent(
                lambda: lambda_.update_function_configuration(
                    FunctionName=self.name, **self.configuration(cloud.account)
                ),
                f"configuration of {self.title}",
                lagging=role_not_known,
            )

    def delete(self, cloud: Cloud, identifier: str) -> None:  # noqa: ARG002 - by its name
        """Delete it."""
        lambda_ = cloud.aws.lambda_
        lambda_.delete_function(FunctionName=self.name)
        self.wait_until_gone(
            lambda: _found(lambda_, self.name),
            timeout_s=READY_WITHIN_S,
            interval_s=cloud.poll_s(POLL_S),
        )

    def wait_until_ready(self, cloud: Cloud) -> None:
        """Return when it is Active and its last update is through.

        Raises:
            ProvisioningError: it went into the state Failed.
            WaitTimeout: it was not ready in time.
        """
        ready(cloud.aws.lambda_, self.name, interval_s=cloud.poll_s(POLL_S))

    def describe(self, cloud: Cloud) -> Description:
        """Its configuration."""
        seen: Any = cloud.aws.lambda_.get_function_configuration(FunctionName=self.name)
        variables = json.dumps(seen.get("Environment", {}).get("Variables", {}), indent=2)
        return Description(
            facts={
                "ARN": seen["FunctionArn"],
                "state": seen.get("State", ""),
                "runtime": seen.get("Runtime", ""),
                "handler": seen.get("Handler", ""),
                "memory": f"{seen['MemorySize']} MB",
                "timeout": f"{seen['Timeout']} s",
                "code": f"{seen['CodeSize']:,} bytes, {', '.join(seen.get('Architectures', []))}",
                "role": seen["Role"],
            },
            documents=(("Environment variables", variables),),
            command=("lambda", "get-function", "--function-name", self.name),
        )

    def template(self) -> dict[str, Any]:
        """AWS::Serverless::Function; SAM builds the code and says for which architecture."""
        configuration = self.configuration(sam.ACCOUNT)
        properties = {
            "FunctionName": self.name,
            "Description": DESCRIPTION,
            "CodeUri": "../lambda",
            **configuration,
            "Tags": ownership.TAGS,
        }
        return {"Type": "AWS::Serverless::Function", "Properties": properties}


def _code(cloud: Cloud) -> dict[str, Any]:
    """What UpdateFunctionCode takes."""
    if cloud.package is None:
        raise ProvisioningError("the function's zip is needed to make it")
    zipped, architecture = cloud.package.path.read_bytes(), cloud.package.architecture
    return {"ZipFile": zipped, ARCHITECTURES: [architecture]}


def _found(lambda_: LambdaClient, name: str) -> FunctionConfigurationResponseTypeDef | None:
    return existing(lambda: lambda_.get_function_configuration(FunctionName=name), NOT_FOUND)


def ready(
    lambda_: LambdaClient, name: str, *, interval_s: float = POLL_S
) -> FunctionConfigurationResponseTypeDef:
    """The function's configuration once it is Active and its last update is through.

    Looked for every *interval_s* seconds.
    """

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
        probe, f"readiness of function {name}", timeout_s=READY_WITHIN_S, interval_s=interval_s
    )
