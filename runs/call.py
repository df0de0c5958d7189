"""The first station of a trace: the POST, and the request that the mapping template made of it.

No service keeps a POST. Whoever sent it may have kept it; else it follows from the execution, whose
input is the body, and from the template that is deployed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from runs import mapping
from runs.model import Call, Source, json_object
from testbed import names
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from testbed.aws import Aws
    from testbed.outputs import Outputs

_SHOWN_CHARACTERS: Final = 600
INFERRED: Final = (
    "Not kept by any service: the body is the execution's input, as Step Functions has it."
)
OBSERVED: Final = "Seen by the sender; the answer's executionArn names the execution."
BEFORE: Final = "Seen by the sender: an earlier POST of the same key started the execution."


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApiResponse:
    """What the API answered, whatever it was.

    Attributes:
        accepted_before: whether it is a 409, and the execution that it names has this request's
            input: an earlier POST of the same Idempotency-Key was accepted.
        request_headers: what the POST had, beside what every POST has.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: str
    elapsed_ms: float
    accepted_before: bool = False
    request_headers: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def execution_arn(self) -> str:
        """The execution that the POST, or one of its key, started; named before it ran.

        Raises:
            ApiError: none was started, or the response does not name it.
        """
        if self.status != HTTPStatus.OK and not self.accepted_before:
            raise ApiError(self, f"not {HTTPStatus.OK.value}")
        try:
            return str(json.loads(self.body)["executionArn"])
        except ValueError as error:
            raise ApiError(self, "which is not JSON") from error
        except (KeyError, TypeError) as error:
            raise ApiError(self, "without an executionArn") from error

    @property
    def has_started(self) -> bool:
        """Whether it names an execution."""
        with contextlib.suppress(ApiError):
            return bool(self.execution_arn)
        return False

    @property
    def existing_arn(self) -> str | None:
        """The execution that has the POST's Idempotency-Key already, where that is the refusal."""
        found = json_object(self.body).get("executionArn")
        return str(found) if found and self.status == HTTPStatus.CONFLICT else None

    @property
    def request_id(self) -> str | None:
        """API Gateway's, which its answer names."""
        named = {name.lower(): value for name, value in self.headers.items()}
        return named.get("x-amzn-requestid")

    @property
    def refusal(self) -> tuple[str, str]:
        """Code and text of a refusal, in the words of the API's own error documents."""
        fields = json_object(self.body)
        code = str(fields.get("error", f"HTTP {self.status}"))
        return code, str(fields.get("message", self.body))


class ApiError(TestbedError):
    """The API's answer is not the one of a started execution; the text shows status and body."""

    def __init__(self, response: ApiResponse, why: str) -> None:
        body = response.body or "(an empty body)"
        shown = body if len(body) <= _SHOWN_CHARACTERS else body[:_SHOWN_CHARACTERS] + " …"
        super().__init__(f"POST {response.url} answered {response.status}, {why}: {shown}")
        self.response = response


def observed(outputs: Outputs, response: ApiResponse, body: str, template: str | None) -> Call:
    """The POST of *body* that got *response*."""
    return _mapped(
        outputs,
        Call(
            source=Source.OBSERVED,
            url=response.url,
            body=body,
            template=template,
            status=response.status,
            request_id=response.request_id,
            answer=response.body,
            elapsed_ms=response.elapsed_ms,
            note=BEFORE if response.accepted_before else OBSERVED,
        ),
        response.request_headers,
    )


def inferred(outputs: Outputs, body: str, template: str | None) -> Call:
    """The POST that an execution with the input *body* must have had, if it came by the API."""
    call = Call(
        source=Source.INFERRED, url=outputs.api_url, body=body, template=template, note=INFERRED
    )
    return _mapped(outputs, call)


def _mapped(outputs: Outputs, call: Call, headers: Mapping[str, str] | None = None) -> Call:
    """*call* with its template rendered, if it has one; None are headers that nobody knows."""
    if call.template is None:
        return call
    context = {
        "accountId": outputs.state_machine_arn.split(":")[4],
        "httpMethod": "POST",
        "path": f"/{names.STAGE}/{names.RESOURCE_PATH}",
        "resourcePath": f"/{names.RESOURCE_PATH}",
        "stage": names.STAGE,
        **({"requestId": call.request_id} if call.request_id else {}),
    }
    rendering = mapping.render(call.template, call.body, context, headers)
    return dataclasses.replace(call, rendered=rendering.text, rendered_note=rendering.note)


def template(aws: Aws, outputs: Outputs) -> str | None:
    """The mapping template of the deployed method; None if there is no such API."""
    for page in aws.apigateway.get_paginator("get_rest_apis").paginate():
        for api in page["items"]:
            if api.get("name") == names.API and api["id"] in outputs.api_url:
                return _template(aws, api["id"])
    return None


def _template(aws: Aws, api_id: str) -> str | None:
    pages = aws.apigateway.get_paginator("get_resources").paginate(
        restApiId=api_id, embed=["methods"]
    )
    for page in pages:
        for resource in page["items"]:
            if resource["path"] == f"/{names.RESOURCE_PATH}":
                method = resource.get("resourceMethods", {}).get("POST", {})
                templates = method.get("methodIntegration", {}).get("requestTemplates", {})
                return templates.get("application/json")
    return None
