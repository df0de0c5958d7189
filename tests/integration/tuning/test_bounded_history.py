"""Ended executions beyond the bound are forgotten, in a real emulator."""

from __future__ import annotations

import json
from typing import Any

import pytest

from testbed import waiting
from tests.integration.conftest import Configured
from tests.support.functions import ROLE

STEP = 100  # they are forgotten in steps of so many


def test_the_oldest_are_forgotten(configured: Configured) -> None:
    """The newest and the running are there; the oldest does not exist any more, as on AWS."""
    kept, states = configured.kept_executions, configured.aws.stepfunctions
    waits = _machine(states, "waits", {"Type": "Wait", "Seconds": 600, "End": True})
    passes = _machine(states, "passes", {"Type": "Pass", "End": True})
    running = states.start_execution(stateMachineArn=waits)["executionArn"]
    ended = [_run(states, passes) for _ in range(kept + STEP + 1)]
    listed = states.list_executions(stateMachineArn=passes, maxResults=1000)["executions"]
    arns = {execution["executionArn"] for execution in listed}
    assert kept <= len(arns) <= kept + STEP
    assert ended[-1] in arns
    assert "RUNNING" == states.describe_execution(executionArn=running)["status"]
    with pytest.raises(states.exceptions.ExecutionDoesNotExist):
        states.describe_execution(executionArn=ended[0])


def _machine(states: Any, name: str, state: dict[str, Any]) -> str:
    definition = json.dumps({"StartAt": "Only", "States": {"Only": state}})
    made = states.create_state_machine(name=name, definition=definition, roleArn=ROLE)
    return str(made["stateMachineArn"])


def _run(states: Any, machine: str) -> str:
    arn: str = states.start_execution(stateMachineArn=machine)["executionArn"]

    def probe() -> tuple[bool | None, str]:
        status = states.describe_execution(executionArn=arn)["status"]
        return (None if status == "RUNNING" else True), status

    waiting.until(probe, "the execution's end", timeout_s=20, interval_s=0.005)
    return arn
