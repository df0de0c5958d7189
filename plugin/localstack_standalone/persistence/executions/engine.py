"""LocalStack's engine tells the recorder what happens to Standard executions.

An Express one is not kept: on AWS, too, nobody can ask for it later.
"""

from __future__ import annotations

import copy
import functools
import json
from typing import Any, Final, NoReturn

from localstack.aws.api import CommonServiceException
from localstack.aws.api.stepfunctions import StateMachineType
from localstack.services.stepfunctions.asl.eval.callback import callback
from localstack.services.stepfunctions.asl.utils.encoding import to_json_str
from localstack.services.stepfunctions.backend import execution, execution_worker
from localstack.services.stepfunctions.backend.store import sfn_stores
from localstack.services.stepfunctions.provider import StepFunctionsProvider
from localstack.utils.patch import patch

from localstack_standalone.parity.stepfunctions.redrive import facts, recording
from localstack_standalone.persistence.errors import NotSavedError
from localstack_standalone.persistence.executions import machines
from localstack_standalone.persistence.executions.history import KeptEvent
from localstack_standalone.persistence.executions.recorder import KeptOutcome, Recorder
from localstack_standalone.tuning.stepfunctions.bounded_history import Executions

_WITH_TOKEN: Final = ("TaskScheduled", "TaskStarted", "ActivityScheduled")
_OF_THE_END: Final = ("stop_date", "output", "error", "cause", "exec_status")


def install(recorder: Recorder) -> None:
    """Have LocalStack's engine tell *recorder*; the patches are made once."""
    recording.install()
    execution.Execution.recorder = recorder
    _patch()


@functools.cache
def _patch() -> None:
    _begin()
    _run()
    _end()
    _forget()
    _show()
    _give_tokens()


def is_kept(made: Any) -> bool:
    """Whether an execution is written down."""
    return "is_kept" in vars(made)


def outcome(made: Any) -> KeptOutcome:
    """What became of an execution so far."""
    redrives = facts.redrives(made)
    return KeptOutcome(
        status=str(made.exec_status),
        stopped=made.stop_date,
        output=None if made.output is None else to_json_str(made.output),
        error=made.error,
        cause=made.cause,
        redrives=(redrives.count, redrives.date, list(redrives._tokens)),  # noqa: SLF001 - kept too
    )


def _facts(made: Any) -> dict[str, Any]:
    """What never changes of an execution."""
    text = vars(made).get("input_text")
    mock = made.local_mock_test_case
    return {
        "name": made.name,
        "role": made.role_arn,
        "account": made.account_id,
        "region": made.region_name,
        "machine": _revision(made),
        "machine_arn": made.state_machine_arn,
        "version_arn": made.state_machine_version_arn,
        "alias_arn": made.state_machine_alias_arn,
        "started": made.start_date,
        "input": json.dumps(made.input_data) if text is None else text,
        "is_text": text is not None,
        "trace_header": made.trace_header,
        "test_case": None if mock is None else mock.test_case_name,
    }


def _revision(made: Any) -> str:
    machine = made.state_machine
    found: str = made.recorder.revision(
        (machine.arn, machine.revision_id, machine.create_date),
        functools.partial(machines.started_data, machine),
    )
    return found


def _begin() -> None:
    @patch(execution.Execution.start)
    def start(original: Any, self: Any) -> None:
        if type(self) is execution.Execution and self.sm_type == StateMachineType.STANDARD:
            self.is_kept = True
            try:
                self.recorder.started(self.exec_arn, _facts(self))
            except NotSavedError as error:
                _refuse_to_run(self, error)
        original(self)


def _refuse_to_run(made: Any, error: NotSavedError) -> NoReturn:
    """Have an execution not be there that could not be written, now or when there is room again."""
    sfn_stores[made.account_id][made.region_name].executions.pop(made.exec_arn, None)
    made.recorder.forgotten([made.exec_arn])
    raise CommonServiceException("InternalError", str(error), 500) from error


