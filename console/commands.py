"""The command that shows, in a terminal, what a page shows: "show me the command"."""

from __future__ import annotations

import dataclasses
import json
import shlex
from typing import TYPE_CHECKING

from console import command_forms
from console.command_forms import ShownCommand
from testbed import names

if TYPE_CHECKING:
    from testbed.outputs import Outputs


@dataclasses.dataclass(frozen=True)
class Cli:
    """Commands for one testbed; each can be copied into a shell as it stands.

    For an emulator that shell has run ``eval "$(make env)"``, which puts awslocal on its PATH.
    """

    outputs: Outputs

    def line(self, *words: str) -> ShownCommand:
        """The command of the AWS CLI that *words* are, and the same for boto3 and curl."""
        return command_forms.aws(self.outputs, *words)

    def post(self, body: str, content_type: str = "application/json") -> str:
        """The request to the API, by curl."""
        return shlex.join(
            ["curl", "-sS", self.outputs.api_url, "-H", f"Content-Type: {content_type}", "-d", body]
        )

    def start(self, body: str, content_type: str = "application/json") -> ShownCommand:
        """The request to the API; and what the API makes of it, for who goes past it."""
        arn = self.outputs.state_machine_arn
        words = ("--state-machine-arn", arn, "--input", body)
        past = self.line("stepfunctions", "start-execution", *words)
        aside = tuple((f"{name}, past the API", text) for name, text in past.ways if name != "curl")
        return ShownCommand((("curl", self.post(body, content_type)), *aside))

    def describe_execution(self, arn: str) -> ShownCommand:
        """Status, input and output of an execution."""
        return self.line("stepfunctions", "describe-execution", "--execution-arn", arn)

    def history(self, arn: str) -> ShownCommand:
        """The events of an execution."""
        return self.line("stepfunctions", "get-execution-history", "--execution-arn", arn)

    def redrive(self, arn: str) -> ShownCommand:
        """Have an unsuccessful execution go on where it stopped."""
        return self.line("stepfunctions", "redrive-execution", "--execution-arn", arn)

    def executions(self, machine_arn: str) -> ShownCommand:
        """The executions of a state machine."""
        return self.line("stepfunctions", "list-executions", "--state-machine-arn", machine_arn)

    def log(self, request_id: str) -> ShownCommand:
        """The log lines that name an invocation."""
        group = names.log_group(self.outputs.function_name)
        pattern = json.dumps(request_id)
        return self.line(
            "logs", "filter-log-events", "--log-group-name", group, "--filter-pattern", pattern
        )

    def list_objects(self, bucket: str) -> ShownCommand:
        """The objects of a bucket."""
        return self.line("s3", "ls", f"s3://{bucket}")

    def download(self, bucket: str, key: str) -> ShownCommand:
        """An object as a file here."""
        return self.line("s3", "cp", f"s3://{bucket}/{key}", ".")

    def trace(self, name: str) -> str:
        """The trace of an execution."""
        return shlex.join(["make", "trace", f"ID={name}"])

    def test_state(self, name: str, given: str, mock: str = "", error: str = "") -> str:
        """The test of a state, with a mocked result or error where there is one."""
        words = [("STATE", name), ("INPUT", given), ("MOCK", mock), ("ERROR", error)]
        return shlex.join(["make", "test-state", *(f"{key}={text}" for key, text in words if text)])
