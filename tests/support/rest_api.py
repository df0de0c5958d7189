"""Small REST APIs that answer by themselves, with CORS and without."""

from __future__ import annotations

import uuid
from typing import Any

from testbed.aws import Aws

ALLOWED_ORIGIN = "method.response.header.Access-Control-Allow-Origin"
ALLOWED_METHODS = "method.response.header.Access-Control-Allow-Methods"
ALLOWED_HEADERS = "method.response.header.Access-Control-Allow-Headers"


def make(aws: Aws, origin: str | None, *, answer: str = "") -> str:
    """Target of an API whose POST says *answer*, and whose OPTIONS allows *origin*, if any."""
    gateway = aws.apigateway
    api = gateway.create_rest_api(name=uuid.uuid4().hex)["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    where = {"restApiId": api, "resourceId": root}
    for method in ["POST", *(["OPTIONS"] if origin else [])]:
        at: Any = {**where, "httpMethod": method}
        headers = {
            ALLOWED_ORIGIN: f"'{origin}'",
            ALLOWED_METHODS: "'POST'",
            ALLOWED_HEADERS: "'content-type'",
        }
        if origin is None:
            headers = {}
        gateway.put_method(**at, authorizationType="NONE")
        gateway.put_method_response(
            **at, statusCode="200", responseParameters=dict.fromkeys(headers, False)
        )
        gateway.put_integration(
            **at,
            type="MOCK",
            requestTemplates={
                "application/json": '{"statusCode": 200}',
                "text/plain": '{"statusCode": 200}',
            },
        )
        gateway.put_integration_response(
            **at,
            statusCode="200",
            responseParameters=headers,
            responseTemplates={"application/json": answer},
        )
    gateway.create_deployment(restApiId=api, stageName="prod")
    return f"/_aws/execute-api/{api}/prod/"
