"""The command that shows, in a terminal, what a page shows: "show me the command"."""

from __future__ import annotations

import dataclasses
import json
import shlex
from typing import TYPE_CHECKING

from testbed import names

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

    def redrive(self, arn: str) -> str:
        """Have an unsuccessful execution go on where it stopped."""
        return self.line("stepfunctions", "redrive-execution", "--execution-arn", arn)

    def executions(self, machine_arn: str) -> str:
        """The executions of a state machine."""
        return self.line("stepfunctions", "list-executions", "--state-machine-arn", machine_arn)

    def log(self, request_id: str) -> str:
        """The log lines that name an invocation."""
        group = names.log_group(self.outputs.function_name)
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

    def trace(self, name: str) -> str:
        """The trace of an execution."""
        return shlex.join(["make", "trace", f"ID={name}"])

    def test_state(self, name: str, given: str, mock: str = "", error: str = "") -> str:
        """The test of a state, with a mocked result or error where there is one."""
        words = [("STATE", name), ("INPUT", given), ("MOCK", mock), ("ERROR", error)]
        return shlex.join(["make", "test-state", *(f"{key}={text}" for key, text in words if text)])
