"""A state machine says whether it is traced, and an update changes it.

AWS: DescribeStateMachine has tracingConfiguration, ``{"enabled": false}`` where none was given;
UpdateStateMachine takes it, alone too, as part of a new revision (API reference).
LocalStack keeps what CreateStateMachine was given, shows nothing, and ignores it in an update.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.services.stepfunctions.backend.state_machine import StateMachineInstance
from localstack.utils.patch import patch
from localstack.utils.strings import long_uid


def cure(module: ModuleType) -> None:
    """Patch ``describe``, which machines and versions share, and the provider's update."""

    @patch(StateMachineInstance.describe)
    def describe(original: Any, self: Any) -> Any:
        return {**original(self), "tracingConfiguration": _of(self)}

    @patch(module.StepFunctionsProvider.update_state_machine)
    def update(original: Any, self: Any, context: Any, state_machine_arn: str, **given: Any) -> Any:
        machine = self.get_store(context).state_machines.get(state_machine_arn)
        wanted = given.get("tracing_configuration")
        if not isinstance(machine, module.StateMachineRevision) or wanted is None:
            return original(self, context, state_machine_arn, **given)
        before = machine.tracing_config, machine.revision_id
        if wanted != _of(machine):
            machine.tracing_config, machine.revision_id = wanted, long_uid()
        # What it has, since an update of tracing alone is none to LocalStack.
        given["role_arn"] = given.get("role_arn") or machine.role_arn
        try:
            return original(self, context, state_machine_arn, **given)
        except Exception:
            machine.tracing_config, machine.revision_id = before
            raise


def _of(machine: Any) -> dict[str, bool]:
    return machine.tracing_config or {"enabled": False}
