"""A Choice state that compares what is not there fails; it does not take Default.

AWS: States.Runtime, "Invalid path '$.x': The choice state's condition path references an invalid
value." Only IsPresent may ask for what is missing.
LocalStack takes the comparison for false.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.services.stepfunctions.asl.component.state.state_choice.comparison import (
    comparison_operator_type,
    variable,
)

from localstack_standalone.parity.stepfunctions import states_failure


def cure(module: ModuleType) -> None:
    """Replace ``ComparisonVariable._eval_body``."""
    module.ComparisonVariable._eval_body = _eval_body  # noqa: SLF001 - where a rule is evaluated


def _eval_body(self: Any, env: Any) -> None:
    self.variable.eval(env)
    if isinstance(env.stack[-1], variable.NoSuchVariable):
        asked = self.comparison_function.operator_type
        if asked is not comparison_operator_type.ComparisonOperatorType.IsPresent:
            raise _invalid_path(env, self.variable.string_sampler.literal_value)
    self.comparison_function.eval(env)


def _invalid_path(env: Any, path: str) -> Exception:
    return states_failure.runtime_error(
        env,
        f"Invalid path '{path}': The choice state's condition path references an invalid value.",
    )
