from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from testbed.aws import Aws
from tests.integration.parity.conftest import PASS, ROLE, Machines
from tests.support import altered

MODEL = "com.amazonaws.swf.service.v2.model"


def _made(machines: Machines, **settings: Any) -> str:
    return machines.aws.stepfunctions.create_state_machine(
        name=f"m-{uuid.uuid4().hex[:12]}", definition=json.dumps(PASS), roleArn=ROLE, **settings
    )["stateMachineArn"]


def test_a_fail_state_names_an_error_of_step_functions(machines: Machines) -> None:
    """One that was caught goes on under its own name; LocalStack ends with a Python exception."""
    fails = {"Type": "Fail", "ErrorPath": "$.Error", "CausePath": "$.Cause"}
    arn = machines.make({"StartAt": "F", "States": {"F": fails}})
    found = machines.run(arn, {"Error": "States.Timeout", "Cause": "late"})
    assert ("FAILED", "States.Timeout", "late") == (
        found["status"],
        found["error"],
        found["cause"],
    )


@pytest.mark.parametrize("path", ["$$.Execution.RedriveCount", "$$.Execution"])
def test_the_context_object_counts_redrives(machines: Machines, path: str) -> None:
    """0, beside Id, Input, Name, RoleArn and StartTime (recorded).

    The Developer Guide has it too: "Accessing execution data from the Context object".
    """
    only = {"Type": "Pass", "Parameters": {"seen.$": path}, "End": True}
    found = machines.run(machines.make({"StartAt": "Only", "States": {"Only": only}}), {})
    assert "SUCCEEDED" == found["status"], found.get("cause")
    seen = json.loads(found["output"])["seen"]
    assert 0 == (seen if path.endswith("RedriveCount") else seen["RedriveCount"])


def test_a_machine_says_that_it_is_not_traced(machines: Machines) -> None:
    """DescribeStateMachine has tracingConfiguration, also where none was given (recorded)."""
    describe = machines.aws.stepfunctions.describe_state_machine
    found = describe(stateMachineArn=_made(machines))
    assert {"enabled": False} == found["tracingConfiguration"]
    traced = _made(machines, tracingConfiguration={"enabled": True})
    found = describe(stateMachineArn=traced)
    assert {"enabled": True} == found["tracingConfiguration"]


def test_an_update_traces_a_machine_or_ends_it(machines: Machines) -> None:
    """It may be all that an update brings, makes a revision, and is what a version shows."""
    client = machines.aws.stepfunctions
    machine = _made(machines)
    first = client.describe_state_machine(stateMachineArn=machine).get("revisionId")
    updated = client.update_state_machine(
        stateMachineArn=machine, tracingConfiguration={"enabled": True}, publish=True
    )
    assert updated["revisionId"] != first
    for arn in (machine, updated["stateMachineVersionArn"]):
        found = client.describe_state_machine(stateMachineArn=arn)
        assert {"enabled": True} == found["tracingConfiguration"]
    with pytest.raises(client.exceptions.InvalidDefinition):
        client.update_state_machine(
            stateMachineArn=machine, definition="{}", tracingConfiguration={"enabled": False}
        )
    client.update_state_machine(stateMachineArn=machine, definition=json.dumps(PASS))
    found = client.describe_state_machine(stateMachineArn=machine)
    assert ({"enabled": True}, updated["revisionId"]) == (
        found["tracingConfiguration"],
        found["revisionId"],
    )


@pytest.mark.parametrize(
    ("operation", "member"),
    [
        ("DescribeStateMachine", "stateMachineArn"),
        ("ListExecutions", "stateMachineArn"),
        ("PublishStateMachineVersion", "stateMachineArn"),
        ("DescribeExecution", "executionArn"),
        ("GetExecutionHistory", "executionArn"),
        ("DescribeActivity", "activityArn"),
        ("GetActivityTask", "activityArn"),
    ],
)
def test_what_is_no_arn_is_named(machines: Machines, operation: str, member: str) -> None:
    """InvalidArn quotes it after "Invalid ARN prefix: " (recorded for each operation)."""
    answer = machines.call(operation, {member: "not_a_valid_arn"})
    expected = {
        "__type": f"{MODEL}#InvalidArn",
        "message": "Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'",
    }
    assert (400, expected) == (answer.status_code, answer.json())


