"""Every patch, and the module of LocalStack whose import it waits for.

Grouped by service, as their modules are; docs/differences.md says what each cures.
"""

from __future__ import annotations

from typing import Final

from localstack_standalone.patching.patch import Patch

_REST_API: Final = "localstack.services.apigateway.next_gen.execute_api"
_STATES: Final = "localstack.services.stepfunctions"
_ASL: Final = f"{_STATES}.asl.component.state"
_ERRORS: Final = f"{_STATES}.asl.component.common.error_name"
_TASK: Final = f"{_ASL}.state_execution.state_task"
_BY_INTEGRATION: Final = f"{_TASK}.service.state_task_service_lambda"
_POLLERS: Final = "localstack.services.lambda_.event_source_mapping.pollers"
_LAMBDA: Final = "localstack.services.lambda_.invocation.lambda_service"

PATCHES: Final = (
    # API Gateway
    Patch("apigateway.escape_javascript", f"{_REST_API}.template_mapping"),
    Patch("apigateway.velocity", f"{_REST_API}.template_mapping"),
    Patch("apigateway.template_media_type", f"{_REST_API}.handlers.integration_request"),
    Patch("apigateway.model_media_type", f"{_REST_API}.handlers.method_request"),
    Patch("apigateway.payload_limit", f"{_REST_API}.handlers.parse"),
    Patch("apigateway.gateway_response_template", f"{_REST_API}.handlers.gateway_exception"),
    Patch("apigateway.gateway_response_headers", f"{_REST_API}.handlers.gateway_exception"),
    Patch("apigateway.body_constants", f"{_REST_API}.handlers.method_request"),
    Patch("apigateway.blank_parameter", f"{_REST_API}.handlers.method_request"),
    Patch("apigateway.selection_pattern", f"{_REST_API}.handlers.integration_response"),
    Patch("apigateway.any_media_type", f"{_REST_API}.helpers"),
    Patch("apigateway.integration_role", "localstack.services.apigateway.legacy.provider"),
    Patch("apigateway.http_apis", "localstack.aws.handlers.service", ("localstack.aws.skeleton",)),
    # The protocol that Step Functions speaks
    Patch("protocol.unreadable_request", "localstack.aws.handlers.service"),
    Patch("protocol.timestamp_millis", "localstack.aws.protocol.serializer"),
    Patch("protocol.states_error_types", "localstack.aws.protocol.serializer"),
    # Step Functions
    Patch("stepfunctions.state_machine_definition", f"{_STATES}.provider"),
    Patch("stepfunctions.repeated_start", f"{_STATES}.provider"),
    Patch("stepfunctions.start_execution_constraints", f"{_STATES}.provider"),
    Patch("stepfunctions.execution_name", f"{_STATES}.provider"),
    Patch("stepfunctions.execution_input_error", f"{_STATES}.provider"),
    Patch("stepfunctions.redrive_fields", f"{_STATES}.backend.execution"),
    Patch("stepfunctions.execution_input_text", f"{_STATES}.provider"),
    Patch("stepfunctions.invalid_arn", f"{_STATES}.provider"),
    Patch("stepfunctions.mock_test_case", f"{_STATES}.provider"),
    Patch("stepfunctions.tracing_configuration", f"{_STATES}.provider"),
    Patch("stepfunctions.context_redrive_count", f"{_STATES}.backend.execution_worker"),
    Patch("stepfunctions.redrive", f"{_STATES}.provider"),
    Patch("stepfunctions.state_size_limit", f"{_STATES}.quotas"),
    Patch(
        "stepfunctions.choice_missing_path", f"{_ASL}.state_choice.comparison.comparison_variable"
    ),
    Patch("stepfunctions.choice_without_match", f"{_ASL}.state_choice.state_choice"),
    Patch("stepfunctions.jsonata_without_java", f"{_STATES}.asl.jsonata.jsonata"),
    Patch("stepfunctions.jsonata_functions", f"{_STATES}.asl.component.intrinsic.jsonata"),
    Patch("stepfunctions.jsonata_failure", f"{_STATES}.asl.parse.preprocessor"),
    Patch("stepfunctions.states_error_name", f"{_ERRORS}.custom_error_name"),
    Patch("stepfunctions.uncaught_runtime", f"{_ERRORS}.error_equals_decl"),
    Patch(
        "stepfunctions.intrinsic_failure",
        f"{_STATES}.asl.component.common.string.string_expression",
    ),
    Patch("stepfunctions.result_path_failure", f"{_STATES}.asl.component.common.path.result_path"),
    Patch("stepfunctions.history_pages", f"{_STATES}.provider"),
    Patch("stepfunctions.history_limit", f"{_STATES}.asl.eval.environment"),
    Patch("stepfunctions.nested_error_cause", f"{_ERRORS}.failure_event"),
    Patch("stepfunctions.activity_timeout", f"{_STATES}.asl.eval.callback.callback"),
    Patch("stepfunctions.lambda_unknown", f"{_TASK}.state_task_lambda", (_BY_INTEGRATION,)),
    Patch("stepfunctions.lambda_lost_connection", f"{_TASK}.state_task_lambda", (_BY_INTEGRATION,)),
    Patch("stepfunctions.lambda_task_errors", f"{_TASK}.state_task_lambda"),
    Patch("stepfunctions.task_response_metadata", f"{_TASK}.lambda_eval_utils"),
    Patch("stepfunctions.lambda_error_text", f"{_TASK}.state_task_lambda"),
    Patch("stepfunctions.api_host_name", f"{_TASK}.service.state_task_service_api_gateway"),
    Patch("stepfunctions.http_task", f"{_TASK}.service.state_task_service_factory"),
    Patch(
        "stepfunctions.test_state_request",
        f"{_STATES}.asl.static_analyser.test_state.test_state_analyser",
    ),
    Patch("stepfunctions.test_state_context", f"{_STATES}.backend.test_state.execution_worker"),
    Patch("stepfunctions.test_state_data_flow", f"{_STATES}.asl.parse.test_state.preprocessor"),
    Patch("stepfunctions.test_state_outcome", f"{_STATES}.backend.test_state.execution"),
    Patch("stepfunctions.task_host_prefix", f"{_STATES}.asl.utils.boto_client"),
    # The system's clock, where it is set
    Patch("clock.wait_seconds", f"{_ASL}.state_wait.wait_function.wait_function"),
    Patch("clock.wait_timestamp", f"{_ASL}.state_wait.wait_function.timestamp"),
    Patch("clock.scheduler", "localstack.utils.scheduler"),
    Patch("clock.queue_wait", "localstack.services.sqs.queue"),
    Patch("clock.message_times", "localstack.services.sqs.models"),
    Patch("clock.event_age", "localstack.services.lambda_.invocation.event_manager"),
    # S3
    Patch("s3.s3_server_header", "localstack.aws.handlers"),
    Patch("s3.presigned_urls", "localstack.services.s3.presigned_url"),
    Patch("s3.notification_key", "localstack.services.s3.notifications"),
    Patch("s3.eventbridge_key", "localstack.services.s3.notifications"),
    # SQS and EventBridge
    Patch("sqs.mapping_body", f"{_POLLERS}.sqs_poller"),
    Patch("events.machine_input", "localstack.services.events.target"),
    # CloudFormation
    Patch("cloudformation.custom_resource", "localstack.services.cloudformation.resource_provider"),
    # IAM
    Patch("iam.no_such_entity", "moto.iam.models"),
    Patch("iam.access_key_ids", "localstack.aws.accounts"),
    # Lambda
    Patch("lambda_.invoke_payload_json", _LAMBDA),
    Patch("lambda_.invoke_payload_limit", _LAMBDA),
    Patch("lambda_.invoke_headers", "localstack.aws.handlers"),
    Patch("lambda_.update_in_progress", "localstack.services.lambda_.provider"),
    Patch("lambda_.snap_start", "localstack.services.lambda_.provider"),
    Patch("lambda_.function_url", "localstack.services.lambda_.provider"),
    Patch("lambda_.function_url_event", "localstack.services.lambda_.urlrouter"),
)


def names() -> frozenset[str]:
    """The names of all patches."""
    return frozenset(patch.name for patch in PATCHES)
