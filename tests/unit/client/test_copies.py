"""Copies of state machines: what they have of the machine, and how they go."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest
from botocore.stub import ANY, Stubber

from client import copies
from testbed.aws import Aws

ARN: Final = "arn:aws:states:ca-central-1:000000000000:stateMachine:M"
NOW: Final = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
OURS: Final = [
    {"key": key, "value": value} for key, value in (copies.TAGS | {copies.TAG_KEY: "M"}).items()
]


@pytest.fixture
def aws() -> Aws:
    return Aws("http://127.0.0.1:1")


def test_a_copy_has_role_and_type_of_the_machine(aws: Aws) -> None:
    """A definition and a name of its own, which fits, and a tag that tells of what it is one."""
    described = {
        "stateMachineArn": ARN,
        "name": "M" * 80,
        "definition": "{}",
        "roleArn": "arn:aws:iam::000000000000:role/r",
        "type": "EXPRESS",
        "creationDate": NOW,
    }
    seen: dict[str, Any] = {}
    with Stubber(aws.stepfunctions) as stub:
        stub.add_response("describe_state_machine", described, {"stateMachineArn": ARN})
        asked = dict.fromkeys(("name", "definition", "roleArn", "type", "tags"), ANY)
        answer = {"stateMachineArn": "arn:copy", "creationDate": NOW}
        stub.add_response("create_state_machine", answer, asked)
        aws.stepfunctions.meta.events.register(
            "provide-client-params.sfn.CreateStateMachine", lambda params, **_: seen.update(params)
        )
        assert "arn:copy" == copies.create(aws, ARN, '{"mine": 1}')
    assert ('{"mine": 1}', described["roleArn"], "EXPRESS") == (
        seen["definition"],
        seen["roleArn"],
        seen["type"],
    )
    assert seen["name"].startswith(copies.PREFIX)
    assert 80 == len(seen["name"])
    assert {"key": copies.TAG_KEY, "value": "M" * 80} in seen["tags"]


def test_what_runs_of_a_copy_is_stopped_first(aws: Aws) -> None:
    """Else it would be there for as long as that runs."""
    running = {
        "executionArn": "arn:e",
        "stateMachineArn": "arn:copy",
        "name": "e",
        "status": "RUNNING",
        "startDate": NOW,
    }
    with Stubber(aws.stepfunctions) as stub:
        asked = {"stateMachineArn": "arn:copy", "statusFilter": "RUNNING"}
        stub.add_response("list_executions", {"executions": [running]}, asked)
        stub.add_response(
            "stop_execution", {"stopDate": NOW}, {"executionArn": "arn:e", "error": copies.STOPPED}
        )
        stub.add_response("delete_state_machine", {}, {"stateMachineArn": "arn:copy"})
        copies.remove(aws, "arn:copy")
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["StateMachineTypeNotSupported", "StateMachineDoesNotExist"])
def test_a_copy_whose_executions_nobody_tells_is_removed_all_the_same(aws: Aws, code: str) -> None:
    """An Express one, or one that somebody else has removed."""
    with Stubber(aws.stepfunctions) as stub:
        stub.add_client_error("list_executions", code)
        stub.add_response("delete_state_machine", {}, {"stateMachineArn": "arn:copy"})
        copies.remove(aws, "arn:copy")
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("name", "age", "tags", "left"),
    [
        (f"{copies.PREFIX}1-M", copies.LEFT_AFTER * 2, OURS, True),
        (f"{copies.PREFIX}1-M", copies.LEFT_AFTER / 2, OURS, False),
        (f"{copies.PREFIX}1-M", copies.LEFT_AFTER * 2, OURS[:1], False),
        ("M", copies.LEFT_AFTER * 2, OURS, False),
    ],
)
def test_an_old_copy_that_does_not_run_was_left_behind(
    aws: Aws,
    name: str,
    age: dt.timedelta,
    tags: list[dict[str, str]],
    left: bool,  # noqa: FBT001
) -> None:
    """By a console that was killed; what only has such a name is somebody else's."""
    one = {"stateMachineArn": "arn:1", "name": name, "type": "STANDARD", "creationDate": NOW - age}
    with Stubber(aws.stepfunctions) as stub:
        stub.add_response("list_state_machines", {"stateMachines": [one]})
        stub.add_response("list_executions", {"executions": []})
        stub.add_response("list_tags_for_resource", {"tags": tags})
        assert (["arn:1"] if left else []) == copies.abandoned(aws, NOW)
