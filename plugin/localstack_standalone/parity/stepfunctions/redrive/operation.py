"""RedriveExecution, and what ListExecutions says to its filter."""

from __future__ import annotations

import datetime as dt
from types import ModuleType
from typing import Any

from localstack.aws.api.stepfunctions import (
    ExecutionNotRedrivable,
    ExecutionStatus,
    RedriveExecutionOutput,
    StateMachineType,
    ValidationException,
)
from localstack.utils.patch import patch

from localstack_standalone import locks
from localstack_standalone.parity.stepfunctions.redrive import facts, requests
from localstack_standalone.parity.stepfunctions.redrive.worker import RedrivenWorker


def install(module: ModuleType) -> None:
    """Give the provider of *module* the operation that it lacks."""
    provider = module.StepFunctionsProvider
    lock = locks.fork_safe()

    @patch(provider.redrive_execution)
    def redrive(
        _original: Any,
        self: Any,
        context: Any,
        execution_arn: str,
        client_token: str | None = None,
        **_others: Any,
    ) -> RedriveExecutionOutput:
        self._validate_state_machine_execution_arn(execution_arn)
        broken = requests.broken(client_token)
        if broken is not None:
            raise ValidationException(f"1 validation error detected: {broken}")
        execution = self._get_execution(context=context, execution_arn=execution_arn)
        if execution.sm_type != StateMachineType.STANDARD:
            self._raise_resource_type_not_in_context(resource_type=execution.sm_type)
        now = dt.datetime.now(tz=dt.UTC)
        with lock:
            known = facts.redrives(execution).answered(client_token, now)
            if known is None:
                _redrive(execution, client_token, now)
        return RedriveExecutionOutput(redriveDate=known or now)

    @patch(provider.list_executions)
    def list_executions(original: Any, self: Any, context: Any, **request: Any) -> Any:
        # Recorded; "If you provide a state machine ARN in redriveFilter, the API returns a
        # validation exception" (API reference).
        if request.get("redrive_filter") and request.get("state_machine_arn"):
            raise ValidationException(
                "RedriveFilter cannot be applied to ListExecutions call with StateMachine ARN"
            )
        return original(self, context, **request)


def _redrive(execution: Any, token: str | None, now: dt.datetime) -> None:
    reason = facts.refusal(execution, now)
    if reason is not None:
        raise ExecutionNotRedrivable(
            f"Execution {execution.exec_arn} invalid for redrive as: {reason}"
        )
    redrives = facts.redrives(execution)
    redrives.add(token, now)
    execution.exec_worker = RedrivenWorker(
        execution.exec_worker, stopped=execution.stop_date, redrives=redrives
    )
    execution.exec_status = ExecutionStatus.RUNNING
    execution.stop_date = execution.error = execution.cause = None
    execution.publish_execution_status_change_event()
    execution.exec_worker.start()
