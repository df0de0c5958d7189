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
    Patch("definition_cache", f"{_STATES}.parse.asl_parser"),
    Patch("lean_batch", "moto"),
    Patch("model_cache", "botocore.loaders"),
    Patch("fewer_collections", "localstack.runtime.hooks"),
    Patch("status_events", "localstack.services.stepfunctions.backend.execution"),
    Patch("bounded_history", "localstack.services.stepfunctions.backend.execution"),
    Patch("closed_metrics", "localstack.services.cloudwatch.cloudwatch_database_helper"),
    Patch("in_memory_client", "localstack.aws.connect"),
    Patch(
        "in_memory_integration",
        "localstack.services.apigateway.next_gen.execute_api.integrations.aws",
    ),
)


# Measures that are no patches: what has them asks whether they are wanted.
CHOICES: Final = {
    "threaded_gateway": "localstack_standalone.gateway.server",
    "forked_workers": "localstack_standalone.lambda_process.guest._lambda_worker",
    "kept_bytecode": "localstack_standalone.lambda_process.guest._lambda_worker",
    "metric_batches": "localstack_standalone.lambda_process.metrics",
    "log_batches": "localstack_standalone.lambda_process.log_delivery",
}


def names() -> frozenset[str]:
    """The names of all measures."""
    return frozenset(measure.name for measure in MEASURES) | frozenset(CHOICES)
