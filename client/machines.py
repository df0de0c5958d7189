"""The state machines there are: what each was given last, and how one is run."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from botocore.config import Config

from client import copies
from testbed.aws import Aws
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.type_defs import StartSyncExecutionOutputTypeDef

EXPRESS: Final = "EXPRESS"
LOOKED_THROUGH: Final = 20
# An Express execution takes five minutes at most (Step Functions quotas); never start it twice.
_PATIENT: Final = Config(read_timeout=310, retries={"total_max_attempts": 1})


@dataclasses.dataclass(frozen=True)
class Machine:
    """One of them.

    Attributes:
        arn: its ARN.
        name: its name.
        type: STANDARD or EXPRESS.
    """

    arn: str
    name: str
    type: str

    @property
    def express(self) -> bool:
        """Whether Step Functions keeps no execution of it."""
        return self.type == EXPRESS


def listed(aws: Aws) -> list[Machine]:
    """All of them by name, without the copies that a console has made."""
    pages = aws.stepfunctions.get_paginator("list_state_machines").paginate()
    found = [
        Machine(one["stateMachineArn"], one["name"], one["type"])
        for page in pages
        for one in page["stateMachines"]
    ]
    mine = (one for one in found if not one.name.startswith(copies.PREFIX))
    return sorted(mine, key=lambda one: one.name)


def wanted(found: list[Machine], arn: str) -> Machine:
    """The one of *found* that has this ARN.

    Raises:
        TestbedError: there is none.
    """
    for one in found:
        if one.arn == arn:
            return one
    names = ", ".join(one.name for one in found) or "none at all"
    raise TestbedError(f"there is no state machine {arn}; there are {names}")


def inputs(aws: Aws, machine: Machine) -> list[str]:
    """What the latest executions were given, JSON texts, each once and the latest first.

    None of an Express machine: nobody keeps them.
    """
    if machine.express:
        return []
    latest = aws.stepfunctions.list_executions(
        stateMachineArn=machine.arn, maxResults=LOOKED_THROUGH
    )["executions"]
    described = (
        aws.stepfunctions.describe_execution(executionArn=one["executionArn"]) for one in latest
    )
    given = (one.get("input") for one in described)
    return list(dict.fromkeys(text for text in given if text))


def start(aws: Aws, machine_arn: str, given: str, *, name: str = "") -> str:
    """Start an execution with the input *given*, called *name* or as the service likes; its ARN."""
    named = {"name": name} if name else {}
    return aws.stepfunctions.start_execution(stateMachineArn=machine_arn, input=given, **named)[
        "executionArn"
    ]


def run_express(aws: Aws, machine_arn: str, given: str) -> StartSyncExecutionOutputTypeDef:
    """Run an Express machine to its end; what StartSyncExecution answers is all that there is."""
    patient = Aws(aws.endpoint, aws.region, _PATIENT)
    return patient.stepfunctions.start_sync_execution(stateMachineArn=machine_arn, input=given)
