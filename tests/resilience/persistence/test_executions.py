"""Executions survive a kill -9, and those that ran go on: one emulator, killed amid all.

A state machine for each thing that can be interrupted; all are started, come to where they wait,
and are there when the emulator is killed and started again.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localstack_standalone.persistence import database
from localstack_standalone.persistence.executions import history
from localstack_standalone.persistence.executions.history import KeptEvent
from localstack_standalone.persistence.executions.recorder import EVENT
from targets import kept_state
from testbed import waiting
from tests.support import functions
from tests.support.kept import KeptEmulator, kept_emulator

ROLE = "arn:aws:iam::000000000000:role/any"
BUCKET = "executions-kept"
LATER = "executions-later"
REDRIVEN = "executions-redriven"
DONE: dict[str, Any] = {"Type": "Succeed"}
PASS: dict[str, Any] = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
WAIT_S = 10
# How many tasks wait at the gate when the emulator is killed.
GATED = 7

# Runs until there is `release`; says each time that it began.
SLOW = """
import boto3, time

def handler(event, context):
    s3 = boto3.client("s3")
    n = s3.list_objects_v2(Bucket=event["bucket"], Prefix="begun-").get("KeyCount", 0)
    s3.put_object(Bucket=event["bucket"], Key=f"begun-{n}")
    while "Contents" not in s3.list_objects_v2(Bucket=event["bucket"], Prefix="release"):
        time.sleep(0.1)
    s3.put_object(Bucket=event["bucket"], Key="effect")
    return {"done": event["n"]}
"""


ENDED = ("ended", "failed")


def wait(seconds: int, **fields: Any) -> dict[str, Any]:
    return {"Type": "Wait", "Seconds": seconds, **(fields or {"End": True})}


def gate(**fields: Any) -> dict[str, Any]:
    """A task that waits until the gate is opened, which gives back its input."""
    arn = "arn:aws:states:ca-central-1:000000000000:activity:gate"
    return {"Type": "Task", "Resource": arn, **(fields or {"End": True})}


def alone(state: dict[str, Any], **machine: Any) -> dict[str, Any]:
    return {"StartAt": "Only", "States": {"Only": state}, **machine}


def look(bucket: str = LATER, **fields: Any) -> dict[str, Any]:
    """A task that fails until there is that bucket."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:getBucketLocation",
        "Parameters": {"Bucket": bucket},
        "ResultPath": None,
        "End": True,
        **fields,
    }


def nested(machine: str, pattern: str, given: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::states:startExecution.{pattern}",
        "Parameters": {"StateMachineArn": machine, "Input": given},
        "End": True,
        **fields,
    }


