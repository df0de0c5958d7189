"""An execution fails with States.Runtime, whatever Retry and Catch its states have.

AWS: "A States.Runtime error isn't retriable, and will always cause the execution to fail. A retry
or catch on States.ALL won't catch States.Runtime errors" (Step Functions Developer Guide, "Handling
errors"). A Catch by that very name does not see it either (recorded, of a path that finds nothing).
LocalStack matches it as any other error.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

ERROR: Final = "States.Runtime"


def cure(module: ModuleType) -> None:
    """Patch ``ErrorEqualsDecl``, of retriers and catchers alike; the error is on the stack."""

    @patch(module.ErrorEqualsDecl._eval_body)  # noqa: SLF001 - where names are compared
    def matches(original: Any, self: Any, env: Any) -> None:
        # A Fail state without Error has no name at all, or one that is None.
        if getattr(env.stack[-1], "error_name", None) == ERROR:
            env.stack[-1] = False
        else:
            original(self, env)
