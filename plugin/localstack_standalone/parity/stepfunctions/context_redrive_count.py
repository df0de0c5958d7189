"""The context object tells how often the execution was redriven.

AWS: ``$$.Execution.RedriveCount`` is 0 in an execution that never was (Step Functions Developer
Guide, "Accessing execution data from the Context object").
LocalStack has no such member: a state that reads it fails with States.Runtime. The count of an
execution that was redriven is ``redrive``'s.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any


def cure(module: ModuleType) -> None:
    """Add to ``ExecutionData``, as *module* fills it when an execution begins."""
    original = module.ExecutionData

    def execution_data(**members: Any) -> Any:
        return original(**members, RedriveCount=0)

    module.ExecutionData = execution_data  # type: ignore[attr-defined]  # any module
