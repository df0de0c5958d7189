"""A Step Functions that has some executions and counts what it is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import boto3

from tests.support.addresses import ON_AWS

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
        self.exceptions: Any = boto3.client("stepfunctions", "ca-central-1").exceptions

    def start(self, name: str, body: str = "", status: str = "SUCCEEDED") -> None:
        """An execution, a second after the one before."""
        self.executions[name] = {
            "executionArn": f"arn:{name}",
            "stateMachineArn": ON_AWS.state_machine_arn,
            "name": name,
            "status": status,
            "startDate": START + dt.timedelta(seconds=len(self.executions)),
        }
        self.inputs[f"arn:{name}"] = body

    def get_paginator(self, _: str) -> StepFunctions:
        return self

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
        known = self.executions[executionArn.removeprefix("arn:")]
        return {**known, "input": self.inputs[executionArn]}

    def describe_state_machine_for_execution(self, *, executionArn: str) -> dict[str, str]:  # noqa: N803
        assert executionArn
        return {"definition": self.definition}
