"""What clients of the API get, and what executions show, against a real emulator."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import package
from testbed import names
from testbed.aws import Aws
from tests.conftest import Emulator
from tests.integration import stack_support
from tests.integration.stack_support import Stack, key_body
from tests.support import functions


@pytest.fixture(scope="module")
def aws(emulator: Emulator) -> Aws:
    return Aws(endpoint=emulator.endpoint)


@pytest.fixture(scope="module")
def pipeline(aws: Aws) -> Iterator[Stack]:
    """One stack for all tests here; a test that changes it applies it again."""
    yield from stack_support.in_emulator(aws)


def executions(pipeline: Stack) -> int:
    arn = pipeline.outputs.state_machine_arn
    return len(pipeline.aws.stepfunctions.list_executions(stateMachineArn=arn)["executions"])


def test_success_is_exactly_the_answer_of_aws(pipeline: Stack) -> None:
    """ExecutionArn and startDate, as JSON."""
    answer = pipeline.post(key_body("missing.png"))
    assert (200, {"executionArn", "startDate"}) == (answer.status_code, set(answer.json()))
    assert "application/json" == answer.headers["Content-Type"]


@pytest.mark.parametrize(
    "body",
    [
        key_body("plain.png", size=64, format="png", mode="copy", more=[None, 1.5, {"a": "b"}]),
        key_body("bob's.png"),
        key_body('say "cheese".png'),
        key_body("back\\slash\\.png"),
        key_body("both \\' of them"),
        key_body("new\nline\ttab"),
        json.dumps({"key": "🏏 ünïcödé ☃\u2028\u2029.png"}, ensure_ascii=False),
        key_body("🏏 escaped.png"),
        key_body("$input.body ${x} #set($a = 1)${a} $1 $util.escapeJavaScript('x')"),
        key_body("a/b/c%20d+e f.png"),
        ' {\n\t"key" : "laid out" ,\r\n "rest": [ ] } ',
    ],
)
def test_the_body_reaches_the_execution_unchanged(pipeline: Stack, body: str) -> None:
    """Every JSON text goes through; the emulator keeps its value, AWS its layout too."""
    answer = pipeline.post(body)
    assert 200 == answer.status_code, answer.text
    arn = answer.json()["executionArn"]
    found = pipeline.aws.stepfunctions.describe_execution(executionArn=arn)["input"]
    assert json.loads(body) == json.loads(found)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "club2.png",
        '"club2.png"',
        "[]",
        "null",
        "{}",
        '{"name": "club2.png"}',
        '{"key": null}',
        '{"key": 1}',
        '{"key": ["club2.png"]}',
        '{"key": ""}',
    ],
)
def test_a_body_without_a_key_gets_400_and_starts_nothing(pipeline: Stack, body: str) -> None:
    """The answer is JSON with a message, from the API itself."""
    before = executions(pipeline)
    answer = pipeline.post(body)
    assert 400 == answer.status_code
    assert isinstance(answer.json()["message"], str)
    assert before == executions(pipeline)


def test_a_body_of_another_type_gets_415_and_starts_nothing(pipeline: Stack) -> None:
    """Only JSON has a mapping; nothing is passed on unmapped."""
    before = executions(pipeline)
    assert 415 == pipeline.post(key_body("club2.png"), "text/plain").status_code
    assert before == executions(pipeline)


def test_a_fault_of_ours_is_500_and_json(pipeline: Stack) -> None:
    """An error of StartExecution is not sent as success, nor blamed on the client."""
    arn = pipeline.outputs.state_machine_arn
    pipeline.aws.stepfunctions.delete_state_machine(stateMachineArn=arn)
    try:
        answer = pipeline.post(key_body("club2.png"))
    finally:
        pipeline.apply()
    assert 500 == answer.status_code
    assert "StateMachineDoesNotExist" == answer.json()["error"]
    assert isinstance(answer.json()["message"], str)


def test_a_refusal_ends_in_fail_state_with_its_code(pipeline: Stack) -> None:
    """Error and Cause are the function's own code and message."""
    ended = pipeline.run(key_body("missing.png"))
    assert ("FAILED", "NOT_FOUND") == (ended["status"], ended["error"])
    assert "missing.png" in ended["cause"]
    expected = ["ResizeImage", "WasResizeSuccessful", "FailState"]
    assert expected == pipeline.visited(ended["executionArn"])


# Fails once in the way that is asked for, then succeeds.
FLAKY = """
import os, pathlib, signal, tempfile

class TransientStorageError(Exception): pass

def handler(event, context):
    once = pathlib.Path(tempfile.gettempdir(), "once")
    if not once.exists():
        once.touch()
        if event["key"] == "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        raise TransientStorageError("busy")
    return {"success": True, "resized_key": "thumb-" + event["key"]}
"""


@pytest.mark.parametrize(
    ("key", "error"), [("crash", "Runtime.ExitError"), ("busy", "TransientStorageError")]
)
def test_what_passes_is_tried_again_and_succeeds(
    pipeline: Stack, tmp_path: Path, key: str, error: str
) -> None:
    """A worker that was killed, or storage that was busy, costs an attempt, not the execution."""
    source = Path(shutil.copytree(package.SOURCE, tmp_path / "lambda"))
    (source / "image_resize" / "handler.py").write_text(FLAKY)
    pipeline.apply(stack_support.built(source, tmp_path / "build"))
    try:
        ended = pipeline.run(key_body(key))
    finally:
        pipeline.apply()
    assert "SUCCEEDED" == ended["status"]
    assert [error] == pipeline.failures(ended["executionArn"])
    expected = ["ResizeImage", "WasResizeSuccessful", "SuccessState"]
    assert expected == pipeline.visited(ended["executionArn"])


def test_an_error_of_the_function_ends_in_fail_state_with_its_name(pipeline: Stack) -> None:
    """What is no refusal is caught: Error is the error's name, Cause what Lambda said."""
    pipeline.aws.lambda_.update_function_configuration(
        FunctionName=names.FUNCTION, Handler="image_resize.handler.nothing_of_the_kind"
    )
    functions.until_settled(pipeline.aws, names.FUNCTION)
    try:
        ended = pipeline.run(key_body("club2.png"))
    finally:
        pipeline.apply()
    assert ("FAILED", "Runtime.HandlerNotFound") == (ended["status"], ended["error"])
    assert "nothing_of_the_kind" in ended["cause"]
    assert ["ResizeImage", "FailState"] == pipeline.visited(ended["executionArn"])


def test_a_malformed_result_ends_in_fail_state(pipeline: Stack) -> None:
    """A result without `success` is no success, and its text is there to look at."""
    # A function of the standard library that takes two arguments and gives False.
    pipeline.aws.lambda_.update_function_configuration(
        FunctionName=names.FUNCTION, Handler="operator.contains"
    )
    functions.until_settled(pipeline.aws, names.FUNCTION)
    try:
        ended = pipeline.run(key_body("club2.png"))
    finally:
        pipeline.apply()
    expected = ("FAILED", "MalformedResult", "false")
    assert expected == (ended["status"], ended["error"], ended["cause"])
    states = ["ResizeImage", "WasResizeSuccessful", "FailState"]
    assert states == pipeline.visited(ended["executionArn"])
