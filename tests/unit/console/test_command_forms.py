"""One call for the AWS CLI, boto3 and curl; tests/e2e/test_shown_commands.py runs them."""

from __future__ import annotations

import dataclasses
import shlex

import pytest

from console import command_forms
from console.command_forms import ApiCall
from tests.support.addresses import ON_AWS

LOCAL = dataclasses.replace(ON_AWS, endpoint="http://127.0.0.1:9")
KEY = "bob's $(rm -rf /) ♣.png"


def ways(*words: str, local: bool = True) -> dict[str, str]:
    return dict(command_forms.aws(LOCAL if local else ON_AWS, *words).ways)


def test_a_call_is_told_in_three_ways() -> None:
    """The first is a shell's, and what the command is as a text."""
    told = command_forms.aws(
        LOCAL, "stepfunctions", "describe-execution", "--execution-arn", "arn:e"
    )
    assert ["awslocal", "boto3", "curl"] == [name for name, _ in told.ways]
    assert "awslocal stepfunctions describe-execution --execution-arn arn:e" == str(told)
    call = "print(boto3.client('stepfunctions').describe_execution(executionArn='arn:e'))"
    assert f"import boto3\n\n{call}" == dict(told.ways)["boto3"]
    words = shlex.split(dict(told.ways)["curl"])
    assert ["curl", "-sS", "--aws-sigv4", "aws:amz:ca-central-1:states"] == words[:4]
    assert "X-Amz-Target: AWSStepFunctions.DescribeExecution" in words
    assert ["-d", '{"executionArn": "arn:e"}', "http://127.0.0.1:9/"] == words[-3:]


def test_on_aws_the_region_the_service_and_the_session_are_named() -> None:
    """The variables are the shell's own: no key stands in a command."""
    told = ways("stepfunctions", "list-state-machines", local=False)
    assert told["aws"].startswith("aws --region ca-central-1 ")
    assert "boto3.client('stepfunctions', region_name='ca-central-1')" in told["boto3"]
    assert told["curl"].endswith(" https://states.ca-central-1.amazonaws.com/")
    assert '-H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"' in told["curl"]


def test_a_service_of_the_whole_world_has_one_place() -> None:
    """IAM is asked, and signed for, in us-east-1."""
    told = ways("iam", "get-role", "--role-name", "R", local=False)["curl"]
    assert "aws:amz:us-east-1:iam" in told
    assert ["-d", "Action=GetRole&Version=2010-05-08&RoleName=R"] == shlex.split(told)[-3:-1]
    assert told.endswith(" https://iam.amazonaws.com/")


@pytest.mark.parametrize("name", ["curl", "awslocal"])
def test_whatever_a_key_holds_a_shell_gives_it_back_as_one_word(name: str) -> None:
    """And boto3's way is a text of Python."""
    told = ways("s3", "cp", f"s3://b/{KEY}", ".")
    words = shlex.split(told[name])
    assert "rm" not in words
    assert KEY in told["boto3"].replace('"', "")


def test_objects_are_listed_and_saved_by_the_clis_own_words() -> None:
    """Which stand for operations of S3."""
    assert ApiCall("s3", "ListObjectsV2", {"Bucket": "b"}) == command_forms.read(
        ["s3", "ls", "s3://b"]
    )
    listed = command_forms.read(["s3", "ls", "s3://b/pre/fix"])
    assert ApiCall("s3", "ListObjectsV2", {"Bucket": "b", "Prefix": "pre/fix"}) == listed
    assert ways("s3", "ls", "s3://b")["curl"].endswith("'http://127.0.0.1:9/b?list-type=2'")
    saved = command_forms.read(["s3", "cp", "s3://b/in/a.png", "."])
    assert saved is not None
    assert {"Bucket": "b", "Key": "in/a.png"} == saved.parameters
    assert "download_file('b', 'in/a.png', " in command_forms.python(LOCAL, saved)
    assert f"-o {saved.saved_as}" in command_forms.curl(LOCAL, saved)


def test_a_number_is_a_number() -> None:
    """The CLI has texts alone; boto3 and JSON do not."""
    words = ["logs", "filter-log-events", "--log-group-name", "g", "--limit", "5"]
    call = command_forms.read(words)
    assert call is not None
    assert {"logGroupName": "g", "limit": 5} == call.parameters


@pytest.mark.parametrize(
    "words",
    [
        ["make", "trace"],
        ["s3", "sync", "s3://b"],
        ["lambda", "no-such-operation"],
        ["lambda", "get-function", "--no-such-option", "x"],
        ["lambda", "get-function", "--function-name"],
    ],
)
def test_what_is_no_single_call_has_the_shells_way_alone(words: list[str]) -> None:
    """Nothing is made up."""
    assert command_forms.read(words) is None
    assert ["awslocal"] == list(ways(*words))