class KeptMachines:
    """The state machines of one emulator, and their executions, each under a name."""

    def __init__(self, emulator: KeptEmulator) -> None:
        self.emulator = emulator
        self.machines: dict[str, str] = {}
        self.arns: dict[str, str] = {}
        self.before: dict[str, Any] = {}
        self.given: dict[str, str] = {}
        self.activities: dict[str, str] = {}

    @property
    def client(self) -> Any:
        return self.emulator.aws.stepfunctions

    def make(self, name: str, definition: dict[str, Any]) -> str:
        self.machines[name] = self.client.create_state_machine(
            name=name, definition=json.dumps(definition), roleArn=ROLE
        )["stateMachineArn"]
        return self.machines[name]

    def start(self, name: str, definition: dict[str, Any], given: Any = None) -> str:
        machine = self.make(name, definition)
        self.arns[name] = self.client.start_execution(
            stateMachineArn=machine, name=name, input=json.dumps({} if given is None else given)
        )["executionArn"]
        return self.arns[name]

    def described(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.describe_execution(executionArn=self.arns[name])
        found.pop("ResponseMetadata")
        return found

    def events(self, name: str) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("get_execution_history")
        found = pages.paginate(executionArn=self.arns[name], PaginationConfig={"PageSize": 7})
        events = [event for page in found for event in page["events"]]
        assert list(range(1, len(events) + 1)) == [event["id"] for event in events]
        return events

    def kinds(self, name: str) -> list[str]:
        return [event["type"] for event in self.events(name)]

    def until(self, name: str, is_there: Callable[[list[str]], bool]) -> None:
        def probe() -> tuple[bool | None, str]:
            seen = self.kinds(name)
            return is_there(seen) or None, str(seen[-2:])

        waiting.until(probe, f"{name} is where it is to be", timeout_s=30)

    def until_last(self, name: str, kind: str) -> None:
        self.until(name, lambda seen: seen[-1:] == [kind])

    def ended(self, name: str, status: str = "SUCCEEDED") -> dict[str, Any]:
        def probe() -> tuple[Any, str]:
            found = self.described(name)
            return (None if found["status"] == "RUNNING" else found), found["status"]

        found: dict[str, Any] = waiting.until(probe, f"{name} ends", timeout_s=30)
        assert status == found["status"], found.get("cause")
        return found

    def output(self, name: str) -> Any:
        return json.loads(self.ended(name)["output"])

    def token(self, name: str, child: str) -> str:
        """The token that a child of *name* got, which is what its input says."""

        def probe() -> tuple[str | None, str]:
            for one in self.client.list_executions(stateMachineArn=self.machines[child])[
                "executions"
            ]:
                found = self.client.describe_execution(executionArn=one["executionArn"])
                given = json.loads(found["input"])
                if given["from"] == name:
                    return given["token"], "there"
            return None, "none"

        found: str = waiting.until(probe, f"the token of {name}", timeout_s=20)
        return found


def once(kinds: list[str]) -> bool:
    """Whether no type of event is there twice."""
    return len(kinds) == len(set(kinds))


def make_bucket(made: KeptMachines, name: str) -> None:
    made.emulator.aws.s3.create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
    )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptMachines]:
    """All of them, started, at their places, killed, and up again."""
    with kept_emulator(tmp_path_factory.mktemp("executions")) as emulator:
        made = KeptMachines(emulator)
        make_bucket(made, BUCKET)
        begin_all(made)
        for name in ENDED:
            made.before[name] = made.described(name), made.events(name)
        running = {name for name in made.arns if made.described(name)["status"] == "RUNNING"}
        assert set(made.arns) - set(ENDED) <= running | {"stopped", "answered"}, "too late"
        emulator.kill()
        age(emulator, made.arns["aged"])
        damage(emulator, made.arns["damaged"])
        emulator.start()
        emulator.aws.s3.put_object(Bucket=BUCKET, Key="release")
        open_gate(made, GATED)
        yield made


def open_gate(made: KeptMachines, count: int) -> None:
    for _ in range(count):
        task = made.client.get_activity_task(activityArn=made.activities["gate"])
        made.client.send_task_success(taskToken=task["taskToken"], output=task["input"])


def age(emulator: KeptEmulator, arn: str) -> None:
    """Have its Wait state be entered two hours ago by what is on disk."""
    with emulator.disk() as disk:
        where = (EVENT, history.key(arn, 2))
        found = disk.execute("SELECT body FROM record WHERE (kind, key) = (?, ?)", where)
        event = history.unpacked(database.unsealed(*where, found.fetchone()[0])).event
        earlier = {**event, "timestamp": event["timestamp"] - dt.timedelta(hours=2)}
        body = database.sealed(*where, history.packed(KeptEvent(earlier)))
        disk.execute("UPDATE record SET body = ? WHERE (kind, key) = (?, ?)", (body, *where))


def damage(emulator: KeptEmulator, arn: str) -> None:
    """Have one of its events be unreadable."""
    with emulator.disk() as disk:
        where = (EVENT, history.key(arn, 2))
        disk.execute("UPDATE record SET body = x'00' WHERE (kind, key) = (?, ?)", where)


