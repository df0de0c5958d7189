"""The wall clock is set while an execution waits: nothing hangs, nothing ends too early."""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from testbed import waiting
from tests.integration.parity.conftest import Machines
from tests.support.altered import WallClock

HOUR = 3600
JUMPS = pytest.mark.parametrize("jump_s", [-HOUR, HOUR], ids=["back", "forward"])


def one_state(**fields: Any) -> dict[str, Any]:
    return {"StartAt": "S", "States": {"S": {**fields, "End": True}}}


def started(machines: Machines, definition: dict[str, Any], event: Any = None) -> str:
    """An execution, once it is in its first state."""
    client = machines.aws.stepfunctions
    arn = client.start_execution(
        stateMachineArn=machines.make(definition), input=json.dumps(event or {})
    )["executionArn"]

    def entered() -> tuple[bool | None, str]:
        events = client.get_execution_history(executionArn=arn)["events"]
        seen = [event["type"] for event in events]
        return any(kind.endswith("StateEntered") for kind in seen) or None, str(seen)

    waiting.until(entered, "the first state", timeout_s=10)
    return arn


@JUMPS
def test_a_wait_of_seconds_is_as_long_as_ever(
    jumping: Machines, clock: WallClock, jump_s: int
) -> None:
    """Two seconds by a clock that nobody sets."""
    began = time.monotonic()
    arn = started(jumping, one_state(Type="Wait", Seconds=2))
    clock.set(jump_s)
    assert "SUCCEEDED" == jumping.ended(arn)["status"]
    assert time.monotonic() - began >= 2


def utc(in_s: float) -> str:
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=in_s)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_wait_until_a_moment_is_until_that_of_utc(jumping: Machines) -> None:
    """Wherever the machine stands, and not before the moment."""
    until = utc(3)
    found = jumping.ended(started(jumping, one_state(Type="Wait", Timestamp=until)))
    assert "SUCCEEDED" == found["status"]
    assert found["stopDate"] >= dt.datetime.fromisoformat(until)


def test_a_wait_until_a_moment_ends_when_the_clock_is_set_past_it(
    jumping: Machines, clock: WallClock
) -> None:
    """A laptop that slept meanwhile is late already."""
    arn = started(jumping, one_state(Type="Wait", Timestamp=utc(HOUR / 2)))
    clock.set(HOUR)
    assert "SUCCEEDED" == jumping.ended(arn)["status"]


def test_a_wait_until_a_moment_ends_at_that_moment_of_a_clock_set_back(
    jumping: Machines, clock: WallClock
) -> None:
    """It is the wall clock's moment that counts."""
    arn = started(jumping, one_state(Type="Wait", Timestamp=utc(2)))
    clock.set(-HOUR)
    client = jumping.aws.stepfunctions
    assert "RUNNING" == client.describe_execution(executionArn=arn)["status"]
    clock.set(5)
    assert "SUCCEEDED" == jumping.ended(arn)["status"]


def activity(machines: Machines) -> str:
    made = machines.aws.stepfunctions.create_activity(name=f"a-{uuid.uuid4().hex[:12]}")
    return made["activityArn"]


@JUMPS
@pytest.mark.parametrize("limit", ["TimeoutSeconds", "HeartbeatSeconds"])
def test_a_task_times_out_when_its_time_is_over(
    jumping: Machines, clock: WallClock, jump_s: int, limit: str
) -> None:
    """Neither an hour later nor at once."""
    client, began = jumping.aws.stepfunctions, time.monotonic()
    limits = {"TimeoutSeconds": 2} if limit == "TimeoutSeconds" else {"HeartbeatSeconds": 2}
    task = one_state(Type="Task", Resource=(worker := activity(jumping)), **limits)
    arn = started(jumping, task)
    client.get_activity_task(activityArn=worker)
    clock.set(jump_s)
    found = jumping.ended(arn)
    assert ("FAILED", True) == (found["status"], found["error"].startswith("States."))
    assert time.monotonic() - began >= 2


@JUMPS
def test_a_task_goes_on_with_its_token_and_its_heartbeats(
    jumping: Machines, clock: WallClock, jump_s: int
) -> None:
    """A token has no time of its own: it is good until its task ends."""
    client = jumping.aws.stepfunctions
    limits = {"TimeoutSeconds": 60, "HeartbeatSeconds": 30}
    task = one_state(Type="Task", Resource=(worker := activity(jumping)), **limits)
    arn = started(jumping, task)
    token = client.get_activity_task(activityArn=worker)["taskToken"]
    clock.set(jump_s)
    client.send_task_heartbeat(taskToken=token)
    assert "RUNNING" == client.describe_execution(executionArn=arn)["status"]
    client.send_task_success(taskToken=token, output="{}")
    assert "SUCCEEDED" == jumping.ended(arn)["status"]


@JUMPS
def test_a_worker_that_waits_for_a_task_gets_it(
    jumping: Machines, clock: WallClock, jump_s: int
) -> None:
    """GetActivityTask was asked before the clock was set."""
    client, worker = jumping.aws.stepfunctions, activity(jumping)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.get_activity_task, activityArn=worker)
        clock.set(jump_s)
        arn = started(jumping, one_state(Type="Task", Resource=worker))
        client.send_task_success(taskToken=asked.result(20)["taskToken"], output="{}")
    assert "SUCCEEDED" == jumping.ended(arn)["status"]


@JUMPS
def test_a_retry_waits_its_interval(jumping: Machines, clock: WallClock, jump_s: int) -> None:
    """One second until the second attempt."""
    began = time.monotonic()
    retry = [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    task = one_state(Type="Task", Resource=activity(jumping), TimeoutSeconds=1, Retry=retry)
    arn = started(jumping, task)
    clock.set(jump_s)
    assert "States.Timeout" == jumping.ended(arn)["error"]
    assert time.monotonic() - began >= 3


@JUMPS
def test_an_execution_has_the_time_that_its_machine_gives(
    jumping: Machines, clock: WallClock, jump_s: int
) -> None:
    """TimeoutSeconds of the state machine, by a clock that nobody sets."""
    began = time.monotonic()
    arn = started(jumping, one_state(Type="Wait", Seconds=60) | {"TimeoutSeconds": 2})
    clock.set(jump_s)
    assert "TIMED_OUT" == jumping.ended(arn)["status"]
    assert time.monotonic() - began >= 2


def test_a_name_is_free_after_ninety_days(jumping: Machines, clock: WallClock) -> None:
    """Not before: "You can reuse names after 90 days" (API reference, StartExecution)."""
    machine = jumping.make({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}})
    client, name = jumping.aws.stepfunctions, uuid.uuid4().hex
    first = client.start_execution(stateMachineArn=machine, name=name)
    jumping.ended(first["executionArn"])
    clock.set(89 * 24 * HOUR)
    with pytest.raises(client.exceptions.ExecutionAlreadyExists):
        client.start_execution(stateMachineArn=machine, name=name)
    clock.set(91 * 24 * HOUR)
    second = client.start_execution(stateMachineArn=machine, name=name)
    assert first["startDate"] < second["startDate"]
