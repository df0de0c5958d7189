"""State machines of the tests' own, beside the pipeline's, to be looked at in the console."""

from __future__ import annotations

import json
import uuid
from typing import Any

from client import copies
from runs import follow
from runs.model import ExecutionSpan
from testbed import waiting
from tests.support.testbeds import ProvisionedTestbed


class Machines:
    """Makes them in a testbed, with the pipeline's role, and removes them."""

    def __init__(self, place: ProvisionedTestbed) -> None:
        self.place = place
        self._made: list[str] = []
        described = self._sfn.describe_state_machine(
            stateMachineArn=place.outputs.state_machine_arn
        )
        self._role = described["roleArn"]

    @property
    def _sfn(self) -> Any:
        return self.place.aws.stepfunctions

    def make(self, definition: dict[str, Any], **more: Any) -> str:
        """One of *definition*, laid out in lines; its ARN."""
        made = self._sfn.create_state_machine(
            name=f"learn-{uuid.uuid4().hex[:8]}",
            definition=json.dumps(definition, indent=2),
            roleArn=self._role,
            **more,
        )
        self._made.append(made["stateMachineArn"])
        return self._made[-1]

    def run(self, arn: str, given: Any) -> ExecutionSpan:
        """An execution, at its end."""
        started = self._sfn.start_execution(stateMachineArn=arn, input=json.dumps(given))
        return follow.to_end(self.place.aws, started["executionArn"])

    def definition(self, arn: str) -> str:
        return str(self._sfn.describe_state_machine(stateMachineArn=arn)["definition"])

    def executions(self, arn: str) -> list[str]:
        listed = self._sfn.list_executions(stateMachineArn=arn)["executions"]
        return [one["executionArn"] for one in listed]

    def copies(self) -> list[str]:
        """Names of the copies that there are."""
        listed = self._sfn.list_state_machines()["stateMachines"]
        return [one["name"] for one in listed if one["name"].startswith(copies.PREFIX)]

    def wait_until_no_copy_is_left(self) -> None:
        def gone() -> tuple[bool | None, str]:
            left = self.copies()
            return (None if left else True), f"{left}"

        waiting.until(gone, "no copy being left", timeout_s=30)

    def clean(self) -> None:
        for arn in self._made:
            copies.remove(self.place.aws, arn)
