"""Step Functions Local's mock configuration file, honoured.

AWS's Developer Guide, "Using mocked service integrations for testing in Step Functions Local".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from tests.integration.conftest import Configured
from tests.integration.parity.conftest import ROLE, Machines

MACHINE: Final = {
    "StartAt": "Main",
    "States": {
        "Main": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "is-not-here", "Payload.$": "$"},
            "OutputPath": "$.Payload",
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 2}],
            "End": True,
        }
    },
}
THROW: Final = {"Throw": {"Error": "Busy", "Cause": "why"}}
FILE: Final = {
    "StateMachines": {
        "Tested": {"TestCases": {"Retried": {"Main": "Later"}, "Lost": {"Main": "Never"}}}
    },
    "MockedResponses": {
        "Later": {"0": THROW, "1": {"Return": {"Payload": {"cup": 1}}}},
        "Never": {"0": {"Throw": {"Error": "Cold", "Cause": "why"}}},
    },
}


@pytest.fixture(scope="module")
def mocked(configured: Configured) -> Iterator[tuple[Machines, Path, str]]:
    """An emulator with such a file, and the machine that it is for."""
    configured.mock_file.write_text(json.dumps(FILE))
    machines = Machines(configured.aws, configured.endpoint)
    arn = machines.aws.stepfunctions.create_state_machine(
        name="Tested", definition=json.dumps(MACHINE), roleArn=ROLE
    )["stateMachineArn"]
    yield machines, configured.mock_file, arn
    configured.mock_file.unlink()


@pytest.mark.parametrize(
    ("case", "status", "told"),
    [
        ("Retried", "SUCCEEDED", {"output": '{"cup":1}'}),
        ("Lost", "FAILED", {"error": "Cold", "cause": "why"}),
    ],
)
def test_an_execution_asks_for_a_test_case(
    mocked: tuple[Machines, Path, str], case: str, status: str, told: dict[str, Any]
) -> None:
    """By ``<ARN>#<TestCase>``: what each attempt gives or throws is the file's."""
    machines, _, arn = mocked
    ended = machines.run(f"{arn}#{case}", {})
    assert status == ended["status"]
    assert told == {name: ended[name] for name in told}


def test_a_test_case_that_is_not_there_is_named(mocked: tuple[Machines, Path, str]) -> None:
    """As is a file that is none any more; it is read anew when it has changed."""
    machines, file, arn = mocked
    with pytest.raises(ClientError, match=r"InvalidName.*No definitions for test case 'Nope'"):
        machines.run(f"{arn}#Nope", {})
    file.write_text(json.dumps({**FILE, "MockedResponses": {"Later": {"0": {}}}}))
    with pytest.raises(ClientError, match=r"InvalidName.*MockedResponses\.Later\.0: .*Return"):
        machines.run(f"{arn}#Retried", {})
