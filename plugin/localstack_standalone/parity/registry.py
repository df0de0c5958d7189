"""Every patch, and the module of LocalStack whose import it waits for.

A patch's name is that of its module in this package; docs/differences.md says what each cures.
"""

from __future__ import annotations

import dataclasses
from typing import Final


@dataclasses.dataclass(frozen=True)
class Patch:
    """One difference to AWS that is cured.

    Attributes:
        name: the module in this package whose ``cure`` makes the patch.
        target: the module of LocalStack that ``cure`` gets.
        others: further modules that it gets, each when it is imported.
    """

    name: str
    target: str
    others: tuple[str, ...] = ()


_REST_API: Final = "localstack.services.apigateway.next_gen.execute_api"
_STATES: Final = "localstack.services.stepfunctions"
_ASL: Final = f"{_STATES}.asl.component.state"
_TASK: Final = f"{_ASL}.state_execution.state_task"
_BY_INTEGRATION: Final = f"{_TASK}.service.state_task_service_lambda"
_LAMBDA: Final = "localstack.services.lambda_.invocation.lambda_service"

PATCHES: Final = (
    # API Gateway
    Patch("escape_javascript", f"{_REST_API}.template_mapping"),
    Patch("template_media_type", f"{_REST_API}.handlers.integration_request"),
    Patch("model_media_type", f"{_REST_API}.handlers.method_request"),
    Patch("payload_limit", f"{_REST_API}.handlers.parse"),
    Patch("gateway_response_template", f"{_REST_API}.handlers.gateway_exception"),
    # The protocol that Step Functions speaks
    Patch("unreadable_request", "localstack.aws.handlers.service"),
    Patch("timestamp_millis", "localstack.aws.protocol.serializer"),
    Patch("states_error_types", "localstack.aws.protocol.serializer"),
    # Step Functions
    Patch("start_execution_constraints", f"{_STATES}.provider"),
    Patch("execution_name", f"{_STATES}.provider"),
    Patch("execution_input_error", f"{_STATES}.provider"),
    Patch("redrive_fields", f"{_STATES}.backend.execution"),
    Patch("state_size_limit", f"{_STATES}.quotas"),
    Patch("choice_missing_path", f"{_ASL}.state_choice.comparison.comparison_variable"),
    Patch("jsonata_without_java", f"{_STATES}.asl.jsonata.jsonata"),
    Patch("lambda_unknown", f"{_TASK}.state_task_lambda", (_BY_INTEGRATION,)),
    Patch("lambda_task_errors", f"{_ASL}.state_execution.state_task.state_task_lambda"),
    Patch("task_response_metadata", f"{_ASL}.state_execution.state_task.lambda_eval_utils"),
    # S3
    Patch("s3_server_header", "localstack.aws.handlers"),
    # Lambda
    Patch("invoke_payload_json", _LAMBDA),
    Patch("invoke_payload_limit", _LAMBDA),
)


def names() -> frozenset[str]:
    """The names of all patches."""
    return frozenset(patch.name for patch in PATCHES)
