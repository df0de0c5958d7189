from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from testbed import waiting
from testbed.aws import Aws
from tests.conftest import Emulator

JSON = "application/json"
ROLE = "arn:aws:iam::000000000000:role/any"
PASS = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}


@dataclasses.dataclass(frozen=True)
class Machines:
    """State machines, their executions, and calls that an SDK would not let out."""

    aws: Aws
    endpoint: str

    def make(self, definition: dict[str, Any]) -> str:
        return self.aws.stepfunctions.create_state_machine(
            name=f"m-{uuid.uuid4().hex[:12]}", definition=json.dumps(definition), roleArn=ROLE
        )["stateMachineArn"]

    def run(self, arn: str, event: Any) -> dict[str, Any]:
        """Start *arn* with *event* and give the description of the execution, when it ended."""
        started = self.aws.stepfunctions.start_execution(
            stateMachineArn=arn, input=json.dumps(event)
        )
        return self.ended(started["executionArn"])

    def ended(self, execution_arn: str) -> dict[str, Any]:
        def probe() -> tuple[Any, str]:
            found = self.aws.stepfunctions.describe_execution(executionArn=execution_arn)
            return (None if found["status"] == "RUNNING" else found), found["status"]

        found: dict[str, Any] = waiting.until(probe, "the execution's end", timeout_s=20)
        return found

    def call(self, operation: str, body: Any) -> requests.Response:
        """Send *body* (as JSON, or bytes as they are) without an SDK between."""
        return requests.post(
            self.endpoint,
            data=body if isinstance(body, bytes) else json.dumps(body),
            headers={
                "Content-Type": "application/x-amz-json-1.0",
                "X-Amz-Target": f"AWSStepFunctions.{operation}",
                "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/ca-central-1/states/"
                "aws4_request, SignedHeaders=host, Signature=0",
            },
            timeout=20,
        )


@pytest.fixture(scope="session")
def machines(emulator: Emulator) -> Machines:
    return Machines(emulator.aws, emulator.endpoint)


@pytest.fixture(scope="session")
def machine(machines: Machines) -> str:
    """A state machine that gives back its input."""
    return machines.make(PASS)


@pytest.fixture
def bucket(machines: Machines) -> str:
    """A name that no bucket has yet; S3 is loaded, so that a task is told so at once."""
    name = f"b-{uuid.uuid4().hex}"
    assert name not in {one["Name"] for one in machines.aws.s3.list_buckets()["Buckets"]}
    return name


MakeApi = Callable[..., str]


@dataclasses.dataclass(frozen=True)
class Apis:
    """APIs whose one method, POST /, calls StartExecution."""

    emulator: Emulator
    made: list[str] = dataclasses.field(default_factory=list)

    def make(
        self,
        templates: dict[str, str],
        *,
        passthrough: str = "NEVER",
        models: tuple[str, ...] = (),
    ) -> str:
        """A new one, deployed; gives its address."""
        client = self.emulator.aws.apigateway
        api = client.create_rest_api(name=f"a-{uuid.uuid4().hex[:12]}")
        self.made.append(api["id"])
        method: dict[str, Any] = {
            "restApiId": api["id"],
            "resourceId": api["rootResourceId"],
            "httpMethod": "POST",
        }
        client.put_method(**method, authorizationType="NONE", **self._validation(api["id"], models))
        self._integrate(method, templates, passthrough)
        client.create_deployment(restApiId=api["id"], stageName="prod")
        return f"{self.emulator.endpoint}/_aws/execute-api/{api['id']}/prod/"

    def clear(self) -> None:
        """Remove all that were made."""
        for api_id in self.made:
            self.emulator.aws.apigateway.delete_rest_api(restApiId=api_id)

    def _integrate(
        self, method: dict[str, Any], templates: dict[str, str], passthrough: str
    ) -> None:
        client = self.emulator.aws.apigateway
        client.put_integration(
            **method,
            type="AWS",
            integrationHttpMethod="POST",
            uri="arn:aws:apigateway:ca-central-1:states:action/StartExecution",
            credentials=ROLE,
            passthroughBehavior=passthrough,
            requestTemplates=templates,
        )
        for status, pattern in (("200", ""), ("400", r"4\d{2}"), ("500", r"5\d{2}")):
            client.put_method_response(**method, statusCode=status)
            client.put_integration_response(**method, statusCode=status, selectionPattern=pattern)

    def _validation(self, api_id: str, models: tuple[str, ...]) -> dict[str, Any]:
        """That bodies of the types *models* must have a key; nothing where there are none."""
        if not models:
            return {}
        client = self.emulator.aws.apigateway
        client.create_model(
            restApiId=api_id,
            name="Keyed",
            contentType=JSON,
            schema=json.dumps({"type": "object", "required": ["key"]}),
        )
        validator = client.create_request_validator(
            restApiId=api_id, name="body", validateRequestBody=True
        )
        return {
            "requestModels": dict.fromkeys(models, "Keyed"),
            "requestValidatorId": validator["id"],
        }


@pytest.fixture
def make_api(emulator: Emulator) -> Iterator[MakeApi]:
    """Makes APIs that start executions; gives the address of each."""
    apis = Apis(emulator)
    yield apis.make
    apis.clear()


def template(machine: str, *, cured: bool = True) -> str:
    """A mapping template that starts *machine* with the body, as a text in JSON."""
    cure = r""".replaceAll("\\'","'")""" if cured else ""
    return (
        f'{{"stateMachineArn": "{machine}", "input": "$util.escapeJavaScript($input.body){cure}"}}'
    )


def post(
    url: str, body: str | bytes, content_type: str | None = JSON, *, timeout_s: float = 20
) -> requests.Response:
    headers = {} if content_type is None else {"Content-Type": content_type}
    data = body.encode() if isinstance(body, str) else body
    return requests.post(url, data=data, headers=headers, timeout=timeout_s)