@pytest.mark.parametrize("operation", ["DescribeExecution", "GetExecutionHistory", "StopExecution"])
@pytest.mark.parametrize("there", ["started", "never started"])
def test_an_express_execution_cannot_be_asked_for(
    machines: Machines, operation: str, there: str
) -> None:
    """InvalidArn names the type of the resource (recorded): the ARN alone tells it."""
    arn = _made(machines, type="EXPRESS")
    execution = f"{arn.replace(':stateMachine:', ':express:')}:{uuid.uuid4()}:{uuid.uuid4()}"
    if there == "started":
        started = machines.aws.stepfunctions.start_execution(stateMachineArn=arn)
        execution = started["executionArn"]
    answer = machines.call(operation, {"executionArn": execution})
    expected = {
        "__type": f"{MODEL}#InvalidArn",
        "message": "Invalid Arn: 'Resource type not valid in this context: express'",
    }
    assert (400, expected) == (answer.status_code, answer.json())


TEXT = '{ "b" : 1.50,\n  "a":"é\\u00e9" }'


def test_an_input_stays_the_text_that_was_sent(machines: Machines, machine: str) -> None:
    """In DescribeExecution and in the first event.

    The API reference calls it "the string that contains the JSON input data of the execution".
    """
    client = machines.aws.stepfunctions
    started = client.start_execution(stateMachineArn=machine, input=TEXT)
    found = machines.ended(started["executionArn"])
    assert TEXT == found["input"]
    events = client.get_execution_history(executionArn=started["executionArn"])["events"]
    assert TEXT == events[0]["executionStartedEventDetails"]["input"]
    assert json.loads(TEXT) == json.loads(found["output"])


def test_an_express_execution_gives_its_input_back_as_sent(machines: Machines) -> None:
    """StartSyncExecution answers with the text too."""
    arn = _made(machines, type="EXPRESS")
    answer = machines.call("StartSyncExecution", {"stateMachineArn": arn, "input": TEXT})
    assert TEXT == answer.json()["input"]


def test_an_input_that_was_not_sent_is_an_empty_object(machines: Machines, machine: str) -> None:
    """Two braces, which the API reference asks for where there is no input."""
    started = machines.aws.stepfunctions.start_execution(stateMachineArn=machine)
    assert "{}" == machines.ended(started["executionArn"])["input"]


WAIT = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 30, "End": True}}}


def test_the_same_input_runs_once(machines: Machines) -> None:
    """The same name and input while it runs: the answer of the first time."""
    client = machines.aws.stepfunctions
    request: dict[str, Any] = {"stateMachineArn": machines.make(WAIT), "name": "n", "input": TEXT}
    first, second = client.start_execution(**request), client.start_execution(**request)
    assert (first["executionArn"], first["startDate"]) == (
        second["executionArn"],
        second["startDate"],
    )
    client.stop_execution(executionArn=first["executionArn"])


def _started_again(machines: Machines, machine: str, name: str, text: str) -> tuple[int, Any]:
    request = {"stateMachineArn": machine, "name": name, "input": text}
    answer = machines.call("StartExecution", request)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("input_text", ["{}", '{"a": true}', '{"a": 1.0}', '{"a": "1"}'])
def test_a_name_is_not_for_another_input(machines: Machines, input_text: str) -> None:
    """ExecutionAlreadyExists, which names the execution, also while that runs."""
    machine = machines.make(WAIT)
    status, first = _started_again(machines, machine, "n", '{"a": 1}')
    assert 200 == status
    arn = first["executionArn"]
    expected = {
        "__type": f"{MODEL}#ExecutionAlreadyExists",
        "message": f"Execution Already Exists: '{arn}'",
    }
    assert (400, expected) == _started_again(machines, machine, "n", input_text)
    machines.aws.stepfunctions.stop_execution(executionArn=arn)


def test_an_ended_executions_name_is_taken(machines: Machines, machine: str) -> None:
    """The same input too: ExecutionAlreadyExists (API reference, StartExecution)."""
    name = uuid.uuid4().hex
    status, first = _started_again(machines, machine, name, TEXT)
    assert 200 == status
    machines.ended(first["executionArn"])
    status, refusal = _started_again(machines, machine, name, TEXT)
    assert (400, f"{MODEL}#ExecutionAlreadyExists") == (status, refusal["__type"])