def _run() -> None:
    @patch(execution_worker.ExecutionWorker._get_evaluation_environment)  # noqa: SLF001 - where one begins
    def environment(original: Any, self: Any) -> Any:
        env = original(self)
        made = getattr(self._execution_communication, "execution", None)
        if made is not None and is_kept(made):
            env.event_manager.keep = functools.partial(_keep, made)
            env.callback_pool_manager.kept_for = made
        return env


def _keep(made: Any, context: Any, event: dict[str, Any]) -> None:
    """Write down an event of *made*."""
    kind = str(event["type"])
    program = recording.program_of(context)
    kept = KeptEvent(event, () if program is None else program.path)
    if kind.endswith("StateExited") and program is not None:
        kept = KeptEvent(event, program.path, program.next_state, program.variables)
    elif kind in _WITH_TOKEN:
        told = recording.environment_of(context).states.context_object.context_object_data
        token = told.get("Task", {}).get("Token")
        kept = KeptEvent(event, kept.path, token=token)
    elif kind == "ExecutionRedriven":
        made.recorder.became(made.exec_arn, _goes_on(made))
    made.recorder.wrote(made.exec_arn, kept)


def _goes_on(made: Any) -> KeptOutcome:
    """That of an execution that is being redriven, before LocalStack's says so."""
    known = outcome(made)
    return KeptOutcome(status="RUNNING", redrives=known.redrives)


def _end() -> None:
    @patch(execution.BaseExecutionWorkerCommunication._reflect_execution_status)  # noqa: SLF001
    def reflect(original: Any, self: Any) -> None:
        made = self.execution
        if not is_kept(made):
            original(self)
            return
        # It is queued before anybody can see it.
        self.execution = copy.copy(made)
        try:
            original(self)
            ended = vars(self.execution)
        finally:
            self.execution = made
        with made.recorder.changing:
            after = copy.copy(made)
            vars(after).update({name: ended[name] for name in _OF_THE_END})
            made.recorder.became(made.exec_arn, outcome(after))
            vars(made).update({name: ended[name] for name in _OF_THE_END})


def _forget() -> None:
    @patch(Executions.forget)
    def forget(original: Any, self: Any, most: int, ended: Any) -> None:
        before = list(self.items())
        original(self, most, ended)
        gone = [(arn, made) for arn, made in before if arn not in self]
        for arn, made in gone:
            if is_kept(made):
                made.recorder.forgotten([arn])


def _show() -> None:
    @patch(StepFunctionsProvider.describe_execution)
    def describe(original: Any, self: Any, context: Any, *args: Any, **request: Any) -> Any:
        described = original(self, context, *args, **request)
        if described["status"] != "RUNNING":  # what was shown is not taken back
            execution.Execution.recorder.write()
        return described


def _give_tokens() -> None:
    @patch(callback.CallbackPoolManager.notify)
    def notify(original: Any, self: Any, callback_id: str, outcome: Any) -> bool:
        made = vars(self).get("kept_for")
        # Before whoever waits for it can end.
        if made is not None and self.get(callback_id) is not None:
            succeeded = isinstance(outcome, callback.CallbackOutcomeSuccess)
            made.recorder.answered(
                made.exec_arn,
                callback_id,
                success=outcome.output if succeeded else None,
                failure=None if succeeded else (outcome.error, outcome.cause),
            )
        told: bool = original(self, callback_id, outcome)
        return told

    @patch(callback.CallbackPoolManager.add_activity_task)
    def add_activity_task(
        original: Any, self: Any, callback_id: str, *args: Any, **named: Any
    ) -> Any:
        endpoint = original(self, callback_id, *args, **named)
        endpoint.kept_for = vars(self).get("kept_for")
        return endpoint

    @patch(callback.ActivityCallbackEndpoint.notify_activity_task_start)
    def notify_start(original: Any, self: Any, worker_name: str | None) -> None:
        made = vars(self).get("kept_for")
        if made is not None:
            made.recorder.given(made.exec_arn, self.callback_id, worker_name)
        original(self, worker_name)