def begin_all(made: KeptMachines) -> None:
    """What waits for a while comes last, so that it waits still when the emulator is killed."""
    made.start("ended", alone({"Type": "Pass", "Result": {"é": [1, 2.5]}, "End": True}), {"a": 1})
    made.start("failed", alone(look()))
    made.ended("ended")
    made.ended("failed", "FAILED")
    for name in ("work", "gate"):
        made.activities[name] = made.client.create_activity(name=name)["activityArn"]
    begin_tokens(made)
    begin_tasks(made)
    begin_redriven(made)
    begin_parts(made)
    begin_waits(made)
    made.client.stop_execution(executionArn=made.arns["stopped"], error="Enough", cause="of it")
    made.client.send_task_success(taskToken=made.given.pop("answered"), output='{"by": 1}')


def begin_redriven(made: KeptMachines) -> None:
    states = {
        "Look": look(REDRIVEN, End=False, Next="Gate"),
        "Gate": gate(Next="Last"),
        "Last": DONE,
    }
    del states["Look"]["End"]
    made.start("redriven", {"StartAt": "Look", "States": states})
    made.ended("redriven", "FAILED")
    each = {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Look", "States": states}
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 9}]
    mapped = {"Type": "Map", "ItemProcessor": each, "Retry": retry, "End": True}
    made.start("mapped-again", alone(mapped), [1, 2])
    made.until("mapped-again", lambda seen: "MapIterationFailed" in seen)
    make_bucket(made, REDRIVEN)
    made.client.redrive_execution(executionArn=made.arns["redriven"])


def begin_waits(made: KeptMachines) -> None:
    states = {
        "First": {"Type": "Pass", "Assign": {"kept": "{% $states.input.n + 1 %}"}, "Next": "Then"},
        "Then": wait(WAIT_S, Next="Last"),
        "Last": {"Type": "Pass", "Output": {"kept": "{% $kept %}"}, "End": True},
    }
    machine = {"QueryLanguage": "JSONata", "StartAt": "First", "States": states}
    made.start("wait", machine, {"n": 1})
    made.start("bounded", alone(wait(600), TimeoutSeconds=WAIT_S))
    made.start("stopped", alone(wait(600)))
    made.start("aged", alone(wait(60 * 60)))
    made.start("damaged", alone(wait(600)))
    made.until_last("redriven", "ActivityScheduled")
    made.until("mapped-again", lambda seen: seen.count("ActivityScheduled") == 2)
    for name in ("wait", "bounded", "stopped", "aged", "damaged"):
        made.until_last(name, "WaitStateEntered")
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "BackoffRate": 1}
    made.start("retried", alone(look(Retry=[{**retry, "MaxAttempts": 2}])))
    made.until_last("retried", "TaskFailed")


def begin_tasks(made: KeptMachines) -> None:
    slow = functions.make(made.emulator.aws, SLOW, Timeout=60)
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": slow, "Payload": {"bucket": BUCKET, "n": 7}},
        "OutputPath": "$.Payload",
        "Next": "Last",
    }
    made.start("lambda", {"StartAt": "Slow", "States": {"Slow": task, "Last": DONE}})
    caught = {"ErrorEquals": ["States.ALL"], "Next": "Gate", "ResultPath": "$.error"}
    states = {"Look": look(Catch=[caught]), "Gate": gate(Next="Last"), "Last": DONE}
    made.start("caught", {"StartAt": "Look", "States": states})
    made.emulator.wait_for_object(BUCKET, "begun-0")
    made.until_last("caught", "ActivityScheduled")


