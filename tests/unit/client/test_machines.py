"""Which machines there are, and what they were given."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest
from botocore.stub import Stubber

from client import copies, machines
from client.machines import Machine
from testbed.aws import Aws

ARN: Final = "arn:aws:states:ca-central-1:000000000000:stateMachine:M"
NOW: Final = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def aws() -> Aws:
    return Aws("http://127.0.0.1:1")


def listed(name: str, kind: str = "STANDARD") -> dict[str, Any]:
    return {"stateMachineArn": f"arn:{name}", "name": name, "type": kind, "creationDate": NOW}


def test_machines_are_listed_by_name_without_copies(aws: Aws) -> None:
    """A copy is no machine to make a copy of."""
    found = [listed("b", "EXPRESS"), listed(f"{copies.PREFIX}1-b"), listed("a")]
    with Stubber(aws.stepfunctions) as stub:
        stub.add_response("list_state_machines", {"stateMachines": found}, {})
        assert [Machine("arn:a", "a", "STANDARD"), Machine("arn:b", "b", "EXPRESS")] == (
            machines.listed(aws)
        )


def test_inputs_are_those_of_the_latest_executions_each_once(aws: Aws) -> None:
    """One that is too long to be told is left out."""
    with Stubber(aws.stepfunctions) as stub:
        executions = [
            {"executionArn": f"arn:{name}", "stateMachineArn": ARN, "name": name,
             "status": "SUCCEEDED", "startDate": NOW}
            for name in "abcd"
        ]  # fmt: skip
        stub.add_response("list_executions", {"executions": executions})
        for one, given in zip(executions, ('{"n":2}', '{"n":1}', '{"n":2}', None), strict=True):
            told = one | ({"input": given} if given else {})
            stub.add_response("describe_execution", told)
        assert ['{"n":2}', '{"n":1}'] == machines.inputs(aws, Machine(ARN, "M", "STANDARD"))


def test_an_express_machine_has_no_inputs_to_offer(aws: Aws) -> None:
    """Its executions cannot be asked for, so nobody is asked."""
    with Stubber(aws.stepfunctions):
        assert [] == machines.inputs(aws, Machine(ARN, "M", "EXPRESS"))


@pytest.mark.parametrize(("name", "named"), [("", {}), ("mine", {"name": "mine"})])
def test_an_execution_is_named_if_somebody_names_it(
    aws: Aws, name: str, named: dict[str, str]
) -> None:
    """Else the service does."""
    asked = {"stateMachineArn": ARN, "input": "{}", **named}
    with Stubber(aws.stepfunctions) as stub:
        answer = {"executionArn": "arn:e", "startDate": NOW}
        stub.add_response("start_execution", answer, asked)
        assert "arn:e" == machines.start(aws, ARN, "{}", name=name)
