"""A Fail state may name an error of Step Functions' own, one that was caught, say.

AWS: Error and ErrorPath give the name of the error (Step Functions Developer Guide, "Fail workflow
state"); a caught States.Timeout or States.Permissions goes on under its own name.
LocalStack ends the execution with a Python exception: custom names must not begin with ``States.``.
"""

from __future__ import annotations

from types import ModuleType

from localstack.services.stepfunctions.asl.component.common.error_name.error_name import ErrorName


def cure(module: ModuleType) -> None:
    """Have *module*, the Fail state, take any name."""
    any_name = type("_FailErrorName", (ErrorName,), {})
    module.CustomErrorName = any_name  # type: ignore[attr-defined]
