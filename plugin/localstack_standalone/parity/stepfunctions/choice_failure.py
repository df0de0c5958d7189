"""What a Choice state fails with, when no branch can be taken."""

from __future__ import annotations

from typing import Any

from localstack.aws.api.stepfunctions import ExecutionFailedEventDetails, HistoryEventType
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
    error: Exception = FailureEventException(
        FailureEvent(
            env=env,
            error_name=StatesErrorName(typ=name),
            event_type=HistoryEventType.ExecutionFailed,
            event_details=EventDetails(executionFailedEventDetails=details),
        )
    )
    return error
