"""Every measure, and the module of LocalStack whose import it waits for."""

from __future__ import annotations

from typing import Final

from localstack_standalone.parity.registry import Patch

_STATES: Final = "localstack.services.stepfunctions.asl"

MEASURES: Final = (
    Patch(
        "jsonpath_cache",
        f"{_STATES}.utils.json_path",
        (f"{_STATES}.component.common.path.result_path",),
    ),
    Patch(
        "task_client_cache",
        f"{_STATES}.component.state.state_execution.state_task.lambda_eval_utils",
    ),
)


def names() -> frozenset[str]:
    """The names of all measures."""
    return frozenset(measure.name for measure in MEASURES)
