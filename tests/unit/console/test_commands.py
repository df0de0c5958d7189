"""Commands that a terminal takes as they stand."""

from __future__ import annotations

import dataclasses
import shlex

from console import commands
from tests.support.addresses import ON_AWS


def test_commands_can_be_copied_as_they_stand() -> None:
    """Whatever a key holds, a shell gives it back as one word."""
    key = "bob's $(rm -rf /) ♣.png"
    cli = commands.Cli(dataclasses.replace(ON_AWS, endpoint="http://127.0.0.1:9"))
    line = cli.download("originals", key)
    assert ["awslocal", "s3", "cp", f"s3://originals/{key}", "."] == shlex.split(str(line))


def test_on_aws_the_region_is_named() -> None:
    """A shell may have another as its default."""
    line = commands.Cli(ON_AWS).executions(ON_AWS.state_machine_arn)
    assert ["aws", "--region", "ca-central-1"] == shlex.split(str(line))[:3]


def test_a_log_is_looked_for_in_the_functions_own_group() -> None:
    """By the request id as a phrase, for a pattern would take its dashes for its own."""
    words = shlex.split(str(commands.Cli(ON_AWS).log("a-b")))
    assert ["--log-group-name", "/aws/lambda/F", "--filter-pattern", '"a-b"'] == words[-4:]


def test_a_state_is_tested_with_what_stands_for_its_call() -> None:
    """And without what was not given."""
    line = commands.Cli(ON_AWS).test_state("Main", '{"a": 1}', error="Busy: why")
    assert ["make", "test-state", "STATE=Main", 'INPUT={"a": 1}', "ERROR=Busy: why"] == shlex.split(
        line
    )


def test_a_redrive_is_one_command() -> None:
    """The execution's ARN is all that it takes."""
    words = shlex.split(str(commands.Cli(ON_AWS).redrive("arn:e")))
    assert ["stepfunctions", "redrive-execution", "--execution-arn", "arn:e"] == words[-4:]


def test_a_request_to_the_api_is_told_with_what_goes_past_it() -> None:
    """What the mapping template makes of it is a call that can be made directly."""
    told = dict(commands.Cli(ON_AWS).start('{"key": "a"}').ways)
    assert ["curl", "aws, past the API", "boto3, past the API"] == list(told)
    assert commands.Cli(ON_AWS).post('{"key": "a"}') == told["curl"]
    assert "start-execution" in told["aws, past the API"]
