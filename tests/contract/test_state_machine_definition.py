"""What the state machine promises, read from its definition."""

import json
from typing import Any

import pytest

from infra.resources import state_machine

FUNCTION_ARN = "arn:aws:lambda:ca-central-1:123456789012:function:ImageResizeFunction"


@pytest.fixture(scope="module")
def definition() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(state_machine.definition(function_arn=FUNCTION_ARN))
    return parsed


@pytest.fixture(scope="module")
def states(definition: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = definition["States"]
    return found


def retrier(states: dict[str, Any], error: str) -> dict[str, Any]:
    """The first retrier that names *error*, as Step Functions chooses it."""
    retriers: list[dict[str, Any]] = states["ResizeImage"]["Retry"]
    return next(retrier for retrier in retriers if error in retrier["ErrorEquals"])


def test_there_are_exactly_four_states(states: dict[str, Any]) -> None:
    """The assignment's four states, of the assignment's types."""
    expected = {
        "ResizeImage": "Task",
        "WasResizeSuccessful": "Choice",
        "SuccessState": "Succeed",
        "FailState": "Fail",
    }
    assert expected == {name: state["Type"] for name, state in states.items()}


def test_it_starts_with_the_function(definition: dict[str, Any]) -> None:
    """The first thing an execution does is to call the function, with its own input."""
    assert "ResizeImage" == definition["StartAt"]
    task = definition["States"]["ResizeImage"]
    assert {"FunctionName": FUNCTION_ARN, "Payload.$": "$"} == task["Parameters"]
    assert "$.Payload" == task["OutputPath"]
    assert "WasResizeSuccessful" == task["Next"]


def test_success_is_a_true_success_and_nothing_else(states: dict[str, Any]) -> None:
    """Whatever is not `"success": true`, a missing field included, ends in FailState."""
    choice = states["WasResizeSuccessful"]
    present, true = choice["Choices"][0]["And"]
    assert {"Variable": "$.success", "IsPresent": True} == present
    assert {"Variable": "$.success", "BooleanEquals": True} == true
    assert ["SuccessState"] == [rule["Next"] for rule in choice["Choices"]]
    assert "FailState" == choice["Default"]


@pytest.mark.parametrize(
    "error",
    [
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
        "TransientStorageError",
        "Runtime.ExitError",
        "Sandbox.Timedout",
        "Lambda.Unknown",
    ],
)
def test_what_may_pass_is_retried_with_backoff_and_jitter(
    states: dict[str, Any], error: str
) -> None:
    """Each retry waits longer than the one before, and not all executions come at once."""
    found = retrier(states, error)
    assert found["MaxAttempts"] >= 2
    assert found["BackoffRate"] > 1
    assert "FULL" == found["JitterStrategy"]


def test_a_crash_is_retried_less_often_than_throttling(states: dict[str, Any]) -> None:
    """An image that kills its worker each time must not go round for long."""
    crash, throttled = (
        retrier(states, error)["MaxAttempts"]
        for error in ("Runtime.ExitError", "Lambda.TooManyRequestsException")
    )
    assert crash < throttled


def test_everything_else_is_caught(states: dict[str, Any]) -> None:
    """No error of the function ends an execution anywhere but in FailState."""
    (catcher,) = states["ResizeImage"]["Catch"]
    assert (["States.ALL"], "FailState") == (catcher["ErrorEquals"], catcher["Next"])


def test_no_execution_runs_for_ever(definition: dict[str, Any]) -> None:
    """The machine and its task have time limits, the task's above the function's own."""
    task_s = definition["States"]["ResizeImage"]["TimeoutSeconds"]
    assert 30 < task_s < definition["TimeoutSeconds"]


def test_fail_state_shows_refusals_and_caught_errors(states: dict[str, Any]) -> None:
    """Both shapes that reach it are read: {error, message} and {Error, Cause}."""
    fail = states["FailState"]
    assert "JSONata" == fail["QueryLanguage"]
    assert "$states.input.error, $states.input.Error" in fail["Error"]
    assert "$states.input.message, $states.input.Cause" in fail["Cause"]
