"""Log events of an Express machine, read as executions."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from runs import express
from runs.express import MachineLog
from runs.model import Status
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from botocore.stub import Stubber

    from testbed.aws import Aws

HEAD = "arn:aws:states:ca-central-1:000000000000"
MACHINE = f"{HEAD}:stateMachine:M"
ARN = f"{HEAD}:express:M:mine:0a1b"
GROUP = "/aws/vendedlogs/states/M"
LOG = MachineLog(GROUP, "ALL", data=True)
START = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
START_MS = int(START.timestamp() * 1000)


def logged(
    at: int, kind: str, *, arn: str = ARN, follows: int | None = None, **details: Any
) -> str:
    """A message as AWS writes it, *at* milliseconds behind the start."""
    told: dict[str, Any] = {
        "id": str(at),
        "type": kind,
        "previous_event_id": str(at - 1 if follows is None else follows),
        "event_timestamp": str(START_MS + at),
        "execution_arn": arn,
        "redrive_count": "0",
    }
    return json.dumps(told | ({"details": details} if details else {}))


WHOLE = [
    logged(1, "ExecutionStarted", input='{"key": "a.png"}', roleArn="arn:r"),
    logged(2, "PassStateEntered", follows=0, name="Only", input='{"key": "a.png"}'),
    logged(3, "PassStateExited", name="Only", output="[1]"),
    logged(4, "ExecutionSucceeded", output="[1]"),
]
FAILED = [
    logged(7, "FailStateEntered", name="No"),
    logged(8, "ExecutionFailed", error="Bad", cause="why"),
]


def read(messages: list[str], log: MachineLog = LOG, **more: Any) -> Any:
    found = [one.event for one in express.events(messages)]
    return express.with_states(express.span(ARN, found, log, **more), found)


def test_a_message_is_an_event_of_a_history() -> None:
    """With its details where a history has them, so that all that reads one reads it."""
    one, entered, *_ = express.events(WHOLE)
    assert ARN == one.execution_arn
    assert {
        "id": 1,
        "type": "ExecutionStarted",
        "timestamp": START + dt.timedelta(milliseconds=1),
        "previousEventId": 0,
        "executionStartedEventDetails": {"input": '{"key": "a.png"}', "roleArn": "arn:r"},
    } == one.event
    assert "Only" == entered.event["stateEnteredEventDetails"]["name"]


def test_the_emulator_writes_times_otherwise() -> None:
    """ISO 8601, where AWS has milliseconds."""
    told = json.loads(WHOLE[0]) | {"event_timestamp": START.isoformat()}
    (one,) = express.events([json.dumps(told)])
    assert START == one.event["timestamp"]


@pytest.mark.parametrize(
    "message",
    ["plain", "[]", "{}", '{"execution_arn": "a", "id": "x", "type": "T", "event_timestamp": 1}'],
)
def test_what_is_no_event_is_left_out(message: str) -> None:
    """The group may be shared with anybody."""
    assert [] == list(express.events([message]))


def test_an_execution_has_all_that_was_logged() -> None:
    """Status, times, input, output and states."""
    seen = read(WHOLE)
    assert (Status.SUCCEEDED, 3.0) == (seen.status, seen.duration_ms)
    assert ('{"key": "a.png"}', "[1]") == (seen.input, seen.output)
    assert ("a.png", "mine", MACHINE) == (seen.key, seen.name, seen.state_machine_arn)
    assert [("Only", Status.SUCCEEDED)] == [(one.name, one.status) for one in seen.states]


def test_without_execution_data_there_is_neither_input_nor_output() -> None:
    """It is no error."""
    bare = [json.dumps({**json.loads(one), "details": {"name": "Only"}}) for one in WHOLE]
    seen = read(bare, MachineLog(GROUP, "ALL", data=False))
    assert ("", None, Status.SUCCEEDED) == (seen.input, seen.output, seen.status)


def test_failures_alone_have_no_duration() -> None:
    """At the levels ERROR and FATAL the start is not logged."""
    seen = read(FAILED, MachineLog(GROUP, "ERROR", data=True))
    assert (Status.FAILED, "Bad", "why") == (seen.status, seen.error, seen.cause)
    assert seen.duration_ms is None
    assert START + dt.timedelta(milliseconds=7) == seen.started_at
    assert [("No", Status.FAILED)] == [(one.name, one.status) for one in seen.states]


@pytest.mark.parametrize(
    ("level", "minutes", "status"),
    [("ALL", 1, Status.RUNNING), ("ALL", 7, Status.UNKNOWN), ("ERROR", 1, Status.UNKNOWN)],
)
def test_one_without_an_end_runs_only_where_it_can(
    level: str, minutes: int, status: Status
) -> None:
    """Of five minutes at most; and where success is not logged nobody knows."""
    now = START + dt.timedelta(minutes=minutes)
    seen = read(WHOLE[:2], MachineLog(GROUP, level, data=True), now=now)
    assert status is seen.status
    assert [status] == [one.status for one in seen.states]


def test_events_are_put_together_by_their_execution() -> None:
    """Each once, in the order of their numbers, however they came."""
    other = [logged(1, "ExecutionStarted", arn=f"{HEAD}:express:M:other:1")]
    found = express.executions(express.events([*reversed(WHOLE), *other, WHOLE[0]]), LOG)
    assert ["mine", "other"] == [one.name for one in found]
    assert 3.0 == found[0].duration_ms
    assert () == found[0].states


def test_names_are_read_from_arns() -> None:
    """An Express execution has an id behind its name."""
    standard = f"{HEAD}:execution:M:mine"
    assert (True, False) == (express.is_express(ARN), express.is_express(standard))
    assert ("mine", "mine") == (express.name(ARN), express.name(standard))
    assert "plain" == express.name("plain")
    assert MACHINE == express.machine_of(ARN)
    assert ARN.startswith(express.all_of(MACHINE))


def described(level: str = "ALL") -> dict[str, Any]:
    group = {"cloudWatchLogsLogGroup": {"logGroupArn": f"arn:aws:logs:r:0:log-group:{GROUP}:*"}}
    return {
        "stateMachineArn": MACHINE,
        "name": "M",
        "definition": "{}",
        "roleArn": "arn:aws:iam::000000000000:role/R",
        "type": "EXPRESS",
        "creationDate": START,
        "loggingConfiguration": {
            "level": level,
            "includeExecutionData": True,
            "destinations": [group],
        },
    }


def asks(stepfunctions: Stubber, level: str = "ALL") -> None:
    stepfunctions.add_response(
        "describe_state_machine", described(level), {"stateMachineArn": MACHINE}
    )


WANTED = {"logGroupName": GROUP, "filterPattern": f'{{ $.execution_arn = "{ARN}*" }}'}


def test_one_is_read_from_the_group_of_its_machine(
    aws: Aws, stepfunctions: Stubber, logs: Stubber
) -> None:
    """By its ARN, with the definition of now; what others have logged there is left out."""
    asks(stepfunctions)
    other = logged(1, "ExecutionStarted", arn=f"{HEAD}:express:M:other:1")
    lines = [{"message": one} for one in [*reversed(WHOLE), other]]
    logs.add_response("filter_log_events", {"events": lines}, WANTED)
    found = express.read(aws, ARN)
    assert (LOG, "{}", [1, 2, 3, 4]) == (
        found.log,
        found.definition,
        [event["id"] for event in found.events],
    )
    assert Status.SUCCEEDED is found.seen.status


def test_a_machine_that_logs_nothing_is_told(aws: Aws, stepfunctions: Stubber) -> None:
    """Nothing is known of its executions then."""
    asks(stepfunctions, "OFF")
    with pytest.raises(TestbedError, match="logs nothing"):
        express.read(aws, ARN)


def test_a_machine_that_is_gone_is_told(aws: Aws, stepfunctions: Stubber) -> None:
    """It knew the log group."""
    stepfunctions.add_client_error("describe_state_machine", "StateMachineDoesNotExist")
    with pytest.raises(TestbedError, match="is gone"):
        express.read(aws, ARN)


def test_an_execution_of_which_nothing_is_logged_is_told(
    aws: Aws, stepfunctions: Stubber, logs: Stubber
) -> None:
    """With the group, and why that may be."""
    asks(stepfunctions)
    logs.add_response("filter_log_events", {"events": []}, WANTED)
    with pytest.raises(TestbedError, match=f"{GROUP} has nothing of it"):
        express.read(aws, ARN)


def test_a_group_that_is_gone_is_told(aws: Aws, logs: Stubber) -> None:
    """With what makes it."""
    logs.add_client_error("filter_log_events", "ResourceNotFoundException")
    with pytest.raises(TestbedError, match=f"create-log-group --log-group-name {GROUP}"):
        express.logged(aws, LOG, ARN)


def test_only_what_is_new_is_asked_for(aws: Aws, logs: Stubber) -> None:
    """From a moment on."""
    logs.add_response("filter_log_events", {"events": []}, WANTED | {"startTime": START_MS})
    assert [] == express.logged(aws, LOG, ARN, since=START)


def test_a_machine_without_a_configuration_logs_nothing(aws: Aws, stepfunctions: Stubber) -> None:
    """As AWS makes one."""
    bare = {name: told for name, told in described().items() if name != "loggingConfiguration"}
    stepfunctions.add_response("describe_state_machine", bare, {"stateMachineArn": MACHINE})
    assert MachineLog("", "OFF", data=False) == express.log_of(aws, MACHINE)
    assert not MachineLog("", "OFF", data=False).on
