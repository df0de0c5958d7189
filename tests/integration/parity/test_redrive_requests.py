"""RedriveExecution: who may redrive what, and what is told of it."""

from __future__ import annotations

import concurrent.futures
import json

import pytest
from botocore.exceptions import ClientError

from tests.integration.parity.conftest import PASS, ROLE, Machines
from tests.support.redriven import FAIL, WAIT, Redriven, look, make


def test_what_is_told_of_a_redriven_execution(machines: Machines) -> None:
    """No end while it runs; the failure is forgotten, and told again when it fails again."""
    states = {"Wait": {"Type": "Wait", "Seconds": 1, "Next": "F"}, **FAIL["States"]}
    run = Redriven(machines, {"StartAt": "Wait", "States": states})
    run.client.stop_execution(executionArn=run.arn, error="Mine", cause="because")
    first = run.ended("ABORTED")
    run.again(None)
    found = run.client.describe_execution(executionArn=run.arn)
    assert ("RUNNING", "NOT_REDRIVABLE", 1) == (
        found["status"],
        found["redriveStatus"],
        found["redriveCount"],
    )
    assert "Execution is RUNNING and cannot be redriven" == found["redriveStatusReason"]
    assert {"stopDate", "error", "cause"}.isdisjoint(found)
    assert first["stopDate"] < found["redriveDate"]
    again = run.ended()
    assert ("No", "never", "REDRIVABLE") == (again["error"], again["cause"], again["redriveStatus"])
    assert first["startDate"] == again["startDate"]
    assert again["redriveDate"] < again["stopDate"]
    (listed,) = run.client.list_executions(stateMachineArn=run.machine)["executions"]
    assert (1, again["redriveDate"]) == (listed["redriveCount"], listed["redriveDate"])


def test_a_redriven_one_can_be_stopped_and_redriven(machines: Machines) -> None:
    """Stopped at once, ten times over; each time it is ABORTED and goes on."""
    run = Redriven(machines, WAIT)
    run.client.stop_execution(executionArn=run.arn)
    run.ended("ABORTED")
    for count in range(1, 11):
        run.again(None)
        run.client.stop_execution(executionArn=run.arn, error=f"E{count}")
        assert count == run.ended("ABORTED")["redriveCount"]
    kinds = [event["type"] for event in run.events()]
    assert 11 == kinds.count("ExecutionAborted")
    assert 1 == kinds.count("WaitStateEntered")


def test_of_many_at_once_one_redrives(machines: Machines) -> None:
    """The others are told that it runs."""
    run = Redriven(machines, WAIT)
    run.client.stop_execution(executionArn=run.arn)
    run.ended("ABORTED")

    def redrive(_: int) -> str:
        try:
            run.client.redrive_execution(executionArn=run.arn)
        except ClientError as error:
            return error.response["Error"]["Code"]
        return "redriven"

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(redrive, range(8)))
    run.client.stop_execution(executionArn=run.arn)
    assert ["ExecutionNotRedrivable"] * 7 + ["redriven"] == answers
    assert 1 == run.ended("ABORTED")["redriveCount"]


def test_a_client_token_redrives_once(machines: Machines) -> None:
    """Whatever became of the execution; a refused request does not use its token up (recorded)."""
    run = Redriven(machines, WAIT)
    redrive = run.client.redrive_execution

    def stop() -> None:
        run.client.stop_execution(executionArn=run.arn)
        run.ended("ABORTED")

    stop()
    first = redrive(executionArn=run.arn, clientToken="A")["redriveDate"]
    assert first == redrive(executionArn=run.arn, clientToken="A")["redriveDate"]
    with pytest.raises(run.client.exceptions.ExecutionNotRedrivable):
        redrive(executionArn=run.arn, clientToken="B")
    stop()
    assert first == redrive(executionArn=run.arn, clientToken="A")["redriveDate"]
    assert 1 == run.ended("ABORTED")["redriveCount"]
    assert first < redrive(executionArn=run.arn, clientToken="B")["redriveDate"]
    assert first == redrive(executionArn=run.arn, clientToken="A")["redriveDate"]
    stop()


