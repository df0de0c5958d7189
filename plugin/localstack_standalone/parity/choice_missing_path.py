"""A Choice state that compares what is not there fails; it does not take Default.

AWS: States.Runtime, "Invalid path '$.x': The choice state's condition path references an invalid
value." Only IsPresent may ask for what is missing.
LocalStack takes the comparison for false.
"""

from __future__ import annotations

from types import ModuleType
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
from localstack.services.stepfunctions.asl.component.state.state_choice.comparison.comparison_operator_type import (  # noqa: E501 - likewise
    ComparisonOperatorType,
)
from localstack.services.stepfunctions.asl.component.state.state_choice.comparison.variable import (
    NoSuchVariable,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails


def cure(target: ModuleType) -> None:
    """Replace ``ComparisonVariable._eval_body``."""
    target.ComparisonVariable._eval_body = _eval_body  # noqa: SLF001 - where a rule is evaluated


def _eval_body(self: Any, env: Any) -> None:
    self.variable.eval(env)
    if isinstance(env.stack[-1], NoSuchVariable):
        function = self.comparison_function
        if function.operator_type is not ComparisonOperatorType.IsPresent:
            raise _invalid_path(env, self.variable.string_sampler.literal_value)
    self.comparison_function.eval(env)


def _invalid_path(env: Any, path: str) -> Exception:
    name = StatesErrorNameType.StatesRuntime
    cause = f"Invalid path '{path}': The choice state's condition path references an invalid value."
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
