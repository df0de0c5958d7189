"""TestState as AWS answers it; whether that is recorded or documented stands with each."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from tests.integration.parity.conftest import ROLE, Machines

FUNCTION: Final = "arn:aws:lambda:ca-central-1:000000000000:function:is-not-here"
ACTIVITY: Final = "arn:aws:states:ca-central-1:000000000000:activity:is-not-here"
INVOKE: Final = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Parameters": {"FunctionName": "is-not-here", "Payload.$": "$.tea"},
    "ResultSelector": {"body.$": "$.Payload"},
    "ResultPath": "$.made",
    "OutputPath": "$.made.body",
    "Next": "After",
}
DIRECT: Final = {"Type": "Task", "Resource": FUNCTION, "End": True}
RETRY: Final = [
    {"ErrorEquals": ["Other"]},
    {"ErrorEquals": ["Busy"], "IntervalSeconds": 3, "BackoffRate": 10, "MaxDelaySeconds": 20},
]
CATCH: Final = [{"ErrorEquals": ["Cold"], "ResultPath": "$.why", "Next": "Instead"}]
BRANCH: Final = {"StartAt": "Inner", "States": {"Inner": {"Type": "Pass", "End": True}}}
PARALLEL: Final = {
    "Type": "Parallel",
    "InputPath": "$.tea",
    "ResultPath": "$.both",
    "Branches": [BRANCH],
    "End": True,
}
MAP: Final = {"Type": "Map", "ItemsPath": "$.cups", "ItemProcessor": BRANCH, "End": True}
EVENT: Final = {"tea": {"kind": "green"}}


def _test(machines: Machines, definition: Any, event: Any = EVENT, **given: Any) -> dict[str, Any]:
    """The answer without what an SDK adds, and with data in place of texts."""
    text = definition if isinstance(definition, str) else json.dumps(definition)
    sent = event if isinstance(event, str) else json.dumps(event)
    options: dict[str, Any] = {"inspectionLevel": "DEBUG", "input": sent, **given}
    answer: Any = machines.aws.stepfunctions.test_state(definition=text, **options)
    del answer["ResponseMetadata"]
    answer["inspectionData"] = {
        name: json.loads(found) if isinstance(found, str) else found
        for name, found in answer["inspectionData"].items()
    }
    return {**answer, **({"output": json.loads(answer["output"])} if "output" in answer else {})}


def _result(value: Any, mode: str = "NONE") -> dict[str, Any]:
    return {"result": json.dumps(value), "fieldValidationMode": mode}


def _error(name: str, cause: str = "why") -> dict[str, Any]:
    return {"errorOutput": {"error": name, "cause": cause}}


def test_each_step_has_its_own_data(machines: Machines) -> None:
    """Recorded of a Pass state: the result is in none of the steps before it."""
    state = {"Type": "Pass", "ResultPath": "$.copy", "Next": "After"}
    whole = {**EVENT, "copy": EVENT}
    assert {
        "status": "SUCCEEDED",
        "nextState": "After",
        "output": whole,
        "inspectionData": {
            **dict.fromkeys(("input", "afterInputPath", "afterParameters"), EVENT),
            "afterResultSelector": EVENT,
            "afterResultPath": whole,
        },
    } == _test(machines, state)


def test_data_flows_through_a_task(machines: Machines) -> None:
    """InspectionData of the API reference, for JSONPath."""
    found = _test(machines, INVOKE, mock=_result({"Payload": {"cup": 1}, "StatusCode": 200}))
    assert {
        "status": "SUCCEEDED",
        "nextState": "After",
        "output": {"cup": 1},
        "inspectionData": {
            "input": EVENT,
            "afterInputPath": EVENT,
            "afterParameters": {"FunctionName": "is-not-here", "Payload": {"kind": "green"}},
            "result": {"Payload": {"cup": 1}, "StatusCode": 200},
            "afterResultSelector": {"body": {"cup": 1}},
            "afterResultPath": {**EVENT, "made": {"body": {"cup": 1}}},
        },
    } == found


def test_variables_are_those_after_the_state(machines: Machines) -> None:
    """API reference: assigned ones and those that were given."""
    state = {
        "Type": "Pass",
        "QueryLanguage": "JSONata",
        "Assign": {"kind": "{% $states.input.tea.kind %}"},
        "End": True,
    }
    found = _test(machines, state, variables='{"cups": 2}')
    assert {"kind": "green", "cups": 2} == found["inspectionData"]["variables"]


@pytest.mark.parametrize("resource", [FUNCTION, ACTIVITY])
def test_a_mock_answers_for_any_task(machines: Machines, resource: str) -> None:
    """API reference: all Task types, activities with a mock alone."""
    found = _test(machines, {**DIRECT, "Resource": resource}, mock=_result({"cup": 1}))
    assert ("SUCCEEDED", {"cup": 1}) == (found["status"], found["output"])


def test_http_tasks_take_mocks(machines: Machines) -> None:
    """They have no API whose model could check the result."""
    state = {
        **DIRECT,
        "Resource": "arn:aws:states:::http:invoke",
        "Parameters": {"Method": "GET", "ApiEndpoint": "https://tea.example"},
    }
    found = _test(machines, state, mock=_result({"StatusCode": 200}, "STRICT"))
    assert {"StatusCode": 200} == found["output"]


@pytest.mark.parametrize(
    ("error", "count", "status", "details"),
    [
        ("Busy", 0, "RETRIABLE", {"retryIndex": 1, "retryBackoffIntervalSeconds": 3}),
        ("Busy", 1, "RETRIABLE", {"retryIndex": 1, "retryBackoffIntervalSeconds": 20}),
        ("Busy", 3, "FAILED", {"retryIndex": 1}),
        ("Cold", 0, "CAUGHT_ERROR", {"catchIndex": 0}),
        ("Strange", 0, "FAILED", None),
    ],
)
def test_an_error_is_retriable_caught_or_neither(
    machines: Machines, error: str, count: int, status: str, details: Any
) -> None:
    """Which retrier or catcher it was is recorded; MaxDelaySeconds bounds the wait."""
    state = {**DIRECT, "Retry": RETRY, "Catch": CATCH}
    configuration = {"stateConfiguration": {"retrierRetryCount": count}} if count else {}
    found = _test(machines, state, mock=_error(error), **configuration)
    assert (status, error, "why") == (found["status"], found["error"], found["cause"])
    assert details == found["inspectionData"].get("errorDetails")
    if status == "CAUGHT_ERROR":
        assert "Instead" == found["nextState"]
        assert {**EVENT, "why": {"Error": "Cold", "Cause": "why"}} == found["output"]


def test_an_error_needs_no_cause(machines: Machines) -> None:
    """MockErrorOutput requires neither of its members."""
    found = _test(machines, DIRECT, mock={"errorOutput": {"error": "Busy"}})
    assert ("FAILED", "Busy") == (found["status"], found["error"])


def test_a_wait_state_leads_on(machines: Machines) -> None:
    """It is among the states that can be tested (API reference)."""
    found = _test(machines, {"Type": "Wait", "Seconds": 0, "Next": "After"})
    assert ("SUCCEEDED", "After") == (found["status"], found["nextState"])


def test_a_parallel_state_takes_a_mock(machines: Machines) -> None:
    """Recorded: neither afterInputPath nor afterParameters."""
    found = _test(machines, PARALLEL, mock=_result([1]))
    assert {
        "input": EVENT,
        "afterResultSelector": [1],
        "afterResultPath": {**EVENT, "both": [1]},
    } == found["inspectionData"]
    within = {"StartAt": "Both", "States": {"Both": PARALLEL}}
    assert EVENT == _test(machines, within, stateName="Inner")["output"]


def test_a_map_state_takes_a_mock(machines: Machines) -> None:
    """Recorded, and afterItemSelector of the API reference."""
    state = {**MAP, "ItemSelector": {"cup.$": "$$.Map.Item.Value"}}
    event = {"cups": [1, 2]}
    assert {
        "input": event,
        "afterInputPath": event,
        "afterItemsPath": [1, 2],
        "afterItemSelector": [{"cup": 1}, {"cup": 2}],
        "afterResultSelector": [2, 4],
        "afterResultPath": [2, 4],
        "maxConcurrency": 0,
    } == _test(machines, state, event, mock=_result([2, 4]))["inspectionData"]


def test_an_items_path_has_to_lead_to_a_list(machines: Machines) -> None:
    """Recorded, with this cause and these data."""
    found = _test(machines, {**MAP, "ItemsPath": "$$"}, mock=_result([]))
    assert ("FAILED", "States.Runtime") == (found["status"], found["error"])
    assert 'Reference path "$" must point to array.' == found["cause"]
    assert {"input": EVENT, "afterInputPath": EVENT} == found["inspectionData"]


def test_the_context_object_is_as_on_aws(machines: Machines) -> None:
    """Recorded: the state is StateName, no role is null, and nothing tells of redrives."""
    state = {"Type": "Pass", "Parameters": {"is.$": "$$"}, "End": True}
    machine = {"StartAt": "Main", "States": {"Main": state}}
    seen = _test(machines, machine, stateName="Main")["output"]["is"]
    assert ("StateName", None) == (seen["State"]["Name"], seen["Execution"]["RoleArn"])
    assert {"Id", "Input", "Name", "RoleArn", "StartTime"} == set(seen["Execution"])
    assert ROLE == _test(machines, state, roleArn=ROLE)["output"]["is"]["Execution"]["RoleArn"]


def test_a_mocked_context_may_be_empty(machines: Machines) -> None:
    """Recorded: it is all there is."""
    state = {**DIRECT, "Parameters": {"all.$": "$$"}, "ResultSelector": {"after.$": "$$"}}
    found = _test(machines, state, mock=_result({}), context="{}")
    assert {"after": {}} == found["output"]
    assert {"all": {}} == found["inspectionData"]["afterParameters"]


DEFINITION: Final = "Invalid State Machine Definition: "
WITHOUT: Final = "TestState does not support {} when a mock is not specified."
REFUSED: Final[dict[str, tuple[Any, dict[str, Any], str, str]]] = {
    "a state without a type": (
        {"End": True},
        {},
        "InvalidDefinition",
        (
            DEFINITION + "'SCHEMA_VALIDATION_FAILED: These fields are required: "
            "[Type] at /States/StateName'"
        ),
    ),
    "a Parallel without branches, as recorded": (
        {**PARALLEL, "Branches": []},
        {"mock": _result([])},
        "InvalidDefinition",
        (
            DEFINITION + "'SCHEMA_VALIDATION_FAILED: Value cannot be empty at "
            "/States/StateName/Branches'"
        ),
    ),
    "a type that does not exist, as recorded": (
        {"StartAt": "Main", "States": {"Main": {"Type": "Tea", "End": True}}},
        {"stateName": "Main"},
        "InvalidDefinition",
        (
            DEFINITION + "'SCHEMA_VALIDATION_FAILED: The field 'Type' should have "
            "one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at "
            "/States/Main/Type'"
        ),
    ),
    "a Parallel without a mock": (
        PARALLEL,
        {},
        "InvalidDefinition",
        (
            "TestState API does not support Map or Parallel states. Supported state types include: "
            "[Task, Wait, Pass, Succeed, Fail, Choice]"
        ),
    ),
    "a Parallel's result that is no list": (
        PARALLEL,
        {"mock": _result({})},
        "ValidationException",
        "Mocked result must be an array.",
    ),
    "a Parallel's result of another length": (
        PARALLEL,
        {"mock": _result([1, 2])},
        "ValidationException",
        "Mocked result must contain the same number of items as number of Parallel branches.",
    ),
    "a mocked Choice": (
        {
            "Type": "Choice",
            "Choices": [{"Variable": "$.a", "IsPresent": True, "Next": "B"}],
        },
        {"mock": _result({})},
        "ValidationException",
        "State type 'Choice' is not supported when a mock is specified",
    ),
    "more failures than items": (
        MAP,
        {"mock": _result([1]), "stateConfiguration": {"mapIterationFailureCount": 2}},
        "ValidationException",
        "Map iteration failure count must be less than or equal to the number of Map iterations",
    ),
    "failures without a mock": (
        MAP,
        {"stateConfiguration": {"mapIterationFailureCount": 2}},
        "ValidationException",
        WITHOUT.format("MapIterationFailureCount"),
    ),
    "a context without a mock": (
        DIRECT,
        {"context": "{}"},
        "ValidationException",
        WITHOUT.format("Context"),
    ),
    "a token where no task has one, as recorded": (
        DIRECT,
        {"mock": _result({}), "context": '{"Task": {"Token": "t"}}'},
        "ValidationException",
        (
            "Invalid Context object provided: Context object contains 'Task' when state is not a "
            "Task state with a '.sync' or '.waitForTaskToken' service integration pattern"
        ),
    ),
    "an input that is no JSON": (
        DIRECT,
        {"input": "{", "mock": _result({})},
        "InvalidExecutionInput",
        (
            "Invalid State Machine Execution Input: 'Expecting property name enclosed in double "
            "quotes: line 1 column 2 (char 1)'"
        ),
    ),
    "variables that are no object": (
        DIRECT,
        {"variables": "[]", "mock": _result({})},
        "ValidationException",
        "Variables must be a JSON object",
    ),
    "a mock of nothing": (
        DIRECT,
        {"mock": {}},
        "ValidationException",
        "A test mock should have only one of the following fields: [result, errorOutput].",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_request_is_refused_before_anything_runs(machines: Machines, case: str) -> None:
    """In AWS's words where those are recorded."""
    definition, given, code, message = REFUSED[case]
    with pytest.raises(ClientError) as refused:
        _test(machines, definition, **given)
    assert {"Code": code, "Message": message} == refused.value.response["Error"]


@pytest.mark.parametrize(("failures", "status"), [(1, "SUCCEEDED"), (2, "FAILED")])
def test_failed_iterations_are_tolerated_up_to_a_number(
    machines: Machines, failures: int, status: str
) -> None:
    """Recorded, with this error and cause."""
    processor = {
        **BRANCH,
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    }
    state = {**MAP, "ItemProcessor": processor, "ToleratedFailureCount": 1}
    found = _test(
        machines,
        state,
        {"cups": [1, 2, 3]},
        mock=_result([1, 2, 3]),
        stateConfiguration={"mapIterationFailureCount": failures},
    )
    assert status == found["status"]
    if status == "FAILED":
        assert "States.ExceedToleratedFailureThreshold" == found["error"]
        assert "The specified tolerated failure threshold was exceeded" == found["cause"]
