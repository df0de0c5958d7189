"""A tuned emulator does what an untuned one does, in every detail that a user can see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from emulator import embedded
from testbed import waiting
from testbed.aws import Aws
from testbed.errors import EmulatorError
from tests.support import functions
from tests.support.functions import ROLE

FUNCTION = "def handler(event, context):\n    return {'n': event['n'], 'ok': event['n'] < 3}"
INPUTS = [{"n": 1}, {"n": 5}, {"other": 1}, {"n": 2}, {"n": 1}]


def machine(function_arn: str) -> str:
    """Paths of every kind: parameters, result, choice, output, an intrinsic function."""
    invoke = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function_arn, "Payload": {"n.$": "$.n"}},
        "ResultSelector": {"ok.$": "$.Payload.ok", "all.$": "States.Array($.Payload.n)"},
        "ResultPath": "$.result",
        "Next": "Choose",
    }
    choose = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.result.ok", "BooleanEquals": True, "Next": "Good"}],
        "Default": "Bad",
    }
    good = {"Type": "Pass", "InputPath": "$.result", "OutputPath": "$.all", "End": True}
    bad = {"Type": "Fail", "ErrorPath": "$.missing", "Cause": "no"}
    states = {"Invoke": invoke, "Choose": choose, "Good": good, "Bad": bad}
    return json.dumps({"StartAt": "Invoke", "States": states})


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What the same executions leave behind, by the value of TUNING."""
    return {value: _histories(value, tmp_path_factory.mktemp(value)) for value in ("off", "all")}


def test_histories_are_the_same(histories: dict[str, list[Any]]) -> None:
    """Statuses, outputs, errors, causes and every event agree, but for ids and times."""
    assert histories["off"] == histories["all"]


def test_the_executions_were_worth_comparing(histories: dict[str, list[Any]]) -> None:
    """Some succeeded and some failed."""
    assert {"SUCCEEDED", "FAILED"} == {entry["status"] for entry in histories["all"]}


def test_a_word_that_is_no_measure_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TUNING=quick fails the start, with what is allowed."""
    monkeypatch.setenv("TUNING", "quick")
    with pytest.raises(EmulatorError, match=r"(?s)TUNING='quick'.*jsonpath_cache"):
        embedded.start(tmp_path / "state", port=None, tied=True)


def _histories(tuning: str, state_dir: Path) -> list[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUNING", tuning)
        started = embedded.start(state_dir, port=None, tied=True)
    try:
        aws = Aws(endpoint=started.endpoint)
        name = functions.make(aws, FUNCTION)
        arn = aws.lambda_.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
        made = aws.stepfunctions.create_state_machine(
            name="m", roleArn=ROLE, definition=machine(arn)
        )
        return [_run(aws, made["stateMachineArn"], value, name) for value in INPUTS]
    finally:
        embedded.stop(state_dir)


def _run(aws: Aws, machine_arn: str, value: Any, name: str) -> dict[str, Any]:
    execution = aws.stepfunctions.start_execution(
        stateMachineArn=machine_arn, input=json.dumps(value)
    )["executionArn"]

    def probe() -> tuple[dict[str, Any] | None, str]:
        found: dict[str, Any] = dict(aws.stepfunctions.describe_execution(executionArn=execution))
        return (None if found["status"] == "RUNNING" else found), found["status"]

    found = waiting.until(probe, "the execution's end", timeout_s=30)
    events = aws.stepfunctions.get_execution_history(executionArn=execution)["events"]
    seen = {key: found.get(key) for key in ("status", "output", "error", "cause")}
    seen["events"] = [_timeless(event, name) for event in events]
    return seen


def _timeless(event: Any, name: str) -> Any:
    """An event without its time, and without what is new each time: names, ids, payload echoes."""
    text = json.dumps({k: v for k, v in event.items() if k != "timestamp"}, default=str)
    kept = json.loads(text.replace(name, "F"))
    for details in kept.values():
        if isinstance(details, dict):
            details.pop("output", None)
            details.pop("cause", None)
    return kept
