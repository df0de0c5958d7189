"""What is asked of TestState, and the data flow that its answer tells."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from botocore.stub import Stubber

from client import tested_state
from client.tested_state import Step
from testbed.aws import Aws
from testbed.errors import TestbedError

ARN: Final = "arn:aws:states:ca-central-1:000000000000:stateMachine:M"
ROLE: Final = "arn:aws:iam::000000000000:role/r"
DEFINITION: Final = json.dumps({"StartAt": "Main", "States": {"Main": {"Type": "Task"}}})
ANSWER: Final[dict[str, Any]] = {
    "status": "SUCCEEDED",
    "output": '{"b": 2}',
    "inspectionData": {
        "input": '{"a": 1}',
        "afterInputPath": '{"a": 1}',
        "afterResultSelector": '{"b": 2}',
        "result": '{"b": 2}',
    },
}


@pytest.fixture
def aws() -> Aws:
    return Aws("http://127.0.0.1:1")


def _describe(stub: Stubber) -> None:
    described = {
        "stateMachineArn": ARN,
        "name": "M",
        "definition": DEFINITION,
        "roleArn": ROLE,
        "type": "STANDARD",
        "creationDate": 0,
    }
    stub.add_response("describe_state_machine", described, {"stateMachineArn": ARN})


def test_the_deployed_definition_is_what_is_tested(aws: Aws) -> None:
    """With its role, the mock and the number of retries; steps come in the order of the flow."""
    mock = tested_state.mock_error("Busy: so busy: why")
    assert {"errorOutput": {"error": "Busy", "cause": "so busy: why"}} == mock
    asked = {
        "definition": DEFINITION,
        "stateName": "Main",
        "roleArn": ROLE,
        "input": '{"a": 1}',
        "inspectionLevel": "TRACE",
        "mock": mock,
        "stateConfiguration": {"retrierRetryCount": 2},
    }
    with Stubber(aws.stepfunctions) as stub:
        _describe(stub)
        stub.add_response("test_state", {**ANSWER, "ResponseMetadata": {}}, asked)
        found = tested_state.run(aws, ARN, "Main", '{"a": 1}', mock=mock, level="TRACE", retries=2)
    assert ("Main", "Task", ANSWER) == (found.name, found.kind, found.answer)
    assert (
        Step("input", {"a": 1}, changed=True),
        Step("InputPath", {"a": 1}, changed=False),
        Step("result", {"b": 2}, changed=True),
        Step("ResultSelector", {"b": 2}, changed=False),
        Step("output", {"b": 2}, changed=False),
    ) == found.steps


def test_a_state_that_is_not_there_is_named_with_those_that_are(aws: Aws) -> None:
    """Nothing is asked of TestState then."""
    with Stubber(aws.stepfunctions) as stub:
        _describe(stub)
        with pytest.raises(TestbedError, match=r"'Man'.*Main"):
            tested_state.run(aws, ARN, "Man", "{}")


def test_a_refusal_is_told_in_awss_words(aws: Aws) -> None:
    """Its code and its message."""
    with Stubber(aws.stepfunctions) as stub:
        _describe(stub)
        stub.add_client_error("test_state", "ValidationException", "No such thing")
        with pytest.raises(TestbedError, match=r"^ValidationException: No such thing$"):
            tested_state.run(aws, ARN, "Main", "{}")


def test_null_is_an_input() -> None:
    """And changed, where it is the first."""
    assert (Step("input", None, changed=True),) == tested_state.steps("null", {})
