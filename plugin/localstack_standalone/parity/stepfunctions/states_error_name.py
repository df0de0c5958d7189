"""An error of AWS's own, ``States.…``, keeps its name, wherever it comes from.

AWS: an iteration or a branch that times out fails its Map or Parallel with States.Timeout, and a
Retry or Catch by that name sees it (Step Functions Developer Guide, "Handling errors"); a Fail
state goes on with one that was caught ("Fail workflow state").
``http:invoke`` has errors such as States.Http.StatusCode.404.
LocalStack takes such a name for one that a user made up, refuses it, and fails with States.Runtime.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any


def cure(module: ModuleType) -> None:
    """Patch ``CustomErrorName``, which is made of all but a fixed set in a definition."""

    def take(self: Any, error_name: str | None) -> None:
        # Without the check. What a definition may name is looked at when the machine is made.
        module.ErrorName.__init__(self, error_name=error_name)

    module.CustomErrorName.__init__ = take
