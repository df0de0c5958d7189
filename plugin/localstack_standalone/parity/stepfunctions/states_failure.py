"""What a state fails with, by one of the names that begin with ``States.``."""

from __future__ import annotations

from typing import Any

from localstack.aws.api.stepfunctions import (
    ExecutionFailedEventDetails,
    HistoryEventType,
    TaskFailedEventDetails,
)
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (  # noqa: E501 - LocalStack's name
    StatesErrorNameType,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails


def runtime_error(env: Any, cause: str) -> Exception:
    """States.Runtime with *cause*; LocalStack puts the state's name before it."""
    name = StatesErrorNameType.StatesRuntime
    details = ExecutionFailedEventDetails(error=name.to_name(), cause=cause)
    return _failure(
        env,
        name,
        HistoryEventType.ExecutionFailed,
        EventDetails(executionFailedEventDetails=details),
    )


def field_error(env: Any, name: StatesErrorNameType, cause: str) -> Exception:
    """*name* with *cause*, of a field that cannot be evaluated; a Retry or Catch may see it.

    LocalStack names the state in the cause of States.Runtime alone.
    """
    where = (
        f"An error occurred while executing the state '{env.next_state_name}'"
        f" (entered at the event id #{env.event_history_context.source_event_id}). "
    )
    details = TaskFailedEventDetails(error=name.to_name(), cause=where + cause)
    return _failure(
        env, name, HistoryEventType.TaskFailed, EventDetails(taskFailedEventDetails=details)
    )


def _failure(
    env: Any, name: StatesErrorNameType, event_type: HistoryEventType, details: EventDetails
) -> Exception:
    error: Exception = FailureEventException(
        FailureEvent(
            env=env,
            error_name=StatesErrorName(typ=name),
            event_type=event_type,
            event_details=details,
        )
    )
    return error