def test_an_express_machine_starts_one_more_each_time(machines: Machines) -> None:
    """StartExecution is not idempotent there (API reference): each has an ARN of its own."""
    machine = _made(machines, type="EXPRESS")
    answers = [_started_again(machines, machine, "n", TEXT) for _ in range(2)]
    assert [200, 200] == [status for status, _ in answers]
    assert 2 == len({found["executionArn"] for _, found in answers})


def test_a_name_starts_one_execution_however_many_ask_at_once(tmp_path: Path) -> None:
    """All get its ARN and its startDate: who repeats may do so before the first has its answer."""
    callers = 8
    with (
        altered.emulator(tmp_path, altered.HASTY) as known,
        ThreadPoolExecutor(callers) as pool,
    ):
        machines = Machines(Aws(known.endpoint), known.endpoint)
        machine = machines.make(WAIT)
        for name in map(str, range(60)):
            asked = [
                pool.submit(_started_again, machines, machine, name, TEXT) for _ in range(callers)
            ]
            answers = [one.result() for one in asked]
            assert {200} == {status for status, _ in answers}
            assert [answers[0][1]] * callers == [found for _, found in answers]


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
def test_a_choice_that_nothing_matches_fails(machines: Machines, language: str) -> None:
    """States.Runtime, since States.NoChoiceMatched is reserved for future use.

    So says the Developer Guide, "Handling errors in Step Functions workflows"; the cause is that
    of published executions.
    """
    rule = {"Variable": "$.a", "NumericEquals": 1}
    if language == "JSONata":
        rule = {"Condition": "{% $states.input.a = 1 %}"}
    definition = {
        "QueryLanguage": language,
        "StartAt": "Which",
        "States": {
            "Which": {"Type": "Choice", "Choices": [{**rule, "Next": "One"}]},
            "One": {"Type": "Succeed"},
        },
    }
    found = machines.run(machines.make(definition), {"a": 2})
    cause = (
        "An error occurred while executing the state 'Which' (entered at the event id #2). "
        "Failed to transition out of the state. The state does not point to a next state."
    )
    assert ("FAILED", "States.Runtime", cause) == (
        found["status"],
        found.get("error"),
        found.get("cause"),
    )
    history = machines.aws.stepfunctions.get_execution_history(executionArn=found["executionArn"])
    expected = ["ExecutionStarted", "ChoiceStateEntered", "ExecutionFailed"]
    assert expected == [event["type"] for event in history["events"]]


@pytest.mark.parametrize(
    ("path", "event", "found"),
    [
        ("$[*]", {}, []),
        ("$.items[*]", {}, []),
        ("$.items[*]", {"items": [1, 2]}, [1, 2]),
    ],
)
def test_a_wildcard_is_for_what_is_in_an_array(
    machines: Machines, path: str, event: Any, found: Any
) -> None:
    """Recorded: `$[*]` and `$.items[*]` of {} are []; an object is no array of itself."""
    only = {"Type": "Pass", "Parameters": {"found.$": path}, "End": True}
    ended = machines.run(machines.make({"StartAt": "Only", "States": {"Only": only}}), event)
    assert "SUCCEEDED" == ended["status"], ended.get("cause")
    assert {"found": found} == json.loads(ended["output"])


@pytest.mark.parametrize("kind", ["Parallel", "Map"])
def test_a_timeout_inside_is_caught_outside_by_its_name(machines: Machines, kind: str) -> None:
    """States.Timeout, and not States.Runtime (Developer Guide, "Handling errors")."""
    activity = machines.aws.stepfunctions.create_activity(name=f"a-{uuid.uuid4().hex[:12]}")
    waits = {"Type": "Task", "Resource": activity["activityArn"], "TimeoutSeconds": 1, "End": True}
    inner = {"StartAt": "Waits", "States": {"Waits": waits}}
    outer: dict[str, Any] = {"Type": "Parallel", "Branches": [inner]}
    if kind == "Map":
        outer = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": inner}
    catch = [{"ErrorEquals": ["States.Timeout"], "ResultPath": "$.seen", "Next": "Caught"}]
    definition = {
        "StartAt": "Outer",
        "States": {
            "Outer": {**outer, "Catch": catch, "End": True},
            "Caught": {"Type": "Succeed"},
        },
    }
    found = machines.run(machines.make(definition), {"items": [1]})
    assert "SUCCEEDED" == found["status"], (found.get("error"), found.get("cause"))
    assert "States.Timeout" == json.loads(found["output"])["seen"]["Error"]
    history = machines.aws.stepfunctions.get_execution_history(executionArn=found["executionArn"])
    assert "ActivityTimedOut" in [event["type"] for event in history["events"]]


