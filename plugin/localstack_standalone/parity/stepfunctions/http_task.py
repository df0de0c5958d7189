"""A task calls an HTTPS API: ``arn:aws:states:::http:invoke``.

AWS: the request is made of the task's parameters and of an EventBridge connection; a status that is
no success is ``States.Http.StatusCode.<status>``, no answer ``States.Http.Socket``, no connection
``Events.ConnectionResource.ResourceNotFound`` (Step Functions Developer Guide, "Call HTTPS APIs in
Step Functions workflows").
LocalStack knows no service ``http``, and refuses such a state machine.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

import requests
from botocore.exceptions import ClientError
from localstack.aws.api.stepfunctions import HistoryEventType, TaskFailedEventDetails
from localstack.services.events.api_destination import add_api_destination_authorization
from localstack.services.stepfunctions.asl.component.common.error_name.custom_error_name import (
    CustomErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_callback import (  # noqa: E501 - LocalStack's name
    StateTaskServiceCallback,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.utils.patch import patch

SERVICE: Final = "http"
_ERRORS: Final = "States.Http."
TIMEOUT_S: Final = 60  # a quota of AWS
_PARAMETERS: Final = frozenset(
    {
        "ApiEndpoint",
        "Method",
        "Headers",
        "QueryParameters",
        "RequestBody",
        "Transform",
        "Authentication",
        "InvocationConfig",
    }
)
_FORM: Final = "URL_ENCODED"


def cure(module: ModuleType) -> None:
    """Patch ``state_task_service_for``, which gives each service its task."""

    @patch(module.state_task_service_for)
    def state_task_service_for(original: Any, service_name: str) -> Any:
        return HttpTask() if service_name == SERVICE else original(service_name)


class _NoSecretError(Exception):
    """The connection was made while Secrets Manager was not served."""

    def __init__(self, connection: str) -> None:
        super().__init__(
            f"{connection} has no secret, because this emulator did not serve Secrets Manager when "
            "it was created: start it with SERVICES=secretsmanager, and create it anew"
        )


class HttpTask(StateTaskServiceCallback):
    """The task of one state."""

    def __init__(self) -> None:
        super().__init__(supported_integration_patterns=set())

    def _get_supported_parameters(self) -> set[str] | None:
        return set(_PARAMETERS) if self.resource.api_action == "invoke" else None

    def _normalise_parameters(self, *_args: Any, **_settings: Any) -> None:
        """Nothing of botocore's is asked."""

    def _normalise_response(self, *_args: Any, **_settings: Any) -> None:
        """Nor does it answer."""

    def _eval_service_task(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Any,  # noqa: ARG002 - the connection has its own
    ) -> None:
        try:
            response = _send(normalised_parameters, resource_runtime_part.region)
        except ClientError as error:
            code = error.response["Error"]["Code"].removesuffix("Exception")
            raise self._failure(env, f"Events.ConnectionResource.{code}", str(error)) from error
        except _NoSecretError as error:
            state = "Events.ConnectionResource.InvalidConnectionState"
            raise self._failure(env, state, str(error)) from error
        except requests.RequestException as error:
            raise self._failure(env, f"{_ERRORS}Socket", str(error)) from error
        if not response.ok:
            status = f"{_ERRORS}StatusCode.{response.status_code}"
            raise self._failure(env, status, response.text)
        env.stack.append(_result(response))

    def _failure(self, env: Any, error: str, cause: str) -> Exception:
        details = TaskFailedEventDetails(
            error=error,
            cause=cause,
            resource=self._get_sfn_resource(),
            resourceType=self._get_sfn_resource_type(),
        )
        failure: Exception = FailureEventException(
            FailureEvent(
                env=env,
                error_name=CustomErrorName(error),
                event_type=HistoryEventType.TaskFailed,
                event_details=EventDetails(taskFailedEventDetails=details),
            )
        )
        return failure


def _send(parameters: dict[str, Any], region: str) -> requests.Response:
    headers = {
        "User-Agent": f"Amazon|StepFunctions|HttpInvoke|{region}",
        "Range": "bytes=0-262144",
        **parameters.get("Headers", {}),
    }
    body = parameters.get("RequestBody")
    # What the connection adds to the body, where the body can take it.
    members = body if isinstance(body, dict) else {}
    endpoint = _authorized(_connection(parameters), parameters["ApiEndpoint"], headers, members)
    body = members or body
    form = parameters.get("Transform", {}).get("RequestBodyEncoding") == _FORM
    return requests.request(
        parameters["Method"],
        endpoint,
        params=parameters.get("QueryParameters"),
        headers=headers,
        data=body if form else None,
        json=None if form else body,
        timeout=TIMEOUT_S,
    )


def _authorized(
    connection: str, endpoint: str, headers: dict[str, str], members: dict[str, Any]
) -> Any:
    """*endpoint* with what *connection* adds to it; *headers* and *members* get their share."""
    destination = {"ConnectionArn": connection, "InvocationEndpoint": endpoint}
    try:
        return add_api_destination_authorization(destination, headers, members)
    except KeyError as error:
        if error.args != ("SecretArn",):
            raise
        raise _NoSecretError(connection) from error


def _connection(parameters: dict[str, Any]) -> str:
    """The ARN of the connection, wherever it stands."""
    holder = parameters.get("InvocationConfig") or parameters["Authentication"]
    arn: str = holder["ConnectionArn"]
    return arn


def _result(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except requests.JSONDecodeError:
        body = response.text
    return {
        "Headers": {name: [value] for name, value in response.headers.items()},
        "ResponseBody": body,
        "StatusCode": response.status_code,
        "StatusText": response.reason,
    }
