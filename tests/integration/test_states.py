"""Each state of the pipeline's machine alone, and each way out of ResizeImage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from infra.resources import state_machine
from localstack_standalone.state_outcome import TestedMachine

FUNCTION: Final = "arn:aws:lambda:ca-central-1:000000000000:function:ImageResizeFunction"
EVENT: Final = {"key": "club2.png"}
BUSY: Final = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "TransientStorageError",
)
# The error, how often it was tried, which retrier that is, and how many seconds it waits.
RETRIED: Final = [
    *((error, 0, 0, 1) for error in BUSY),
    ("TransientStorageError", 4, 0, 8),
    ("Runtime.ExitError", 3, 1, 8),
    ("Sandbox.Timedout", 1, 2, 2),
    ("Lambda.Unknown", 0, 2, 1),
]
CAUGHT: Final = [
    ("TransientStorageError", 5, 0),
    ("Runtime.ExitError", 4, 1),
    ("Lambda.Unknown", 2, 2),
    ("ValueError", 0, None),
]


@pytest.fixture(scope="module")
def machine(localstack_machine: Callable[[str], TestedMachine]) -> TestedMachine:
    return localstack_machine(state_machine.definition(function_arn=FUNCTION))


def test_the_result_of_the_function_leaves_resize_image(machine: TestedMachine) -> None:
    """The function gets the execution's input, and its answer goes on alone."""
    made = {"success": True, "key": "thumb-club2.png"}
    done = machine.run("ResizeImage", EVENT, result={"Payload": made, "StatusCode": 200})
    assert ("SUCCEEDED", "WasResizeSuccessful", made) == (done.status, done.next_state, done.output)
    assert {"FunctionName": FUNCTION, "Payload": EVENT} == done.data["afterParameters"]


@pytest.mark.parametrize(("error", "tried", "retrier", "wait_s"), RETRIED)
def test_what_may_pass_is_tried_again(
    machine: TestedMachine, error: str, tried: int, retrier: int, wait_s: int
) -> None:
    """By the retrier that is for it, after a wait that grows to 8 seconds at most."""
    found = machine.run("ResizeImage", EVENT, error=error, retries=tried)
    assert "RETRIABLE" == found.status
    assert (retrier, wait_s) == (found.retry_index, found.retry_after_s)


@pytest.mark.parametrize(("error", "tried", "retrier"), CAUGHT)
def test_what_stays_an_error_is_caught(
    machine: TestedMachine, error: str, tried: int, retrier: Any
) -> None:
    """It goes to FailState as {Error, Cause}, whatever it is."""
    found = machine.run("ResizeImage", EVENT, error=(error, "why"), retries=tried)
    assert ("CAUGHT_ERROR", "FailState", 0) == (found.status, found.next_state, found.catch_index)
    assert {"Error": error, "Cause": "why"} == found.output
    assert retrier == found.retry_index


@pytest.mark.parametrize(
    ("answer", "leads_to"),
    [
        ({"success": True}, "SuccessState"),
        ({"success": False}, "FailState"),
        ({"success": "true"}, "FailState"),
        ({}, "FailState"),
    ],
)
def test_only_success_succeeds(machine: TestedMachine, answer: Any, leads_to: str) -> None:
    """A result without the member is no success, and no error of the Choice."""
    found = machine.run("WasResizeSuccessful", answer)
    assert (leads_to, answer) == (found.next_state, found.output)


def test_success_gives_the_result(machine: TestedMachine) -> None:
    """As it came."""
    found = machine.run("SuccessState", {"key": "thumb-club2.png"})
    assert ("SUCCEEDED", {"key": "thumb-club2.png"}) == (found.status, found.output)


@pytest.mark.parametrize(
    ("given", "error", "cause"),
    [
        ({"success": False, "error": "NOT_FOUND", "message": "gone"}, "NOT_FOUND", "gone"),
        ({"Error": "Runtime.ExitError", "Cause": "killed"}, "Runtime.ExitError", "killed"),
        ({"strange": 1}, "MalformedResult", '{"strange":1}'),
    ],
)
def test_failure_tells_what_failed(
    machine: TestedMachine, given: Any, error: str, cause: str
) -> None:
    """A refusal, a caught error, and what is neither."""
    found = machine.run("FailState", given)
    assert ("FAILED", error, cause) == (found.status, found.error, found.cause)
