"""An execution that is redriven, for tests: what is asked of it, and what its history tells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from testbed import waiting

if TYPE_CHECKING:
    from tests.integration.parity.conftest import Machines

FAIL: Final[dict[str, Any]] = {
    "StartAt": "F",
    "States": {"F": {"Type": "Fail", "Error": "No", "Cause": "never"}},
}
WAIT: Final = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 30, "End": True}}}


def look(bucket: str, **fields: Any) -> dict[str, Any]:
    """A task that fails until there is a bucket with that name."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:getBucketLocation",
        "Parameters": {"Bucket.$" if bucket.startswith("$") else "Bucket": bucket},
        "ResultPath": "$.found",
        **(fields or {"End": True}),
    }


def alone(state: dict[str, Any], name: str = "Only", **machine: Any) -> dict[str, Any]:
    return {"StartAt": name, "States": {name: state}, **machine}


def make(machines: Machines, bucket: str) -> None:
    machines.aws.s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
    )


class Redriven:
    """One execution: what is asked of it."""

    def __init__(self, machines: Machines, definition: dict[str, Any], event: Any = None) -> None:
        self.machines, self.client = machines, machines.aws.stepfunctions
        self.machine = machines.make(definition)
        self.arn = self.client.start_execution(
            stateMachineArn=self.machine, input=json.dumps({} if event is None else event)
        )["executionArn"]

    def ended(self, status: str = "FAILED") -> dict[str, Any]:
        found = self.machines.ended(self.arn)
        assert status == found["status"], found.get("cause")
        return found

    def again(self, status: str | None = "SUCCEEDED", **token: str) -> dict[str, Any]:
        self.client.redrive_execution(executionArn=self.arn, **token)
        return {} if status is None else self.ended(status)

    def refused(self) -> str:
        with pytest.raises(self.client.exceptions.ExecutionNotRedrivable) as caught:
            self.client.redrive_execution(executionArn=self.arn)
        message: str = caught.value.response["Error"]["Message"]
        return message.removeprefix(f"Execution {self.arn} invalid for redrive as: ")

    def events(self) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("get_execution_history").paginate(executionArn=self.arn)
        found: list[Any] = [event for page in pages for event in page["events"]]
        assert list(range(1, len(found) + 1)) == [event["id"] for event in found]
        return found

    def after(self) -> list[dict[str, Any]]:
        """The events from the last ExecutionRedriven on."""
        events = self.events()
        return events[max(e["id"] for e in events if e["type"] == "ExecutionRedriven") - 1 :]

    def wait_for(self, kind: str, count: int = 1) -> None:
        def probe() -> tuple[Any, str]:
            seen = [event["type"] for event in self.events()]
            return (seen.count(kind) >= count or None), str(seen[-1:])

        waiting.until(probe, f"{count} {kind}", timeout_s=20)


def links(events: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(event["type"], event["previousEventId"]) for event in events]


def entered(events: list[dict[str, Any]]) -> list[str]:
    return [e["stateEnteredEventDetails"]["name"] for e in events if "Entered" in e["type"]]
