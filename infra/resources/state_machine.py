"""The state machine, from its definition in statemachine/."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from infra import definition_errors, ownership, sam
from infra.eventually import consistent, role_not_known
from infra.resource import Cloud, Description, Found, Resource, existing
from infra.substitution import substitute
from testbed import waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mypy_boto3_stepfunctions.type_defs import DescribeStateMachineOutputTypeDef

    from infra.account import Account

DEFINITION: Final = Path(__file__).parents[2] / "statemachine" / "image_processing.asl.json"
# A machine stays in DELETING until its running executions have ended.
GONE_WITHIN_S: Final = 180.0
POLL_S: Final = 0.05
ACTIVE, DELETING = "ACTIVE", "DELETING"


def definition(*, function_arn: str) -> str:
    """The definition in the Amazon States Language, with the function's ARN filled in.

    Raises:
        ProvisioningError: it is no JSON, or its placeholders are others.
    """
    text = DEFINITION.read_text(encoding="utf-8")
    filled = substitute(text, {"ImageResizeFunctionArn": function_arn}, where=DEFINITION.name)
    definition_errors.refuse_unreadable(filled, DEFINITION)
    return filled


@dataclasses.dataclass(frozen=True)
class StateMachine(Resource):
    """A STANDARD state machine.

    Attributes:
        role: name of the role that its executions run under.
        function: name of what its task invokes.
    """

    kind: ClassVar = "state machine"
    service: ClassVar = "stepfunctions"
    role: str
    function: str

    def read(self, cloud: Cloud) -> Found | None:
        """As it is; definitions are the same whose JSON is, however they are laid out."""
        found = self._find(cloud)
        if found is None:
            return None
        arn = found["stateMachineArn"]
        tags = cloud.aws.stepfunctions.list_tags_for_resource(resourceArn=arn)["tags"]
        return cloud.found(
            tags,
            arn,
            attributes=lambda: {
                "role": found["roleArn"],
                "definition": _parsed(found["definition"]),
            },
            leaving=found["status"] == DELETING,
        )

    def wanted(self, cloud: Cloud) -> dict[str, Any]:
        """Role and definition."""
        text = self._definition(cloud.account)
        return {"role": cloud.account.role_arn(self.role), "definition": _parsed(text)}

    def create(self, cloud: Cloud) -> None:
        """Make it, when one of its name that is being deleted is gone."""
        sfn = cloud.aws.stepfunctions
        self._wait_until_gone(cloud)
        text = self._definition(cloud.account)
        self._sent(
            cloud,
            text,
            lambda: sfn.create_state_machine(
                name=self.name,
                type="STANDARD",
                roleArn=cloud.account.role_arn(self.role),
                definition=text,
                tags=[{"key": key, "value": value} for key, value in cloud.tags.items()],
            ),
            f"creation of {self.title}",
        )
        waiting.until(
            lambda: self._active(cloud),
            f"{self.title} being ACTIVE",
            timeout_s=60,
            interval_s=cloud.poll_s(POLL_S),
        )

    def update(self, cloud: Cloud, identifier: str, differing: Collection[str]) -> None:  # noqa: ARG002
        """Replace role and definition; it keeps its ARN and its executions."""
        text = self._definition(cloud.account)
        self._sent(
            cloud,
            text,
            lambda: cloud.aws.stepfunctions.update_state_machine(
                stateMachineArn=identifier,
                roleArn=cloud.account.role_arn(self.role),
                definition=text,
            ),
            f"update of {self.title}",
        )

    def delete(self, cloud: Cloud, identifier: str) -> None:
        """Delete it; its running executions end first."""
        cloud.aws.stepfunctions.delete_state_machine(stateMachineArn=identifier)
        self._wait_until_gone(cloud)

    def describe(self, cloud: Cloud) -> Description:
        """Its definition and the role of its executions."""
        arn = cloud.account.state_machine_arn(self.name)
        found = cloud.aws.stepfunctions.describe_state_machine(stateMachineArn=arn)
        text = found["definition"]
        return Description(
            facts={
                "ARN": arn,
                "status": found.get("status", ""),
                "type": found["type"],
                "role": found["roleArn"],
            },
            documents=(("Definition (Amazon States Language)", text),),
            definition=text,
            command=("stepfunctions", "describe-state-machine", "--state-machine-arn", arn),
        )

    def template(self) -> dict[str, Any]:
        """AWS::Serverless::StateMachine, with the very definition."""
        properties = {
            "Name": self.name,
            "Type": "STANDARD",
            "Role": sam.ACCOUNT.role_arn(self.role),
            "DefinitionUri": f"../statemachine/{DEFINITION.name}",
            "DefinitionSubstitutions": {
                "ImageResizeFunctionArn": sam.ACCOUNT.function_arn(self.function)
            },
            "Tags": ownership.TAGS,
        }
        return {"Type": "AWS::Serverless::StateMachine", "Properties": properties}

    def _sent(self, cloud: Cloud, text: str, call: Callable[[], object], what: str) -> None:
        """Make *call*, which sends the definition *text*, once the role is known."""
        definition_errors.told(
            lambda: consistent(call, what, lagging=role_not_known),
            cloud.aws.stepfunctions,
            text,
            DEFINITION,
        )

    def _wait_until_gone(self, cloud: Cloud) -> None:
        self.wait_until_gone(
            lambda: self._find(cloud), timeout_s=GONE_WITHIN_S, interval_s=cloud.poll_s(POLL_S)
        )

    def _definition(self, account: Account) -> str:
        return definition(function_arn=account.function_arn(self.function))

    def _find(self, cloud: Cloud) -> DescribeStateMachineOutputTypeDef | None:
        sfn = cloud.aws.stepfunctions
        arn = cloud.account.state_machine_arn(self.name)
        return existing(
            lambda: sfn.describe_state_machine(stateMachineArn=arn), "StateMachineDoesNotExist"
        )

    def _active(self, cloud: Cloud) -> tuple[bool | None, str]:
        found = self._find(cloud)
        status = found["status"] if found else "no such state machine"
        return (True if status == ACTIVE else None), status


def _parsed(text: str) -> Any:
    """The definition, however it is laid out; somebody else's may be no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text
