"""The pipeline in an emulator, made by `infra.stack` and taken away again."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from infra import package, stack
from infra.resource import Outcome
from infra.stack import Settled
from testbed import settings, waiting
from testbed.aws import Aws
from testbed.outputs import Outputs

READING = ("Get", "List", "Head", "Describe")


def built(source: Path = package.SOURCE, cache: Path = package.BUILD) -> package.Package:
    """The zip of *source* for this machine."""
    return package.build(package.host_platform(), uv=settings.uv(), source=source, cache=cache)


class Stack:
    """The stack of one emulator, and what the last run on it gave."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.rows: list[Settled] = []
        self.outputs: Outputs

    def apply(self, zipped: package.Package | None = None) -> dict[str, Outcome]:
        """Apply it; what was done, by resource."""
        zipped = zipped or built()
        self.rows = []
        self.outputs = stack.apply(
            self.aws,
            target="embedded",
            package=zipped,
            on_settled=self.rows.append,
        )
        return {row.resource: row.outcome for row in self.rows}

    def destroy(self) -> dict[str, Outcome]:
        """Destroy it; what was done, by resource."""
        self.rows = []
        stack.destroy(self.aws, on_settled=self.rows.append)
        return {row.resource: row.outcome for row in self.rows}

    def post(self, body: str | bytes, content_type: str = "application/json") -> requests.Response:
        """POST *body* to the API as it stands."""
        return requests.post(
            self.outputs.api_url,
            data=body.encode() if isinstance(body, str) else body,
            headers={"Content-Type": content_type},
            timeout=30,
        )

    def run(self, body: str) -> dict[str, Any]:
        """POST *body* and wait for the execution's end; its description."""
        answer = self.post(body)
        assert 200 == answer.status_code, answer.text
        return self.ended(answer.json()["executionArn"])

    def ended(self, execution_arn: str) -> dict[str, Any]:
        """The description of an execution when it has ended."""

        def probe() -> tuple[dict[str, Any] | None, str]:
            found: Any = self.aws.stepfunctions.describe_execution(executionArn=execution_arn)
            return (None if found["status"] == "RUNNING" else found), found["status"]

        return waiting.until(probe, f"end of {execution_arn}", timeout_s=60)

    def visited(self, execution_arn: str) -> list[str]:
        """The states that an execution entered, in order."""
        entered = (event.get("stateEnteredEventDetails") for event in self._events(execution_arn))
        return [details["name"] for details in entered if details]

    def failures(self, execution_arn: str) -> list[str]:
        """The names of the errors that attempts of an execution's task ended with, in order."""
        failed = (event.get("taskFailedEventDetails") for event in self._events(execution_arn))
        return [details["error"] for details in failed if details]

    def _events(self, execution_arn: str) -> list[Any]:
        found = self.aws.stepfunctions.get_execution_history(executionArn=execution_arn)
        return list(found["events"])


def in_emulator(aws: Aws) -> Iterator[Stack]:
    """A stack for a fixture: whole at the start, gone at the end."""
    made = Stack(aws)
    made.apply()
    yield made
    made.destroy()


@contextlib.contextmanager
def writes(aws: Aws) -> Iterator[list[str]]:
    """A list that fills with the operations that *aws* makes meanwhile, reading ones excepted."""
    seen: list[str] = []

    def note(model: Any, **_: Any) -> None:
        if not model.name.startswith(READING):
            seen.append(model.name)

    clients = [aws.client(service) for service in {each.service for each in stack.RESOURCES}]
    for client in clients:
        client.meta.events.register("before-call", note)
    try:
        yield seen
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", note)


def key_body(key: str, **more: object) -> str:
    """A request's body."""
    return json.dumps({"key": key, **more})