def test_what_cannot_be_redriven_is_refused_for_the_reason_that_is_told(
    machines: Machines,
) -> None:
    """Runs, succeeded, or its machine is gone."""
    run = Redriven(machines, WAIT)
    assert "Execution is RUNNING and cannot be redriven" == run.refused()
    run.client.stop_execution(executionArn=run.arn)
    done = Redriven(machines, PASS)
    done.ended("SUCCEEDED")
    assert "Execution is SUCCEEDED and cannot be redriven" == done.refused()
    run.ended("ABORTED")
    run.client.delete_state_machine(stateMachineArn=run.machine)
    found = run.client.describe_execution(executionArn=run.arn)
    assert run.refused() == found["redriveStatusReason"] == "State machine is in DELETING status"


def test_what_is_no_execution_cannot_be_redriven(machines: Machines) -> None:
    """Another's name, an Express one's, no ARN at all, a token with blanks (the first recorded)."""
    client = machines.aws.stepfunctions
    missing = machines.make(PASS).replace(":stateMachine:", ":execution:") + ":missing"
    express = missing.replace(":execution:", ":express:") + ":e036ca4a-4902-4d6b-b9b8-0fabb1a646c3"
    asked: list[tuple[dict[str, str], str, str]] = [
        ({"executionArn": missing}, "ExecutionDoesNotExist", f"Does Not Exist: '{missing}'"),
        ({"executionArn": express}, "InvalidArn", "not valid in this context: express'"),
        ({"executionArn": "no"}, "InvalidArn", "Invalid ARN prefix: no"),
        (
            {"executionArn": missing, "clientToken": "a b"},
            "ValidationException",
            "Value 'a b' at 'clientToken' failed to satisfy constraint",
        ),
    ]
    for request, code, text in asked:
        with pytest.raises(ClientError) as caught:
            client.redrive_execution(**request)
        error = caught.value.response["Error"]
        assert code == error["Code"]
        assert text in error["Message"]


def test_executions_of_a_machine_are_not_filtered_by_redrives(machines: Machines) -> None:
    """The filter is for Map Runs (recorded)."""
    with pytest.raises(ClientError, match="RedriveFilter cannot be applied to ListExecutions call"):
        machines.aws.stepfunctions.list_executions(
            stateMachineArn=machines.make(PASS), redriveFilter="REDRIVEN"
        )


def test_the_definition_is_that_of_the_first_attempt(machines: Machines, bucket: str) -> None:
    """An update does not reach it; of a version, the version's."""
    client = machines.aws.stepfunctions
    states = {"Look": look(bucket, Next="Tell"), "Tell": {"Type": "Pass", "Result": "first"}}
    states["Tell"]["End"] = True
    run = Redriven(machines, {"StartAt": "Look", "States": states})
    run.ended()
    version = client.publish_state_machine_version(stateMachineArn=run.machine)
    arn = version["stateMachineVersionArn"]
    pinned = client.start_execution(stateMachineArn=arn)["executionArn"]
    machines.ended(pinned)
    client.update_state_machine(stateMachineArn=run.machine, definition=json.dumps(PASS))
    make(machines, bucket)
    assert '"first"' == run.again()["output"]
    client.redrive_execution(executionArn=pinned)
    found = machines.ended(pinned)
    assert ('"first"', arn) == (found["output"], found["stateMachineVersionArn"])


def test_roles_are_kept(machines: Machines) -> None:
    """An execution keeps its role, whatever the machine's is now."""
    run = Redriven(machines, FAIL)
    run.ended()
    run.client.update_state_machine(stateMachineArn=run.machine, roleArn=f"{ROLE}-other")
    run.again("FAILED")
    found = run.client.describe_state_machine_for_execution(executionArn=run.arn)
    assert ROLE == found["roleArn"]
