"""Step Functions says for which state machine it assumes a role, and what a refusal was.

AWS: ``aws:SourceArn`` is the state machine's ARN, ``aws:SourceAccount`` its account (Step Functions
Developer Guide, "Creating an IAM role for your state machine"). A task that Lambda refuses fails
with ``Lambda.AWSLambdaException`` (by published histories): the SDK's error for what Lambda's model
of Invoke does not name. A role that cannot be assumed fails it with "The principal
states.amazonaws.com is not authorized to assume the provided role." (likewise); the error is
States.Permissions, "insufficient privileges to run the specified code" (Step Functions Developer
Guide, "Handling errors in Step Functions workflows").
LocalStack assumes roles on nobody's behalf, and calls the error ``Lambda.AccessDeniedException``.
"""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any, Final

from botocore.exceptions import ClientError
from localstack.aws.api.stepfunctions import HistoryEventType
from localstack.aws.connect import connect_to
from localstack.utils.aws.client_types import ServicePrincipal
from localstack.utils.patch import patch
from localstack.utils.strings import short_uid

from localstack_standalone.iam.handler import AccessControl

NOT_ASSUMABLE: Final = (
    "The principal states.amazonaws.com is not authorized to assume the provided role."
)


def name_machine(control: AccessControl, module: ModuleType) -> None:
    """Have a task's credentials say for which machine they are, what trusts it, and what if not."""

    @patch(module.StateTask._eval_state_credentials)  # noqa: SLF001 - there is no other way to it
    def eval_state_credentials(original: Any, self: Any, env: Any) -> Any:
        credentials = original(self, env)
        credentials.assumed_as = _assumed_as(control, credentials, env)
        credentials.refused = functools.partial(_refused, self, env)
        return credentials


def name_machine_of_map(control: AccessControl, module: ModuleType) -> None:
    """Likewise where a Map reads its items, or writes its results, with the machine's role."""

    @patch(module.ResourceEvalS3._get_api_action_handler)  # noqa: SLF001 - likewise
    def get_api_action_handler(original: Any, self: Any) -> Any:
        handler = original(self)

        def handle(env: Any, resource: Any, credentials: Any) -> None:
            credentials.assumed_as = _assumed_as(control, credentials, env)
            handler(env, resource, credentials)

        return handle


def _assumed_as(control: AccessControl, credentials: Any, env: Any) -> tuple[str, str]:
    """For which machine a role is assumed, and what trusts it now."""
    machine = env.states.context_object.context_object_data["StateMachine"]["Id"]
    return machine, control.trust(credentials.role_arn)


def assume_for_machine(_control: AccessControl, module: ModuleType) -> None:
    """Replace ``boto_client_for``: it assumes the role on behalf of the machine."""

    def boto_client_for(service: str, region: str, state_credentials: Any) -> Any:
        machine, _ = state_credentials.assumed_as
        config = module._BOTO_CLIENT_CONFIG  # noqa: SLF001 - a parity patch changes it later
        sts = connect_to(config=config, region_name=region).sts.request_metadata(
            source_arn=machine, service_principal=ServicePrincipal.states
        )
        try:
            given = sts.assume_role(
                RoleArn=state_credentials.role_arn, RoleSessionName=f"session-{short_uid()}"
            )["Credentials"]
        except ClientError as error:
            refused = getattr(state_credentials, "refused", None)
            if refused is None or error.response["Error"]["Code"] != "AccessDenied":
                raise
            raise refused() from error
        factory = connect_to(
            region_name=region,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
            config=config,
        )
        return factory.get_client(service=service)

    module.boto_client_for = boto_client_for  # type: ignore[attr-defined]


def name_refusal(_control: AccessControl, module: ModuleType) -> None:
    """Patch what a refused invocation is called."""
    task = module.StateTaskServiceLambda
    original = task._error_cause_from_client_error  # noqa: SLF001 - likewise

    def error_cause(client_error: ClientError) -> tuple[str, str]:
        error, cause = original(client_error)
        denied = "Lambda.AccessDeniedException"
        return ("Lambda.AWSLambdaException" if error == denied else error), cause

    task._error_cause_from_client_error = staticmethod(error_cause)  # noqa: SLF001 - likewise


def _refused(task: Any, env: Any) -> Any:
    """What a task fails with whose role cannot be assumed."""
    from localstack.services.stepfunctions.asl.component.common.error_name import (
        failure_event,
        states_error_name,
        states_error_name_type,
    )
    from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails

    permissions = states_error_name_type.StatesErrorNameType.StatesPermissions
    told = {"error": permissions.to_name(), "cause": NOT_ASSUMABLE}
    if hasattr(task, "_get_sfn_resource"):
        kind, field = HistoryEventType.TaskFailed, "taskFailedEventDetails"
        told["resource"] = task._get_sfn_resource()  # noqa: SLF001 - likewise
        told["resourceType"] = task._get_sfn_resource_type()  # noqa: SLF001 - likewise
    else:
        kind, field = HistoryEventType.LambdaFunctionFailed, "lambdaFunctionFailedEventDetails"
    event = failure_event.FailureEvent(
        env=env,
        error_name=states_error_name.StatesErrorName(permissions),
        event_type=kind,
        event_details=EventDetails(**{field: told}),
    )
    return failure_event.FailureEventException(event)
