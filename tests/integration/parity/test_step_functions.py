from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import Emulator
from tests.integration.parity.conftest import PASS, Machines
from tests.support import functions

MODEL = "com.amazonaws.swf.service.v2.model"
VALIDATION = "com.amazon.coral.validate#ValidationException"
FAILED = "failed to satisfy constraint: Member must"


@pytest.mark.parametrize("name", ["a", "a" * 80, "a-B_9.é+(x)'@=!"])
def test_a_name_of_allowed_characters_is_taken(machines: Machines, machine: str, name: str) -> None:
    """1 to 80 characters; letters of other scripts are among them."""
    unique = name[:-12] + uuid.uuid4().hex[:12] if len(name) > 12 else name
    body = {"stateMachineArn": machine, "name": unique, "input": "{}"}
    answer = machines.call("StartExecution", body)
    assert 200 == answer.status_code, answer.text
    assert answer.json()["executionArn"].endswith(f":{unique}")


@pytest.mark.parametrize("character", [*' <>{}[]?*"#%\\^|~`$&,;:/', "\t", "\x00", "\x7f", "\x9f"])
def test_a_name_of_other_characters_is_refused(
    machines: Machines, machine: str, character: str
) -> None:
    """InvalidName repeats the name."""
    name = f"a{character}b"
    answer = machines.call("StartExecution", {"stateMachineArn": machine, "name": name})
    expected = {"__type": f"{MODEL}#InvalidName", "message": f"Invalid Name: '{name}'"}
    assert (400, expected) == (answer.status_code, answer.json())


@pytest.mark.parametrize(
    ("name", "constraint"),
    [
        ("a" * 81, "have length less than or equal to 80"),
        ("", "have length greater than or equal to 1"),
    ],
)
def test_a_name_of_another_length_is_refused(
    machines: Machines, machine: str, name: str, constraint: str
) -> None:
    """The length is a constraint of the request: a ValidationException."""
    answer = machines.call("StartExecution", {"stateMachineArn": machine, "name": name})
    expected = {
        "__type": VALIDATION,
        "message": f"1 validation error detected: Value '{name}' at 'name' {FAILED} {constraint}",
    }
    assert (400, expected) == (answer.status_code, answer.json())


def test_an_unknown_machine_comes_before_a_bad_name(machines: Machines, machine: str) -> None:
    """The characters of a name are looked at once the machine is found."""
    body = {"stateMachineArn": f"{machine}x", "name": "a b", "input": "{}"}
    answer = machines.call("StartExecution", body)
    assert f"{MODEL}#StateMachineDoesNotExist" == answer.json()["__type"]


@pytest.mark.parametrize("letter", ["a", "é", "🍁"])
def test_an_input_may_have_262144_bytes(machines: Machines, machine: str, letter: str) -> None:
    """Counted in UTF-8, the text as it was sent; one byte more is a ValidationException."""
    room = 262_144 - 2
    size = len(letter.encode())
    fits = '"' + letter * (room // size) + "a" * (room % size) + '"'
    start = machines.aws.stepfunctions.start_execution
    found = machines.ended(start(stateMachineArn=machine, input=fits)["executionArn"])
    assert "SUCCEEDED" == found["status"]
    with pytest.raises(ClientError) as refused:
        start(stateMachineArn=machine, input=f"{fits} ")
    expected = {
        "Code": "ValidationException",
        "Message": f"1 validation error detected: Value at 'input' {FAILED} have size less than "
        "or equal to 262144 bytes in UTF-8 encoding",
    }
    assert expected == refused.value.response["Error"]


def test_an_input_that_is_no_json_is_refused(machines: Machines, machine: str) -> None:
    """InvalidExecutionInput, with its parser's words between quotes."""
    answer = machines.call("StartExecution", {"stateMachineArn": machine, "input": "{"})
    body = answer.json()
    assert (400, f"{MODEL}#InvalidExecutionInput") == (answer.status_code, body["__type"])
    assert body["message"].startswith("Invalid State Machine Execution Input: '")


@pytest.mark.parametrize(("size", "status"), [(262_144, "SUCCEEDED"), (262_145, "FAILED")])
def test_an_output_may_have_262144_bytes(machines: Machines, size: int, status: str) -> None:
    """Counted in UTF-8 without blanks; more is States.DataLimitExceeded."""
    letters = "a" * (size - len('["é",""]'.encode()))
    only = {"Type": "Pass", "Result": ["é", letters], "End": True}
    found = machines.run(machines.make({"StartAt": "Only", "States": {"Only": only}}), {})
    assert status == found["status"]
    assert ("States.DataLimitExceeded" if status == "FAILED" else None) == found.get("error")


CHOICE = {
    "StartAt": "Which",
    "States": {
        "Which": {"Type": "Choice", "Choices": [], "Default": "No"},
        "Yes": {"Type": "Succeed"},
        "No": {"Type": "Pass", "Result": "default", "End": True},
    },
}


def _choice(rule: dict[str, Any]) -> dict[str, Any]:
    definition: dict[str, Any] = json.loads(json.dumps(CHOICE))
    definition["States"]["Which"]["Choices"] = [{**rule, "Next": "Yes"}]
    return definition


@pytest.mark.parametrize(
    "comparison",
    [{"BooleanEquals": True}, {"StringEquals": "x"}, {"NumericGreaterThan": 1}, {"IsNull": True}],
    ids=lambda comparison: next(iter(comparison)),
)
def test_a_choice_on_a_missing_path_fails(machines: Machines, comparison: dict[str, Any]) -> None:
    """States.Runtime names the state and the path; Default is not taken."""
    found = machines.run(machines.make(_choice({"Variable": "$.a.b", **comparison})), {"c": 1})
    cause = (
        "An error occurred while executing the state 'Which' (entered at the event id #2). "
        "Invalid path '$.a.b': The choice state's condition path references an invalid value."
    )
    assert ("FAILED", "States.Runtime", cause) == (found["status"], found["error"], found["cause"])
    events = machines.aws.stepfunctions.get_execution_history(executionArn=found["executionArn"])
    expected = ["ExecutionStarted", "ChoiceStateEntered", "ExecutionFailed"]
    assert expected == [event["type"] for event in events["events"]]


@pytest.mark.parametrize(
    "rule",
    [
        {"Variable": "$.a", "IsPresent": True},
        {"And": [{"Variable": "$.a", "IsPresent": True}, {"Variable": "$.a", "StringEquals": "x"}]},
        {"Variable": "$.c", "StringEquals": "x"},
    ],
    ids=["absent", "guarded", "another type"],
)
def test_a_choice_may_ask_whether_a_path_is_there(machines: Machines, rule: dict[str, Any]) -> None:
    """IsPresent is false for a missing path, and And goes no further; types may differ."""
    found = machines.run(machines.make(_choice(rule)), {"c": 1})
    assert ("SUCCEEDED", '"default"') == (found["status"], found["output"])


WAIT = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 30, "End": True}}}
FAIL = {"StartAt": "F", "States": {"F": {"Type": "Fail"}}}
LATE = {**WAIT, "TimeoutSeconds": 1}


