"""A Choice state that no rule matches, and that has no Default, says so.

AWS: States.NoChoiceMatched is "reserved for future use. If no choice is matched, the error is
reported with the States.Runtime error name" (Step Functions Developer Guide, "Handling errors").
Published executions have the cause "Failed to transition out of the state. The state does not point
to a next state."
LocalStack fails with States.Runtime too, and shows an exception of its own.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

from localstack_standalone.parity.stepfunctions import states_failure

CAUSE: Final = "Failed to transition out of the state. The state does not point to a next state."
_NO_BRANCH: Final = "No branching option reached in state %s"


def cure(module: ModuleType) -> None:
    """Patch ``StateChoice._eval_state``."""

    @patch(module.StateChoice._eval_state)  # noqa: SLF001 - where the rules are tried
    def eval_state(original: Any, self: Any, env: Any) -> None:
        try:
            original(self, env)
        except RuntimeError as error:
            if error.args[:1] != (_NO_BRANCH,):
                raise
            raise states_failure.runtime_error(env, CAUSE) from error
