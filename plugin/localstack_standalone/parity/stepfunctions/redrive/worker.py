"""An execution's worker that goes on where another stopped."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from localstack.aws.api.stepfunctions import HistoryEventType
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.eval.program_state import ProgramStopped
from localstack.services.stepfunctions.backend.execution_worker import ExecutionWorker

if TYPE_CHECKING:
    import datetime as dt

    from localstack_standalone.parity.stepfunctions.redrive.requests import Redrives

_ENDS: Final = ("ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
_POLL_S: Final = 0.001
_START_S: Final = 5.0  # a thread that has not begun by then is not waited for


class RedrivenWorker(ExecutionWorker):
    """Runs the same definition with the same role as *before*, in an environment of its own.

    What still runs of the attempt before, a function that nobody can stop, keeps the old one: its
    events and its task tokens are no longer the execution's.

    Args:
        before: the worker that stopped.
        stopped: when.
        redrives: those of the execution, this one included.
    """

    def __init__(
        self, before: ExecutionWorker, *, stopped: dt.datetime, redrives: Redrives
    ) -> None:
        super().__init__(
            evaluation_details=before._evaluation_details,  # noqa: SLF001 - all of it is the same
            exec_comm=before._execution_communication,  # noqa: SLF001
            cloud_watch_logging_session=before._cloud_watch_logging_session,  # noqa: SLF001
            activity_store=before._activity_store,  # noqa: SLF001
            local_mock_test_case=before._local_mock_test_case,  # noqa: SLF001
        )
        self.env: Any = self._get_evaluation_environment()
        self.env.progress = before.env.progress.redriven()
        self.env.next_local_mock_invocation_number = before.env.next_local_mock_invocation_number
        tell_context(self.env, redrives)
        self._continue_history(before.env, stopped, redrives)
        self._withdraw_tasks(before.env)

    def stop(self, *args: Any, **settings: Any) -> None:
        """Stop it, once it is at work: LocalStack would not tell that it was stopped before."""
        deadline = time.monotonic() + _START_S
        while not self.env.progress.is_at_work and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        super().stop(*args, **settings)

    def _execution_logic(self) -> None:
        self._get_evaluation_entrypoint().eval(self.env)
        self._execution_communication.terminated()

    def _continue_history(self, before: Any, stopped: dt.datetime, redrives: Redrives) -> None:
        manager, context = self.env.event_manager, self.env.event_history_context
        events = before.event_manager.get_event_history()
        manager._history_event_list.extend(events)  # noqa: SLF001 - it cannot be given them
        manager._event_id_gen._next_id = len(events) + 1  # noqa: SLF001
        end = _end(events)
        context.source_event_id = self._add_end(before, stopped) if end is None else end
        manager.add_event(
            context=context,
            event_type=HistoryEventType.ExecutionRedriven,
            event_details=EventDetails(
                executionRedrivenEventDetails={"redriveCount": redrives.count}
            ),
            timestamp=redrives.date,
        )

    def _add_end(self, before: Any, stopped: dt.datetime) -> int:
        """Write what LocalStack has not written yet.

        It tells a timeout when the state that it interrupts is done, and not at all that an
        execution was stopped before its first state.
        """
        ended, context = before.program_state(), self.env.event_history_context
        if isinstance(ended, ProgramStopped):
            kind = HistoryEventType.ExecutionAborted
            details = {"error": ended.error, "cause": ended.cause}
            told = EventDetails(executionAbortedEventDetails=details)
        else:
            kind = HistoryEventType.ExecutionTimedOut
            told = EventDetails(executionTimedOutEventDetails={})
            context.source_event_id = before.event_history_context.source_event_id
        end: int = self.env.event_manager.add_event(
            context=context, event_type=kind, event_details=told, timestamp=stopped
        )
        return end

    def _withdraw_tasks(self, before: Any) -> None:
        """Take back what no worker of an activity asked for: its token is void."""
        void = before.callback_pool_manager._pool  # noqa: SLF001
        for activity in list(self._activity_store.values()):
            waiting = activity._tasks  # noqa: SLF001
            for task in [task for task in list(waiting) if task.task_token in void]:
                waiting.remove(task)


def tell_context(env: Any, redrives: Redrives) -> None:
    """Have the context object of *env* tell of the last of *redrives*."""
    date = f"{redrives.date:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    told = env.states.context_object.context_object_data["Execution"]
    told |= {"RedriveCount": redrives.count, "RedriveTime": date}


def _end(events: list[Any]) -> int | None:
    """The id of the event that ended the last attempt, None if it is not there."""
    for event in reversed(events):
        if event["type"] in _ENDS:
            return int(event["id"])
        if event["type"] == "ExecutionRedriven":
            return None
    return None
