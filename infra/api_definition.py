"""What the REST API should be: POST /process, checked, mapped to StartExecution.

Values only; `infra.api` brings them about. The mapping templates stand in files of their own
(Amazon API Gateway Developer Guide, "Mapping templates for REST APIs").
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any, Final

from infra.substitution import substitute

TEMPLATES: Final = Path(__file__).parent / "templates"
JSON: Final = "application/json"

MODEL_NAME: Final = "ProcessRequest"
MODEL: Final[dict[str, Any]] = {
    # API Gateway's models are JSON Schema, draft 4. Only `key` is checked here: what the other
    # fields may be is the function's to say, whose refusals the execution shows.
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": MODEL_NAME,
    "type": "object",
    "required": ["key"],
    "properties": {"key": {"type": "string", "minLength": 1}},
}
VALIDATOR_NAME: Final = "body"

BAD_BODY: Final = {
    "error": "INVALID_REQUEST",
    "message": "The body must be a JSON object with a string 'key' that is not empty.",
}


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the client gets for the answers of StartExecution whose status matches *pattern*.

    Attributes:
        status: HTTP status code for the client.
        pattern: regular expression for AWS's status code; None is every other answer.
        template: mapping template for the body; None passes AWS's own through.
    """

    status: str
    pattern: str | None = None
    template: str | None = None


@dataclasses.dataclass(frozen=True)
class ApiDefinition:
    """POST /process.

    Attributes:
        integration_uri: the AWS action that is called.
        credentials: ARN of the role that it is called with.
        request_template: from the client's body to the call's.
        answers: from the call's answer to the client's.
    """

    integration_uri: str
    credentials: str
    request_template: str
    answers: tuple[Answer, ...]

    def integration(self) -> dict[str, Any]:
        """What PutIntegration takes and GetResources gives back alike.

        Passthrough NEVER: a body that has no template (another Content-Type) gets 415, it does
        not go to Step Functions as it is.
        """
        return {
            "type": "AWS",
            "httpMethod": "POST",
            "uri": self.integration_uri,
            "credentials": self.credentials,
            "passthroughBehavior": "NEVER",
            "requestTemplates": {JSON: self.request_template},
        }

    def integration_responses(self) -> dict[str, dict[str, Any]]:
        """What PutIntegrationResponse takes, by status code for the client."""
        return {answer.status: _response(answer) for answer in self.answers}

    def fingerprint(self) -> str:
        """A name for this definition: equal for equal ones, in 64 hexadecimal digits."""
        whole = [dataclasses.asdict(self), MODEL, BAD_BODY]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def api_definition(*, integration_uri: str, role_arn: str, state_machine_arn: str) -> ApiDefinition:
    """The definition for one state machine.

    Success is AWS's own answer, executionArn and startDate. With no other answers its errors
    would come out as 200 too.
    """
    error = _template("start_execution_error.vtl")
    return ApiDefinition(
        integration_uri=integration_uri,
        credentials=role_arn,
        request_template=_template("start_execution.vtl", StateMachineArn=state_machine_arn),
        answers=(
            Answer("200"),
            Answer("400", r"4\d{2}", error),
            Answer("500", r"5\d{2}", error),
        ),
    )


def _template(name: str, **values: str) -> str:
    return substitute((TEMPLATES / name).read_text(encoding="utf-8"), values, where=name)


def _response(answer: Answer) -> dict[str, Any]:
    response: dict[str, Any] = {}
    if answer.pattern is not None:
        response["selectionPattern"] = answer.pattern
    if answer.template is not None:
        response["responseTemplates"] = {JSON: answer.template}
    return response
