"""The command that shows, in a terminal, what a page shows: "show me the command"."""

from __future__ import annotations

import dataclasses
import json
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from testbed.outputs import Outputs


@dataclasses.dataclass(frozen=True)
class Cli:
    """Commands for one testbed; each can be copied into a shell as it stands.

    For an emulator that shell has run ``eval "$(make env)"``, which puts awslocal on its PATH.
    """

    outputs: Outputs

    def line(self, *words: str) -> str:
        """``aws`` and *words*, quoted for a shell."""
        if self.outputs.endpoint is not None:
            return shlex.join(["awslocal", *words])
        return shlex.join(["aws", "--region", self.outputs.region, *words])

    def post(self, body: str, content_type: str = "application/json") -> str:
        """The request to the API, by curl."""
        return shlex.join(
            ["curl", "-sS", self.outputs.api_url, "-H", f"Content-Type: {content_type}", "-d", body]
        )

    def describe_execution(self, arn: str) -> str:
        """Status, input and output of an execution."""
        return self.line("stepfunctions", "describe-execution", "--execution-arn", arn)

    def history(self, arn: str) -> str:
        """The events of an execution."""
        return self.line("stepfunctions", "get-execution-history", "--execution-arn", arn)

    def executions(self, status: str | None = None) -> str:
        """The executions of the state machine."""
        wanted = ["--status-filter", status] if status else []
        arn = self.outputs.state_machine_arn
        return self.line("stepfunctions", "list-executions", "--state-machine-arn", arn, *wanted)

    def log(self, request_id: str) -> str:
        """The log lines that name an invocation."""
        group = f"/aws/lambda/{self.outputs.function_name}"
        pattern = json.dumps(request_id)
        return self.line(
            "logs", "filter-log-events", "--log-group-name", group, "--filter-pattern", pattern
        )

    def list_objects(self, bucket: str) -> str:
        """The objects of a bucket."""
        return self.line("s3", "ls", f"s3://{bucket}")

    def download(self, bucket: str, key: str) -> str:
        """An object as a file here."""
        return self.line("s3", "cp", f"s3://{bucket}/{key}", ".")

    def make(self, target: str, **variables: str) -> str:
        """A command of this project."""
        return shlex.join(
            ["make", target, *(f"{name}={value}" for name, value in variables.items())]
        )