def test_what_cannot_be_redriven_says_why(machines: Machines) -> None:
    """What runs and what succeeded is NOT_REDRIVABLE."""
    done = machines.run(machines.make(PASS), {})
    start = machines.aws.stepfunctions.start_execution
    execution_arn = start(stateMachineArn=machines.make(WAIT))["executionArn"]
    running = machines.aws.stepfunctions.describe_execution(executionArn=execution_arn)
    machines.aws.stepfunctions.stop_execution(executionArn=execution_arn)
    for found in (done, dict(running)):
        reason = f"Execution is {found['status']} and cannot be redriven"
        assert (0, "NOT_REDRIVABLE", reason) == (
            found["redriveCount"],
            found["redriveStatus"],
            found["redriveStatusReason"],
        )


@pytest.mark.parametrize(
    ("definition", "status"), [(FAIL, "FAILED"), (LATE, "TIMED_OUT"), (WAIT, "ABORTED")]
)
def test_what_did_not_succeed_can_be_redriven(
    machines: Machines, definition: dict[str, Any], status: str
) -> None:
    """Failed, timed out and aborted executions are REDRIVABLE, without a reason."""
    arn = machines.make(definition)
    started = machines.aws.stepfunctions.start_execution(stateMachineArn=arn)
    if status == "ABORTED":
        machines.aws.stepfunctions.stop_execution(executionArn=started["executionArn"])
    found = machines.ended(started["executionArn"])
    assert (status, 0, "REDRIVABLE") == (
        found["status"],
        found["redriveCount"],
        found["redriveStatus"],
    )
    assert "redriveStatusReason" not in found
    listed = machines.aws.stepfunctions.list_executions(stateMachineArn=arn)["executions"]
    assert [0] == [item["redriveCount"] for item in listed]


def test_dates_have_milliseconds(machines: Machines, machine: str) -> None:
    """Start, stop and events alike, and StartExecution agrees with DescribeExecution."""
    started = machines.call("StartExecution", {"stateMachineArn": machine}).json()
    execution = {"executionArn": started["executionArn"]}
    machines.ended(started["executionArn"])
    described = machines.call("DescribeExecution", execution).json()
    events = machines.call("GetExecutionHistory", execution).json()["events"]
    dates = [described["startDate"], described["stopDate"], *[e["timestamp"] for e in events]]
    assert started["startDate"] == described["startDate"]
    assert dates == [round(date, 3) for date in dates]


def test_an_error_has_its_full_type(machines: Machines, machine: str) -> None:
    """Errors of the service are in the namespace of its model; SDKs show the part behind #."""
    missing = machine.replace(":stateMachine:", ":execution:") + ":missing"
    answer = machines.call("DescribeExecution", {"executionArn": missing})
    expected = {
        "__type": f"{MODEL}#ExecutionDoesNotExist",
        "message": f"Execution Does Not Exist: '{missing}'",
    }
    assert (400, expected) == (answer.status_code, answer.json())
    with pytest.raises(machines.aws.stepfunctions.exceptions.ExecutionDoesNotExist):
        machines.aws.stepfunctions.describe_execution(executionArn=missing)


def _by_arn(function_arn: str) -> dict[str, Any]:
    return {"Type": "Task", "Resource": function_arn, "End": True}


def _by_integration(function_arn: str) -> dict[str, Any]:
    parameters = {"FunctionName": function_arn, "Payload.$": "$"}
    invoke = "arn:aws:states:::lambda:invoke"
    return {"Type": "Task", "Resource": invoke, "Parameters": parameters, "End": True}


@pytest.mark.parametrize("task", [_by_arn, _by_integration])
def test_throttling_is_reported_by_its_own_name(
    emulator: Emulator, machines: Machines, task: Callable[[str], dict[str, Any]]
) -> None:
    """Lambda.TooManyRequestsException, so that a Retry for it applies."""
    aws = emulator.aws
    name = functions.make(aws, "def handler(e, c): return 1")
    aws.lambda_.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    function_arn = aws.lambda_.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    found = machines.run(
        machines.make({"StartAt": "T", "States": {"T": task(function_arn)}}), {"a": 1}
    )
    aws.lambda_.delete_function(FunctionName=name)
    assert ("FAILED", "Lambda.TooManyRequestsException") == (found["status"], found["error"])
    assert "Status Code: 429; Error Code: TooManyRequestsException" in found["cause"]
