"""An execution that ran when the emulator was killed, and goes on.

It goes on behind the last of its events, in the states, branches and iterations that did not end,
without an event of its own for that: on AWS, nobody sees what becomes of Step Functions' machines.
What of its time is over when the emulator is up again is over.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from typing import Any, Final

from localstack.aws.api.stepfunctions import ExecutionStatus, HistoryEventType
from localstack.services.stepfunctions.asl.component.eval_component import EvalComponent
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.backend.execution_worker import ExecutionWorker
from localstack.utils import threads

from localstack_standalone.parity.stepfunctions.redrive.worker import tell_context
from localstack_standalone.persistence.executions.fold import ENDS, Fold, mocked_again
from localstack_standalone.persistence.executions.history import KeptEvent
from localstack_standalone.persistence.executions.recorder import KeptToken
from localstack_standalone.persistence.executions.restored import RestoredExecution

_LOST_TEST_CASE: Final = (
    "The execution could not go on after the emulator was stopped: the mock configuration file has "
    "no test case {name!r} for its state machine any more."
)

_UNREADABLE: Final = "The execution could not go on after the emulator was stopped: {reason}."


@dataclasses.dataclass(frozen=True)
class Resumption:
    """What became of an execution that ran when the emulator was killed.

    Attributes:
        arn: its own.
        states: in which it goes on.
        status: as DescribeExecution tells it then.
        reason: why it ended, None if it goes on.
    """

    arn: str
    states: tuple[str, ...]
    status: str
    reason: str | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it runs again; it ended if not."""
        return self.reason is None


def resume(
    execution: RestoredExecution, events: list[KeptEvent], tokens: dict[str, KeptToken]
) -> Resumption:
    """Have *execution* go on behind *events*, or end it where it cannot."""
    fold = Fold(events)
    told = execution.redrives
    if told.count > len(fold.redrives):  # the last was not acknowledged
        told.count, told.date = len(fold.redrives), max(fold.redrives, default=None)
    if fold.end is not None:
        return _end_as_told(execution, fold.end)
    worker = ResumedWorker(execution, events, fold, tokens)
    execution.exec_worker = worker
    unsafe = worker.obstacle()
    if unsafe is not None:
        kind, details, reason = unsafe
        return _end(execution, worker, kind, details, reason)
    states = tuple(visit.name for visit in fold.inside())
    execution.exec_status, execution.stop_date = ExecutionStatus.RUNNING, None
    execution.error = execution.cause = execution.output = None
    worker.start()
    return Resumption(execution.exec_arn, states, "RUNNING")


def give_up(execution: RestoredExecution, reason: str) -> Resumption:
    """End *execution*, whose history cannot be read, and is empty from now on."""
    cause = _UNREADABLE.format(reason=reason)
    execution.set_ended("FAILED", dt.datetime.now(tz=dt.UTC), error="States.Runtime", cause=cause)
    execution.publish_execution_status_change_event()
    return Resumption(execution.exec_arn, (), "FAILED", cause)


class ResumedWorker(ExecutionWorker):
    """Runs an execution from where its history ends.

    Args:
        execution: that was restored.
        events: of it, so far.
        fold: what these say.
        tokens: what became of those that were used.
    """

    def __init__(
        self,
        execution: RestoredExecution,
        events: list[KeptEvent],
        fold: Fold,
        tokens: dict[str, KeptToken],
    ) -> None:
        made: Any = execution._get_start_execution_worker()  # noqa: SLF001 - as it is made
        self.__dict__.update(vars(made))
        self._execution, self._fold, self._has_events = execution, fold, bool(events)
        self.env: Any = self._get_evaluation_environment()
        self.env.progress = fold.root.resumed()
        self.env.next_local_mock_invocation_number = mocked_again(fold)
        manager = self.env.event_manager
        manager._history_event_list.extend(kept.event for kept in events)  # noqa: SLF001 - it cannot be given them
        manager._event_id_gen._next_id = len(events) + 1  # noqa: SLF001
        manager.replays = True
        self.env.event_history_context.source_event_id = len(events)
        self.env.callback_pool_manager.used_tokens = tokens
        if execution.redrives.count:
            tell_context(self.env, execution.redrives)

    def obstacle(self) -> tuple[HistoryEventType, dict[str, Any], str] | None:
        """How the execution ends if it cannot go on: with which event, and why; else None."""
        execution = self._execution
        if execution.exec_status == ExecutionStatus.ABORTED:
            details = {"error": execution.error, "cause": execution.cause}
            told = {"executionAbortedEventDetails": details}
            return HistoryEventType.ExecutionAborted, told, "it was stopped"
        test_case = execution.lost_test_case
        if test_case is not None:
            cause = _LOST_TEST_CASE.format(name=test_case)
            told = {"executionFailedEventDetails": {"error": "States.Runtime", "cause": cause}}
            return HistoryEventType.ExecutionFailed, told, cause
        left = self._left_s()
        if left is not None and left <= 0:
            told = {"executionTimedOutEventDetails": {}}
            return HistoryEventType.ExecutionTimedOut, told, "its TimeoutSeconds are over"
        return None

    def start(self) -> None:
        """As LocalStack does; what has no event yet begins as it would have."""
        if not self._has_events:
            self.env = None
            super().start()
            return
        thread = threading.Thread(target=self._go_on, daemon=True)
        threads.TMP_THREADS.append(thread)
        thread.start()

    def _go_on(self) -> None:
        program = self._get_evaluation_entrypoint()
        self.env.next_state_name = program.start_at.start_at_name
        # As Program.eval, whose time would begin anew.
        thread = threading.Thread(target=EvalComponent.eval, args=(program, self.env), daemon=True)
        threads.TMP_THREADS.append(thread)
        thread.start()
        thread.join(self._left_s())
        if thread.is_alive():
            self.env.set_timed_out()
        self._execution_communication.terminated()

    def _left_s(self) -> float | None:
        """What is left of the state machine's time since its start or last redrive; None: all."""
        bound = self._get_evaluation_entrypoint().timeout_seconds
        if bound is None:
            return None
        since = max([self._execution.start_date, *self._fold.redrives])
        passed = dt.datetime.now(tz=dt.UTC) - since
        return float(bound.timeout_seconds - passed.total_seconds())


def _end_as_told(execution: RestoredExecution, end: KeptEvent) -> Resumption:
    """It had ended, as its history tells, but nobody had written what became of it."""
    details, status = end.details(), ENDS[end.kind]
    execution.set_ended(
        status,
        end.event["timestamp"],
        error=details.get("error"),
        cause=details.get("cause"),
        output=details.get("output"),
    )
    return Resumption(execution.exec_arn, (), status, "its history had ended")


def _end(
    execution: RestoredExecution,
    worker: ResumedWorker,
    kind: HistoryEventType,
    details: dict[str, Any],
    reason: str,
) -> Resumption:
    """Write the event that ends it, and what became of it."""
    context, now = worker.env.event_history_context, dt.datetime.now(tz=dt.UTC)
    if kind == HistoryEventType.ExecutionAborted:
        context.source_event_id, now = 0, execution.stop_date or now
    worker.env.event_manager.add_event(
        context=context, event_type=kind, event_details=EventDetails(**details), timestamp=now
    )
    [told] = details.values()
    execution.set_ended(ENDS[kind], now, error=told.get("error"), cause=told.get("cause"))
    execution.publish_execution_status_change_event()
    return Resumption(execution.exec_arn, (), str(execution.exec_status), reason)