def begin_parts(made: KeptMachines) -> None:
    waits = {"Variable": "$.wait", "BooleanEquals": True, "Next": "Wait"}
    states = {
        "Which": {"Type": "Choice", "Choices": [waits], "Default": "Now"},
        "Now": {"Type": "Pass", "End": True},
        "Wait": gate(),
    }
    each = {
        "ProcessorConfig": {"Mode": "INLINE"},
        "StartAt": "Which",
        "States": states,
    }
    items = [{"n": 0, "wait": False}, {"n": 1, "wait": True}, {"n": 2, "wait": False}]
    mapped = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": each, "End": True}
    made.start("map", alone(mapped), {"items": items})
    branches = [
        {"StartAt": "Quick", "States": {"Quick": {"Type": "Pass", "Result": 1, "End": True}}},
        {"StartAt": "Slow", "States": {"Slow": gate(Next="Done"), "Done": DONE}},
    ]
    made.start("parallel", alone({"Type": "Parallel", "Branches": branches, "End": True}), {})
    made.until("map", lambda seen: seen.count("MapIterationSucceeded") == 2)
    made.until("parallel", lambda seen: "ActivityScheduled" in seen and "PassStateExited" in seen)


def begin_tokens(made: KeptMachines) -> None:
    child = made.make("child", PASS)
    given = {"token.$": "$$.Task.Token", "from.$": "$$.Execution.Name"}
    for name, bound in (
        ("token", {}),
        ("token-in-time", {"TimeoutSeconds": 300}),
        ("answered", {}),
    ):
        made.start(name, alone(nested(child, "waitForTaskToken", given, **bound)))
    waits = made.make("waits", alone(gate()))
    made.start("nested", alone(nested(waits, "sync:2", {"a": 1})))
    activity = made.activities["work"]
    for name in ("given", "waiting"):
        made.start(name, alone({"Type": "Task", "Resource": activity, "End": True}), {"for": name})
        made.until_last(name, "ActivityScheduled")
    task = made.client.get_activity_task(activityArn=activity, workerName="somebody")
    assert {"for": "given"} == json.loads(task["input"])
    made.given["given"] = task["taskToken"]
    made.until_last("given", "ActivityStarted")
    for name in ("token", "token-in-time", "answered"):
        made.until_last(name, "TaskSubmitted")
        made.given[name] = made.token(name, "child")


def test_an_ended_one_is_as_it_was(kept: KeptMachines) -> None:
    """Its description, its history in pages, and its place in the list."""
    for name, (described, events) in kept.before.items():
        assert described == kept.described(name)
        assert events == kept.events(name)


def test_a_wait_waits_for_what_is_left_and_keeps_variables(kept: KeptMachines) -> None:
    assert {"kept": 2} == kept.output("wait")
    events = kept.events("wait")
    assert [
        ("ExecutionStarted", 0),
        ("PassStateEntered", 0),
        ("PassStateExited", 2),
        ("WaitStateEntered", 3),
        ("WaitStateExited", 4),
        ("PassStateEntered", 5),
        ("PassStateExited", 6),
        ("ExecutionSucceeded", 7),
    ] == [(event["type"], event["previousEventId"]) for event in events]


def test_the_state_tells_what_became_of_those_that_ran(kept: KeptMachines) -> None:
    """As `make status` lists them."""
    report = kept_state.read(kept.emulator.ask("/_localstack/standalone/state").json())
    assert report is not None
    assert kept.arns["aged"] in report.resumed
    assert not {kept.arns[name] for name in ENDED} & set(report.resumed)
    [damaged] = [text for text in report.ended if text.startswith(kept.arns["damaged"])]
    assert "FAILED" in damaged


def test_a_wait_is_over_when_its_time_is(kept: KeptMachines) -> None:
    """It waits for an hour, and was entered two hours ago."""
    kept.ended("aged")


def test_what_cannot_be_read_fails(kept: KeptMachines) -> None:
    """One execution, and no other; the log says what and why."""
    found = kept.ended("damaged", "FAILED")
    assert "States.Runtime" == found["error"]
    assert "could not go on" in found["cause"]
    assert kept.arns["damaged"] in kept.emulator.log


