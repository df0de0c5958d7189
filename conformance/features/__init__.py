"""The checks, feature by feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.features import (
    api_gateway,
    iam,
    lambda_,
    logs,
    pipeline,
    s3,
    states,
    step_functions,
    tasks,
)

if TYPE_CHECKING:
    from conformance.check import Check

ALL: Final[tuple[Check, ...]] = (
    *s3.CHECKS,
    *lambda_.CHECKS,
    *states.CHECKS,
    *tasks.CHECKS,
    *step_functions.CHECKS,
    *api_gateway.CHECKS,
    *iam.CHECKS,
    *logs.CHECKS,
    *pipeline.CHECKS,
)
"""Every check, in the order of the matrix."""
