"""Every tuning, and the module of LocalStack whose import it waits for."""

from __future__ import annotations

import enum
from typing import Final

from localstack_standalone.patching.patch import Patch

_STATES: Final = "localstack.services.stepfunctions.asl"

PATCHES: Final = (
    Patch(
        "stepfunctions.jsonpath_cache",
        f"{_STATES}.utils.json_path",
        (f"{_STATES}.component.common.path.result_path",),
    ),
    Patch(
        "stepfunctions.task_client_cache",
        f"{_STATES}.component.state.state_execution.state_task.lambda_eval_utils",
    ),
    Patch("stepfunctions.definition_cache", f"{_STATES}.parse.asl_parser"),
    Patch("runtime.lean_batch", "moto"),
    Patch("runtime.model_cache", "botocore.loaders"),
    Patch("runtime.kept_catalog", "localstack.aws.spec"),
    Patch("runtime.fewer_collections", "localstack.runtime.hooks"),
    Patch("stepfunctions.status_events", "localstack.services.stepfunctions.backend.execution"),
    Patch("stepfunctions.bounded_history", "localstack.services.stepfunctions.backend.execution"),
    Patch("cloudwatch.closed_metrics", "localstack.services.cloudwatch.cloudwatch_database_helper"),
    Patch("runtime.in_memory_client", "localstack.aws.connect"),
    Patch(
        "apigateway.in_memory_integration",
        "localstack.services.apigateway.next_gen.execute_api.integrations.aws",
    ),
)


class Option(enum.StrEnum):
    """Tunings that are no patches: whoever has one asks whether it is wanted."""

    THREADED_GATEWAY = "threaded_gateway"
    FORKED_WORKERS = "forked_workers"
    KEPT_BYTECODE = "kept_bytecode"
    METRIC_BATCHES = "metric_batches"
    LOG_BATCHES = "log_batches"


def names() -> frozenset[str]:
    """The names of all tunings."""
    return frozenset(patch.name for patch in PATCHES) | frozenset(Option)
