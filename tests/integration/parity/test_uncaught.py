"""What no Retry and no Catch sees, and what they do see."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest

from tests.integration.parity.conftest import Machines

ALL, RUNTIME, TASK_FAILED = "States.ALL", "States.Runtime", "States.TaskFailed"
MISSING = {"a.$": "$.missing"}
GIVEN = {"items": [1], "text": "{"}


def _task(**fields: Any) -> dict[str, Any]:
    resource = "arn:aws:states:::aws-sdk:s3:listBuckets"
    return {"Type": "Task", "Resource": resource, "Parameters": {}, **fields}


def _alone(state: dict[str, Any]) -> dict[str, Any]:
    name = f"Inner-{uuid.uuid4().hex}"
    return {"StartAt": name, "States": {name: {**state, "End": True}}}


def _parallel(inner: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Parallel", "Branches": [_alone(inner)]}


def _map(inner: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": _alone(inner)}


PASS = {"Type": "Pass", "Parameters": MISSING}
MISTAKEN = {
    "Parameters of a task": _task(Parameters=MISSING),
    "ResultSelector of a task": _task(ResultSelector=MISSING),
    "TimeoutSecondsPath of a task": _task(TimeoutSecondsPath="$.missing"),
    "ItemsPath of a Map": {**_map({"Type": "Pass"}), "ItemsPath": "$.missing"},
    "ItemSelector of a Map": {**_map({"Type": "Pass"}), "ItemSelector": MISSING},
    "a branch": _parallel(PASS),
    "an iteration": _map(PASS),
    "a branch of a branch": _parallel(_parallel(PASS)),
}


def _run(machines: Machines, state: dict[str, Any], **handlers: Any) -> tuple[Any, list[str]]:
    """The execution of *state*, whose Catch leads to a state of its own; its events' types."""
    catch = [
        {"ErrorEquals": [error], "ResultPath": "$.told", "Next": "Caught"}
        for error in handlers.pop("caught", ())
    ]
    states = {
        "Outer": {**state, **handlers, "Catch": catch, "End": True},
        "Caught": {"Type": "Pass", "OutputPath": "$.told.Error", "End": True},
    }
    found = machines.run(machines.make({"StartAt": "Outer", "States": states}), GIVEN)
    history = machines.aws.stepfunctions.get_execution_history(
        executionArn=found["executionArn"], includeExecutionData=False
    )
    return found, [event["type"] for event in history["events"]]


@pytest.mark.parametrize("where", MISTAKEN)
@pytest.mark.parametrize("error", [ALL, RUNTIME, TASK_FAILED])
def test_no_catch_sees_a_runtime_error(machines: Machines, where: str, error: str) -> None:
    """It "will always cause the execution to fail" (Developer Guide, "Handling errors").

    That a Catch by its name does not see it either is recorded, of a path that finds nothing.
    """
    found, _ = _run(machines, MISTAKEN[where], caught=[error])
    assert ("FAILED", RUNTIME) == (found["status"], found.get("error")), found.get("output")
    assert found["cause"].startswith("An error occurred while executing the state '")


@pytest.mark.parametrize("error", [ALL, RUNTIME])
@pytest.mark.parametrize(
    ("state", "attempt"),
    [(_task(Parameters=MISSING), "TaskFailed"), (_parallel(PASS), "ParallelStateStarted")],
)
def test_no_retry_sees_a_runtime_error(
    machines: Machines, state: dict[str, Any], attempt: str, error: str
) -> None:
    """It "isn't retriable"."""
    retry = [{"ErrorEquals": [error], "IntervalSeconds": 1, "MaxAttempts": 1}]
    found, types = _run(machines, state, Retry=retry, caught=["Other"])
    assert (RUNTIME, 1) == (found.get("error"), types.count(attempt))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"Parameters": {"a.$": "States.StringToJson($.text)"}}, "States.IntrinsicFailure"),
        ({"Parameters": {"a.$": "States.ArrayGetItem($.items, 9)"}}, "States.IntrinsicFailure"),
        ({"ResultPath": "$.text.deeper"}, "States.ResultPathMatchFailure"),
    ],
)
@pytest.mark.parametrize("around", [lambda task: task, _parallel])
def test_other_errors_of_fields_are_caught(
    machines: Machines, fields: dict[str, Any], error: str, around: Any
) -> None:
    """By a name of their own, and by States.ALL (likewise, "Error names")."""
    for catcher in (error, ALL):
        found, _ = _run(machines, around(_task(**fields)), caught=[catcher])
        assert ("SUCCEEDED", json.dumps(error)) == (found["status"], found.get("output")), (
            found.get("cause")
        )


@pytest.mark.parametrize(
    "fields", [{"Parameters": {"a.$": "States.Hash($.text, 'no')"}}, {"ResultPath": "$.text.a"}]
)
def test_a_field_that_fails_names_its_state(machines: Machines, fields: dict[str, Any]) -> None:
    """As other errors of evaluation do; a Pass state has nothing to catch it with."""
    only = {"Type": "Pass", **fields}
    found = machines.run(machines.make(_alone(only)), GIVEN)
    assert re.match(
        r"An error occurred while executing the state 'Inner-\w+' \(entered at the event id #2\)",
        found["cause"],
    )
    assert found["error"] in {"States.IntrinsicFailure", "States.ResultPathMatchFailure"}


def test_a_path_within_a_function_is_a_path(machines: Machines) -> None:
    """What an intrinsic function does not find is missing, not the function's failure."""
    fields = {"Parameters": {"a.$": "States.Format('{}', $.missing)"}}
    found, _ = _run(machines, _task(**fields), caught=[ALL])
    assert RUNTIME == found.get("error")