def test_a_function_whose_answer_was_lost_runs_again(kept: KeptMachines) -> None:
    """Its effect is there; the history tells one task."""
    assert {"done": 7} == kept.output("lambda")
    kept.emulator.wait_for_object(BUCKET, "effect")
    kept.emulator.wait_for_object(BUCKET, "begun-1")
    assert [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "SucceedStateEntered",
        "SucceedStateExited",
        "ExecutionSucceeded",
    ] == kept.kinds("lambda")


def test_retries_are_counted_across_the_crash(kept: KeptMachines) -> None:
    """Two retries: three attempts in all."""
    kept.ended("retried", "FAILED")
    attempt = ["TaskScheduled", "TaskStarted", "TaskFailed"]
    assert [
        "ExecutionStarted",
        "TaskStateEntered",
        *(attempt * 3),
        "ExecutionFailed",
    ] == kept.kinds("retried")


def test_what_was_caught_stays_caught(kept: KeptMachines) -> None:
    assert {"Error", "Cause"} == set(kept.output("caught")["error"])
    assert 1 == kept.kinds("caught").count("TaskFailed")


def test_a_map_runs_the_iterations_that_did_not_end(kept: KeptMachines) -> None:
    assert [0, 1, 2] == [item["n"] for item in kept.output("map")]
    kinds = kept.kinds("map")
    for kind, count in (
        ("MapStateStarted", 1),
        ("MapIterationStarted", 3),
        ("MapIterationSucceeded", 3),
        ("ActivitySucceeded", 1),
        ("PassStateEntered", 2),
        ("MapStateSucceeded", 1),
    ):
        assert count == kinds.count(kind), kind


def test_a_parallel_runs_the_branches_that_did_not_end(kept: KeptMachines) -> None:
    assert [1, {}] == kept.output("parallel")
    assert once(kept.kinds("parallel"))


def test_a_token_still_works(kept: KeptMachines) -> None:
    """It was given out before the crash; the service is not asked a second time."""
    for name in ("token", "token-in-time"):
        assert "RUNNING" == kept.described(name)["status"]
        kept.client.send_task_success(taskToken=kept.given[name], output='{"by": "hand"}')
        assert {"by": "hand"} == kept.output(name)
        assert once(kept.kinds(name))
    children = kept.client.list_executions(stateMachineArn=kept.machines["child"])["executions"]
    assert 3 == len(children)


def test_an_answer_to_a_token_is_not_lost(kept: KeptMachines) -> None:
    assert {"by": 1} == kept.output("answered")
    assert once(kept.kinds("answered"))


def test_a_nested_execution_is_found_again(kept: KeptMachines) -> None:
    found = kept.output("nested")
    children = kept.client.list_executions(stateMachineArn=kept.machines["waits"])["executions"]
    assert [found["ExecutionArn"]] == [one["executionArn"] for one in children]
    assert once(kept.kinds("nested"))


def test_an_activitys_tasks(kept: KeptMachines) -> None:
    """One that a worker has is not given out again; one that waits is."""
    task = kept.client.get_activity_task(activityArn=kept.activities["work"])
    assert {"for": "waiting"} == json.loads(task["input"])
    for token, name in ((task["taskToken"], "waiting"), (kept.given["given"], "given")):
        kept.client.send_task_success(taskToken=token, output='"done"')
        assert "done" == kept.output(name)
        assert once(kept.kinds(name))


def test_a_state_machines_time_counts_from_its_start(kept: KeptMachines) -> None:
    kept.ended("bounded", "TIMED_OUT")
    assert ["ExecutionStarted", "WaitStateEntered", "ExecutionTimedOut"] == kept.kinds("bounded")


def test_a_stop_that_was_acknowledged_holds(kept: KeptMachines) -> None:
    kept.ended("stopped", "ABORTED")
    assert ["ExecutionStarted", "WaitStateEntered", "ExecutionAborted"] == kept.kinds("stopped")
    told = kept.events("stopped")[-1]["executionAbortedEventDetails"]
    assert {"error": "Enough", "cause": "of it"} == told


