"""Executions as they were; what is large of them is read when somebody asks for it."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Callable
from typing import Any

from localstack.aws.api.stepfunctions import (
    CloudWatchEventsExecutionDataDetails,
    ExecutionStatus,
    StateMachineType,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_map.iteration.itemprocessor.map_run_record import (  # noqa: E501 - its name
    MapRunRecordPoolManager,
)
from localstack.services.stepfunctions.asl.eval.callback.callback import CallbackPoolManager
from localstack.services.stepfunctions.asl.eval.evaluation_details import EvaluationDetails
from localstack.services.stepfunctions.asl.eval.event.event_manager import (
    EventHistoryContext,
    EventManager,
)
from localstack.services.stepfunctions.asl.eval.event.logging import CloudWatchLoggingSession
from localstack.services.stepfunctions.asl.eval.program_state import (
    ProgramState,
    ProgramStopped,
    ProgramTimedOut,
)
from localstack.services.stepfunctions.backend.execution import Execution
from localstack.services.stepfunctions.backend.execution_worker import ExecutionWorker
from localstack.services.stepfunctions.local_mocking.mock_config import (
    load_local_mock_test_case_for,
)

from localstack_standalone.parity.stepfunctions.redrive.progress import ProgramProgress
from localstack_standalone.parity.stepfunctions.redrive.requests import Redrives
from localstack_standalone.persistence.executions.fold import Fold, mocked_again
from localstack_standalone.persistence.executions.history import KeptEvent
from localstack_standalone.persistence.executions.recorder import KeptOutcome

type ReadEvents = Callable[[], list[KeptEvent]]
type FindMachine = Callable[[str], Any]


class RestoredExecution(Execution):
    """One that was kept; its worker stands still.

    Args:
        arn: its own.
        facts: what it was started with.
        outcome: what became of it.
        machine: gives the state machine that it was started with.
        activities: those of its region.
    """

    def __init__(
        self,
        arn: str,
        facts: dict[str, Any],
        outcome: KeptOutcome,
        machine: FindMachine,
        activities: dict[str, Any],
    ) -> None:
        # LocalStack's own would begin one.
        self.exec_arn, self.name, self.role_arn = arn, facts["name"], facts["role"]
        self.account_id, self.region_name = facts["account"], facts["region"]
        self.sm_type = StateMachineType.STANDARD
        self.state_machine_arn = facts["machine_arn"]
        self.state_machine_version_arn = facts["version_arn"]
        self.state_machine_alias_arn = facts["alias_arn"]
        self.start_date, self.trace_header = facts["started"], facts["trace_header"]
        self.input_text = facts["input"] if facts["is_text"] else None
        self.input_details = CloudWatchEventsExecutionDataDetails(included=True)
        self.output_details = CloudWatchEventsExecutionDataDetails(included=True)
        self.exec_status, self.stop_date = ExecutionStatus(outcome.status), outcome.stopped
        self.error, self.cause = outcome.error, outcome.cause
        self.redrives = Redrives(*outcome.redrives)
        self.is_kept = True
        self._activity_store = activities
        self._facts, self._outcome, self._find = facts, outcome, machine

    @functools.cached_property
    def state_machine(self) -> Any:
        """The one that it was started with."""
        return self._find(self._facts["machine"])

    @functools.cached_property
    def input_data(self) -> Any:
        """What it was started with, parsed."""
        return json.loads(self._facts["input"])

    @functools.cached_property
    def output(self) -> Any:
        """What it ended with, parsed."""
        text = self._outcome.output
        return None if text is None else json.loads(text)

    @functools.cached_property
    def local_mock_test_case(self) -> Any:
        """The test case of a mock configuration file that it ran; None where there is none."""
        name = self._facts["test_case"]
        machine = self.state_machine.name
        return None if name is None else load_local_mock_test_case_for(machine, name)

    @property
    def goes_on(self) -> bool:
        """Whether it ran, or was to stop, when the state was left; `resumed` has what follows."""
        return self._outcome.stopped is None or self._outcome.is_asked

    @property
    def lost_test_case(self) -> str | None:
        """The name of the test case that it ran, if there is none of that name any more."""
        name: str | None = self._facts["test_case"]
        return name if self.local_mock_test_case is None else None

    def set_ended(
        self,
        status: str,
        at: Any,
        *,
        error: str | None = None,
        cause: str | None = None,
        output: str | None = None,
    ) -> None:
        """It ended at *at*, with *output* as JSON."""
        self.output = None if output is None else json.loads(output)
        self.error, self.cause = error, cause
        self.stop_date, self.exec_status = at, ExecutionStatus(status)

    @functools.cached_property
    def _cloud_watch_logging_session(self) -> Any:
        logged = self.state_machine.cloud_watch_logging_configuration
        return None if logged is None else CloudWatchLoggingSession(self.exec_arn, logged)


class EndedWorker(ExecutionWorker):
    """The worker of an execution that ended: a redrive goes on from it."""

    def __init__(self, execution: RestoredExecution, events: ReadEvents) -> None:
        # LocalStack's own would have all of it made at once.
        self._execution, self._events = execution, events

    @functools.cached_property
    def env(self) -> Any:
        """An environment in which nothing runs."""
        return _EndedEnvironment(self._execution, self._events)

    def stop(self, *_args: Any, **_settings: Any) -> None:
        """It stands still."""

    @functools.cached_property
    def _evaluation_details(self) -> EvaluationDetails:
        execution = self._execution
        return EvaluationDetails(
            aws_execution_details=execution._get_start_aws_execution_details(),  # noqa: SLF001
            execution_details=execution.get_start_execution_details(),
            state_machine_details=execution.get_start_state_machine_details(),
        )

    @functools.cached_property
    def _execution_communication(self) -> Any:
        return self._execution._get_start_execution_worker_comm()  # noqa: SLF001 - as it is made

    @property
    def _cloud_watch_logging_session(self) -> Any:
        return self._execution._cloud_watch_logging_session  # noqa: SLF001 - likewise

    @property
    def _local_mock_test_case(self) -> Any:
        return self._execution.local_mock_test_case

    @property
    def _activity_store(self) -> Any:
        return self._execution._activity_store  # noqa: SLF001 - likewise


class _EndedEnvironment:
    """What is asked of the environment of an execution that ended.

    How far it came is read from the history when a redrive asks for it.
    """

    def __init__(self, execution: RestoredExecution, read: ReadEvents) -> None:
        activities = execution._activity_store  # noqa: SLF001 - likewise
        self._status, self._read = str(execution.exec_status), read
        self.event_manager = _EventsOnDisk(read)
        self.callback_pool_manager = CallbackPoolManager(activity_store=activities)
        self.map_run_record_pool_manager = MapRunRecordPoolManager()

    @functools.cached_property
    def event_history_context(self) -> EventHistoryContext:
        """What the next event would follow."""
        return EventHistoryContext(len(self.event_manager.get_event_history()))

    def program_state(self) -> ProgramState:
        """How it ended, where its history does not tell that."""
        aborted = self._status == ExecutionStatus.ABORTED
        return ProgramStopped(None, None, None) if aborted else ProgramTimedOut()

    @functools.cached_property
    def _fold(self) -> Fold:
        return Fold(self._read())

    @property
    def progress(self) -> ProgramProgress:
        """How far it came."""
        return self._fold.root

    @property
    def next_local_mock_invocation_number(self) -> dict[str, int]:
        """How often a mocked service answered, by state."""
        return mocked_again(self._fold)


class _EventsOnDisk(EventManager):
    """A history that nobody adds to."""

    def __init__(self, read: ReadEvents) -> None:
        self._mutex = threading.Lock()
        self._read = read

    @functools.cached_property
    def _history_event_list(self) -> list[Any]:
        return [kept.event for kept in self._read()]
