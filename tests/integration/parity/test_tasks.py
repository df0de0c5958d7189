from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Emulator
from tests.integration.parity.conftest import JSON, PASS, ROLE, Machines
from tests.support import functions

FAILS = "def handler(e, c): raise ValueError('no { } é')"
TAKES = "def handler(e, c): return 1"


@pytest.fixture(scope="module")
def failing(emulator: Emulator) -> Iterator[str]:
    """The ARN of a function that fails."""
    name = functions.make(emulator.aws, FAILS)
    yield emulator.aws.lambda_.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    emulator.aws.lambda_.delete_function(FunctionName=name)


@pytest.fixture(scope="module")
def taking(emulator: Emulator) -> Iterator[str]:
    """The ARN of a function that returns 1."""
    name = functions.make(emulator.aws, TAKES)
    yield emulator.aws.lambda_.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    emulator.aws.lambda_.delete_function(FunctionName=name)


def _ran(machines: Machines, resource: str, parameters: dict[str, Any]) -> dict[str, Any]:
    task = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
    return machines.run(machines.make({"StartAt": "T", "States": {"T": task}}), {"a": 1})


def test_a_function_of_a_task_fails_in_its_own_words(machines: Machines, failing: str) -> None:
    """Cause is the payload as the runtime wrote it, blanks and all (recorded)."""
    found = _ran(machines, failing, {})
    told = json.loads(found["cause"])
    assert ("ValueError", "no { } é") == (found["error"], told["errorMessage"])
    assert json.dumps(told, ensure_ascii=False) == found["cause"]


def test_an_integration_writes_the_error_anew(machines: Machines, failing: str) -> None:
    """Resource is lambda:invoke: Cause has no blanks between its members (recorded)."""
    found = _ran(machines, "arn:aws:states:::lambda:invoke", {"FunctionName": failing})
    told = json.loads(found["cause"])
    assert "ValueError" == told["errorType"]
    assert found["cause"].startswith('{"errorMessage":"no { } ')


def test_a_result_of_an_integration_has_the_headers_of_lambda(
    machines: Machines, taking: str
) -> None:
    """SdkHttpMetadata has the eight headers that AWS sends, and none of an emulator (recorded)."""
    found = _ran(machines, "arn:aws:states:::lambda:invoke", {"FunctionName": taking})
    result = json.loads(found["output"])
    headers = result["SdkHttpMetadata"]["HttpHeaders"]
    assert [
        "Connection",
        "Content-Length",
        "Content-Type",
        "Date",
        "X-Amz-Executed-Version",
        "x-amzn-Remapped-Content-Length",
        "x-amzn-RequestId",
        "X-Amzn-Trace-Id",
    ] == list(headers)
    fixed = {
        "Connection": "keep-alive",
        "Content-Length": "1",
        "Content-Type": JSON,
        "X-Amz-Executed-Version": "$LATEST",
        "x-amzn-Remapped-Content-Length": "0",
        "x-amzn-RequestId": result["SdkResponseMetadata"]["RequestId"],
    }
    assert fixed == {name: headers[name] for name in fixed}
    assert headers["X-Amzn-Trace-Id"].startswith("Root=1-")
    every = result["SdkHttpMetadata"]["AllHttpHeaders"]
    assert {name: [value] for name, value in headers.items()} == every


@pytest.fixture(scope="module")
def api(emulator: Emulator) -> Iterator[str]:
    """The id of an API whose GET /thing answers 200, in the stage prod."""
    client = emulator.aws.apigateway
    made = client.create_rest_api(name=f"a-{uuid.uuid4().hex[:12]}")
    resource = client.create_resource(
        restApiId=made["id"], parentId=made["rootResourceId"], pathPart="thing"
    )
    method: dict[str, Any] = {
        "restApiId": made["id"],
        "resourceId": resource["id"],
        "httpMethod": "GET",
    }
    client.put_method(**method, authorizationType="NONE")
    client.put_integration(**method, type="MOCK", requestTemplates={JSON: '{"statusCode": 200}'})
    client.put_method_response(**method, statusCode="200")
    client.put_integration_response(
        **method, statusCode="200", responseTemplates={JSON: '{"q": "$input.params(\'q\')"}'}
    )
    client.create_deployment(restApiId=made["id"], stageName="prod")
    yield made["id"]
    client.delete_rest_api(restApiId=made["id"])


def test_an_api_is_called_by_its_host_name(machines: Machines, api: str) -> None:
    """ApiEndpoint is <id>.execute-api.<region>.amazonaws.com, without scheme.

    So says the Developer Guide, "Create API Gateway REST APIs with Step Functions".
    """
    found = _ran(
        machines,
        "arn:aws:states:::apigateway:invoke",
        {
            "ApiEndpoint": f"{api}.execute-api.ca-central-1.amazonaws.com",
            "Method": "GET",
            "Headers": {"X-Any": ["1"]},
            "Stage": "prod",
            "Path": "thing",
            "QueryParameters": {"q": ["1"]},
        },
    )
    assert "SUCCEEDED" == found["status"], found.get("cause")
    result = json.loads(found["output"])
    assert (200, {"q": "1"}) == (result["StatusCode"], result["ResponseBody"])


def test_a_task_runs_an_express_machine_at_once(machines: Machines) -> None:
    """StartSyncExecution by an AWS SDK integration; its host is `sync-` and another on AWS."""
    express = machines.aws.stepfunctions.create_state_machine(
        name=f"m-{uuid.uuid4().hex[:12]}",
        definition=json.dumps(PASS),
        roleArn=ROLE,
        type="EXPRESS",
    )["stateMachineArn"]
    parameters = {"StateMachineArn": express, "Input": {"said": "here"}}
    found = _ran(machines, "arn:aws:states:::aws-sdk:sfn:startSyncExecution", parameters)
    assert "SUCCEEDED" == found["status"], found.get("cause")
    output = json.loads(found["output"])
    assert ("SUCCEEDED", {"said": "here"}) == (output["Status"], json.loads(output["Output"]))