def test_a_failed_one_is_redriven(kept: KeptMachines) -> None:
    """From what its history tells; it was kept too that it was redriven."""
    make_bucket(kept, LATER)
    kept.client.redrive_execution(executionArn=kept.arns["failed"])
    assert 1 == kept.ended("failed")["redriveCount"]
    kinds = kept.kinds("failed")
    assert 1 == kinds.count("TaskStateEntered")
    assert "ExecutionSucceeded" == kinds[-1]


def test_one_that_was_redriven_goes_on(kept: KeptMachines) -> None:
    assert 1 == kept.ended("redriven")["redriveCount"]
    kinds = kept.kinds("redriven")
    assert (1, 1) == (kinds.count("ExecutionRedriven"), kinds.count("ActivityScheduled"))


def test_a_map_that_was_retried_goes_on_in_its_last_attempt(kept: KeptMachines) -> None:
    assert [1, 2] == kept.output("mapped-again")
    kinds = kept.kinds("mapped-again")
    assert (2, 2) == (kinds.count("ActivityScheduled"), kinds.count("MapIterationSucceeded"))


def test_what_went_on_is_there_after_another_crash(kept: KeptMachines) -> None:
    """And what is told of it by then is the same."""
    names = [name for name in kept.arns if kept.described(name)["status"] != "RUNNING"]
    before = {name: (kept.described(name), kept.events(name)) for name in names}
    listed = [kept.client.list_executions(stateMachineArn=arn) for arn in kept.machines.values()]
    kept.emulator.restart()
    assert before == {name: (kept.described(name), kept.events(name)) for name in names}
    again = [kept.client.list_executions(stateMachineArn=arn) for arn in kept.machines.values()]
    assert [one["executions"] for one in listed] == [one["executions"] for one in again]


def test_machines_with_what_belongs_to_them(kept: KeptMachines) -> None:
    """Versions, an alias, tags, an update; what was deleted is not there."""
    made = kept.client.create_state_machine(
        name="versions",
        definition=json.dumps(PASS),
        roleArn=ROLE,
        publish=True,
        tags=[{"key": "course", "value": "1"}],
        tracingConfiguration={"enabled": True},
    )
    arn = made["stateMachineArn"]
    alias = kept.client.create_state_machine_alias(
        name="live",
        routingConfiguration=[
            {"stateMachineVersionArn": made["stateMachineVersionArn"], "weight": 100}
        ],
    )["stateMachineAliasArn"]
    kept.client.update_state_machine(
        stateMachineArn=arn, definition=json.dumps(alone(DONE)), publish=True
    )
    gone = kept.make("gone", PASS)
    kept.client.delete_state_machine(stateMachineArn=gone)
    run = kept.client.start_execution(stateMachineArn=alias)["executionArn"]
    kept.arns["by alias"] = run
    kept.ended("by alias")

    def told() -> list[Any]:
        client = kept.client
        found = [
            client.describe_state_machine(stateMachineArn=arn),
            client.list_state_machine_versions(stateMachineArn=arn),
            client.describe_state_machine_alias(stateMachineAliasArn=alias),
            client.list_tags_for_resource(resourceArn=arn),
            client.describe_execution(executionArn=run),
            client.describe_state_machine_for_execution(executionArn=run),
            client.list_activities(),
        ]
        for one in found:
            one.pop("ResponseMetadata")
        return found

    before = told()
    kept.emulator.restart()
    assert before == told()
    with pytest.raises(ClientError, match="StateMachineDoesNotExist"):
        kept.client.describe_state_machine(stateMachineArn=gone)
    with pytest.raises(ClientError, match="ConflictException"):
        kept.client.delete_state_machine_version(
            stateMachineVersionArn=made["stateMachineVersionArn"]
        )
