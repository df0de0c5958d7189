"""A Step Functions that has some executions and counts what it is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import boto3

from tests.support.addresses import ON_AWS

ARNS: Final = f"{ON_AWS.state_machine_arn}:"
START: Final = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)


class StepFunctions:
    """Gives its executions as boto3's client does, the latest first."""

    def __init__(self) -> None:
        self.executions: dict[str, dict[str, Any]] = {}
        self.inputs: dict[str, str] = {}
        self.listed: list[int] = []
        self.described: list[str] = []
        self.failure: Exception | None = None
        self.definition = ""
        self.machines = [
            {"stateMachineArn": ON_AWS.state_machine_arn, "name": "M", "type": "STANDARD"}
        ]
        self.exceptions: Any = boto3.client("stepfunctions", "ca-central-1").exceptions

    def start(self, name: str, body: str = "", status: str = "SUCCEEDED") -> None:
        """An execution, a second after the one before."""
        self.executions[name] = {
            "executionArn": f"{ARNS}{name}",
            "stateMachineArn": ON_AWS.state_machine_arn,
            "name": name,
            "status": status,
            "startDate": START + dt.timedelta(seconds=len(self.executions)),
        }
        self.inputs[f"{ARNS}{name}"] = body

    def get_paginator(self, operation: str) -> Any:
        return self if operation == "list_executions" else _Machines(self.machines)

    def paginate(
        self,
        *,
        stateMachineArn: str,  # noqa: N803 - boto3's names
        PaginationConfig: dict[str, int],  # noqa: N803
    ) -> Iterator[dict[str, Any]]:
        assert ON_AWS.state_machine_arn == stateMachineArn
        most = PaginationConfig["MaxItems"]
        self.listed.append(most)
        yield {"executions": list(reversed(self.executions.values()))[:most]}

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803
        if self.failure is not None:
            raise self.failure
        self.described.append(executionArn)
        known = self.executions[executionArn.removeprefix(ARNS)]
        return {**known, "input": self.inputs[executionArn]}

    def describe_state_machine_for_execution(self, *, executionArn: str) -> dict[str, str]:  # noqa: N803
        assert executionArn
        return {"definition": self.definition}


class _Machines:
    """The pages of ListStateMachines."""

    def __init__(self, machines: list[dict[str, Any]]) -> None:
        self._machines = machines

    def paginate(self) -> Iterator[dict[str, Any]]:
        yield {"stateMachines": self._machines}