@pytest.mark.timeout(120)
def test_a_loop_ends_when_its_history_is_full(machines: Machines) -> None:
    """With event 25,000, which no Catch of a Parallel around it sees.

    Step Functions Developer Guide, "Service quotas"; the words as reported from AWS in August 2026.
    """
    loop = {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Pass", "Next": "B"},
            "B": {"Type": "Pass", "Next": "A"},
        },
    }
    definition = {
        "StartAt": "Both",
        "States": {
            "Both": {
                "Type": "Parallel",
                "Branches": [loop],
                "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
                "End": True,
            },
            "Caught": {"Type": "Succeed"},
        },
    }
    found = machines.run(machines.make(definition), {})
    cause = "The execution reached the maximum number of history events (25000)."
    assert ("FAILED", "States.Runtime", cause) == (
        found["status"],
        found.get("error"),
        found.get("cause"),
    )
    last, before = machines.aws.stepfunctions.get_execution_history(
        executionArn=found["executionArn"], reverseOrder=True, maxResults=2
    )["events"]
    assert (25_000, "ExecutionFailed", 24_999) == (last["id"], last["type"], before["id"])
    assert {"error": "States.Runtime", "cause": cause} == last["executionFailedEventDetails"]


def test_a_history_comes_in_pages(machines: Machines) -> None:
    """100 events, up to 1,000 if asked, in both orders (API reference, GetExecutionHistory)."""
    items = {"Type": "Map", "ItemsPath": "$.items", "End": True}
    inner = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    definition = {"StartAt": "M", "States": {"M": {**items, "ItemProcessor": inner}}}
    arn = machines.run(machines.make(definition), {"items": list(range(60))})["executionArn"]
    client = machines.aws.stepfunctions
    first = client.get_execution_history(executionArn=arn)
    assert 100 == len(first["events"])
    with pytest.raises(client.exceptions.InvalidToken):
        client.get_execution_history(
            executionArn=arn, nextToken=first["nextToken"], reverseOrder=True
        )
    with pytest.raises(client.exceptions.InvalidToken):
        client.get_execution_history(executionArn=arn, nextToken="tea")
    with pytest.raises(client.exceptions.ClientError, match="'maxResults' failed to satisfy"):
        client.get_execution_history(executionArn=arn, maxResults=1001)
    whole = client.get_execution_history(executionArn=arn, maxResults=1000)
    assert "nextToken" not in whole
    ids = [event["id"] for event in whole["events"]]
    assert list(range(1, len(ids) + 1)) == ids
    for reverse in (False, True):
        for size in (7, 100, len(ids)):
            pages = client.get_paginator("get_execution_history").paginate(
                executionArn=arn, reverseOrder=reverse, PaginationConfig={"PageSize": size}
            )
            found = [[event["id"] for event in page["events"]] for page in pages]
            assert size == len(found[0])
            assert (ids[::-1] if reverse else ids) == [one for page in found for one in page]


def test_a_history_can_be_read_without_data(machines: Machines) -> None:
    """API reference, includeExecutionData: "input or output of a history event"."""
    arn = machines.run(machines.make(PASS), {"a": 1})["executionArn"]
    found = machines.aws.stepfunctions.get_execution_history(
        executionArn=arn, includeExecutionData=False
    )["events"]
    assert {"roleArn": ROLE} == found[0]["executionStartedEventDetails"]
    assert {"name"} == set(found[1]["stateEnteredEventDetails"])


def test_a_failure_inside_names_the_innermost_state_alone(machines: Machines) -> None:
    """One sentence says where, however deep it is (as reported from AWS in September 2026)."""
    inner = {"Type": "Pass", "Parameters": {"m.$": "$.nope"}, "End": True}
    branch: dict[str, Any] = {"StartAt": "Fast", "States": {"Fast": inner}}
    for name in ("Near", "Far"):
        around = {"Type": "Parallel", "Branches": [branch], "End": True}
        branch = {"StartAt": name, "States": {name: around}}
    found = machines.run(machines.make(branch), {"x": "a"})
    assert ("FAILED", "States.Runtime") == (found["status"], found.get("error"))
    assert found["cause"].startswith("An error occurred while executing the state 'Fast' (entered")
    assert 1 == found["cause"].count("An error occurred while executing the state")
