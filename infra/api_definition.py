"""What the REST API should be: POST /process, checked, mapped to StartExecution.

Values only; `infra.api` brings them about. The mapping templates stand in files of their own
(Amazon API Gateway Developer Guide, "Mapping templates for REST APIs").
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
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
VALIDATOR: Final[Any] = {"validateRequestBody": True, "validateRequestParameters": False}
_BODY_PARAMETER: Final = {
    "in": "body",
    "name": MODEL_NAME,
    "required": True,
    "schema": {"$ref": f"#/definitions/{MODEL_NAME}"},
}

BAD_BODY: Final = {
    "error": "INVALID_REQUEST",
    "message": "The body must be a JSON object with a string 'key' that is not empty.",
}


@dataclasses.dataclass(frozen=True)
class ApiDefinition:
    """POST /process.

    Attributes:
        integration_uri: the AWS action that is called.
        credentials: ARN of the role that it is called with.
        request_template: from the client's body to the call's.
        responses: from the call's answer to the client's: what PutIntegrationResponse takes, by
            status code for the client. A pattern is for AWS's status code; without one it is for
            every other. Without a template AWS's own body is passed through.
    """

    integration_uri: str
    credentials: str
    request_template: str
    responses: Mapping[str, Mapping[str, Any]]

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

    def openapi(self, title: str, path: str) -> dict[str, Any]:
        """The same as an OpenAPI 2.0 document with API Gateway's extensions."""
        responses = {
            mapped.get("selectionPattern", "default"): {
                "statusCode": status,
                **{name: value for name, value in mapped.items() if name != "selectionPattern"},
            }
            for status, mapped in self.responses.items()
        }
        integration = self.integration() | {"responses": responses}
        method = {
            "consumes": [JSON],
            "produces": [JSON],
            "parameters": [_BODY_PARAMETER],
            "responses": {status: {"description": ""} for status in self.responses},
            "x-amazon-apigateway-request-validator": VALIDATOR_NAME,
            "x-amazon-apigateway-integration": integration,
        }
        bad_body = {"statusCode": 400, "responseTemplates": {JSON: json.dumps(BAD_BODY)}}
        return {
            "swagger": "2.0",
            "info": {"title": title, "version": "1"},
            "paths": {f"/{path}": {"post": method}},
            "definitions": {MODEL_NAME: {k: v for k, v in MODEL.items() if k != "$schema"}},
            "x-amazon-apigateway-request-validators": {VALIDATOR_NAME: VALIDATOR},
            "x-amazon-apigateway-gateway-responses": {"BAD_REQUEST_BODY": bad_body},
        }

    def fingerprint(self) -> str:
        """A name for this definition: equal for equal ones, in 64 hexadecimal digits."""
        whole = [dataclasses.asdict(self), MODEL, BAD_BODY]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def api_definition(*, integration_uri: str, role_arn: str, state_machine_arn: str) -> ApiDefinition:
    """The definition for one state machine.

    Success is AWS's own answer, executionArn and startDate. With no other answers its errors
    would come out as 200 too.
    """
    error = {"responseTemplates": {JSON: _template("start_execution_error.vtl")}}
    return ApiDefinition(
        integration_uri=integration_uri,
        credentials=role_arn,
        request_template=_template("start_execution.vtl", StateMachineArn=state_machine_arn),
        responses={
            "200": {},
            "400": {"selectionPattern": r"4\d{2}", **error},
            "500": {"selectionPattern": r"5\d{2}", **error},
        },
    )


def _template(name: str, **values: str) -> str:
    return substitute((TEMPLATES / name).read_text(encoding="utf-8"), values, where=name)
