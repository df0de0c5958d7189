"""RedriveExecution: which states run again, compared with recorded histories of AWS's."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.parity.conftest import PASS, Machines
from tests.support.redriven import FAIL, Redriven, alone, entered, links, look, make


def mapped(states: dict[str, Any], **fields: Any) -> dict[str, Any]:
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, **states}
    return {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}


def test_a_task_is_scheduled_again_behind_the_event_that_entered_it(
    machines: Machines, bucket: str
) -> None:
    """The state is not entered twice, what came before it does not run again (recorded)."""
    first = {"Type": "Pass", "Result": 1, "ResultPath": "$.first", "Next": "Look"}
    states = {"First": first, "Look": look(bucket, Next="Last"), "Last": {"Type": "Succeed"}}
    run = Redriven(machines, {"StartAt": "First", "States": states}, {"n": 7})
    failed = run.ended()
    assert ("REDRIVABLE", 0) == (failed["redriveStatus"], failed["redriveCount"])
    assert "redriveDate" not in failed
    before = run.events()
    make(machines, bucket)
    found = run.again()
    assert {"n": 7, "first": 1}.items() <= json.loads(found["output"]).items()
    assert before == run.events()[: len(before)]
    redriven = len(before) + 1
    assert [
        ("ExecutionRedriven", redriven - 1),
        ("TaskScheduled", 4),
        ("TaskStarted", redriven + 1),
        ("TaskSucceeded", redriven + 2),
        ("TaskStateExited", redriven + 3),
        ("SucceedStateEntered", redriven + 4),
        ("SucceedStateExited", redriven + 5),
        ("ExecutionSucceeded", redriven + 6),
    ] == links(run.after())
    event = run.after()[0]
    assert {"redriveCount": 1} == event["executionRedrivenEventDetails"]
    assert event["timestamp"] == found["redriveDate"]


def test_a_fail_state_fails_again(machines: Machines) -> None:
    """It is not entered again; its failure follows ExecutionRedriven (recorded)."""
    run = Redriven(machines, FAIL)
    run.ended()
    for count in (1, 2):
        found = run.again("FAILED")
        assert (count, "No") == (found["redriveCount"], found["error"])
    assert [
        ("ExecutionStarted", 0),
        ("FailStateEntered", 0),
        ("ExecutionFailed", 2),
        ("ExecutionRedriven", 3),
        ("ExecutionFailed", 4),
        ("ExecutionRedriven", 5),
        ("ExecutionFailed", 6),
    ] == links(run.events())


def test_the_context_object_counts_and_keeps_when_a_state_was_entered(
    machines: Machines, bucket: str
) -> None:
    """RedriveCount, RedriveTime; EnteredTime, StartTime and Input are the first attempt's."""
    task = look(bucket, End=True, ResultSelector={"seen.$": "$$"}, ResultPath="$.task")
    run = Redriven(machines, alone(task), {"a": 1})
    run.ended()
    run.again("FAILED")
    make(machines, bucket)
    found = run.again()
    seen = json.loads(found["output"])["task"]["seen"]
    date = f"{found['redriveDate'].astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3]
    assert (2, {"a": 1}) == (seen["Execution"]["RedriveCount"], seen["Execution"]["Input"])
    assert f"{date}Z" == seen["Execution"]["RedriveTime"]
    entered_at = next(e["timestamp"] for e in run.events() if e["type"] == "TaskStateEntered")
    assert f"{entered_at:%S.%f}"[:5] == seen["State"]["EnteredTime"][17:22]


def test_retries_start_anew(machines: Machines, bucket: str) -> None:
    """As many as in the first attempt; the count of the context object, too."""
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    run = Redriven(machines, alone(look(bucket, End=True, Retry=retry)))
    run.ended()
    run.again("FAILED")
    kinds = [event["type"] for event in run.after()]
    assert 2 == kinds.count("TaskFailed")
    assert 0 == kinds.count("TaskStateEntered")


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Pass", "Parameters": {"a.$": "$.missing"}, "End": True},
        {
            "Type": "Choice",
            "Choices": [{"Variable": "$.missing", "StringEquals": "", "Next": "End"}],
        },
    ],
    ids=lambda state: state["Type"],
)
def test_a_pass_and_a_choice_are_evaluated_again(machines: Machines, state: dict[str, Any]) -> None:
    """With the same input, so that they fail for the same reason."""
    states = {"Only": state, "End": {"Type": "Succeed"}}
    if state["Type"] == "Pass":
        del states["End"]
    run = Redriven(machines, {"StartAt": "Only", "States": states}, {"n": 1})
    failed = run.ended()
    again = run.again("FAILED")
    assert (failed["error"], failed["cause"]) == (again["error"], again["cause"])
    assert [] == entered(run.after())


def test_only_the_branches_that_did_not_succeed_run_again(machines: Machines, bucket: str) -> None:
    """The failed one and the aborted one; outputs keep their places (recorded)."""
    branches = [
        alone({"Type": "Pass", "Result": "kept", "End": True}, "Kept"),
        alone(look(bucket), "Look"),
        alone({"Type": "Wait", "Seconds": 2, "End": True}, "Wait"),
    ]
    run = Redriven(machines, alone({"Type": "Parallel", "Branches": branches, "End": True}), {})
    run.ended()
    ids = {e["id"]: e["type"] for e in run.events()}
    make(machines, bucket)
    found = run.again()
    kept, looked, waited = json.loads(found["output"])
    assert ("kept", {"found"}, {}) == (kept, set(looked), waited)
    after = run.after()
    kinds = [event["type"] for event in after]
    everything = [event["type"] for event in run.events()]
    for kind in ("ParallelStateEntered", "ParallelStateStarted", "PassStateExited"):
        assert 1 == everything.count(kind)
    assert [] == entered(after)
    assert ["WaitStateExited"] == [kind for kind in kinds if kind.startswith("Wait")]
    before = {e["type"]: ids.get(e["previousEventId"]) for e in after}
    assert ("TaskStateEntered", "WaitStateEntered") == (
        before["TaskScheduled"],
        before["WaitStateExited"],
    )
    assert ["ParallelStateSucceeded", "ParallelStateExited", "ExecutionSucceeded"] == kinds[-3:]


def test_only_the_iterations_that_did_not_succeed_run_again(
    machines: Machines, bucket: str
) -> None:
    """2 of 40 failed: they alone go on, without a new MapIterationStarted (recorded)."""
    absent = [f"{bucket}-1", f"{bucket}-2"]
    items: list[dict[str, Any]] = [{"n": n, "look": False} for n in range(38)]
    items += [{"n": n, "look": True, "bucket": name} for n, name in enumerate(absent, 38)]
    rules = [{"Variable": "$.look", "BooleanEquals": True, "Next": "Look"}]
    choose = {
        "Choose": {"Type": "Choice", "Choices": rules, "Default": "Done"},
        "Look": look("$.bucket", Next="Done"),
        "Done": {"Type": "Succeed"},
    }
    run = Redriven(machines, alone(mapped({"StartAt": "Choose", "States": choose})), items)
    run.ended()
    make(machines, absent[0])
    run.again("FAILED")
    make(machines, absent[1])
    output = json.loads(run.again()["output"])
    assert list(range(40)) == [one["n"] for one in output]
    assert absent == [one["bucket"] for one in output if one["look"]]
    started = [
        e["mapIterationStartedEventDetails"]["index"]
        for e in run.events()
        if e["type"] == "MapIterationStarted"
    ]
    assert sorted(started) == sorted(set(started))
    assert 1 == [e["type"] for e in run.events()].count("MapStateStarted")


def test_iterations_that_were_not_reached_start_as_ever(machines: Machines, bucket: str) -> None:
    """One at a time: the second failed, the third had not begun (recorded)."""
    absent = f"{bucket}-x"
    items = [{"bucket": bucket}, {"bucket": absent}, {"bucket": bucket}]
    make(machines, bucket)
    each = mapped(alone(look("$.bucket"), "Look"), MaxConcurrency=1)
    run = Redriven(machines, alone(each), items)
    run.ended()
    make(machines, absent)
    assert [bucket, absent, bucket] == [one["bucket"] for one in json.loads(run.again()["output"])]
    after = run.after()
    assert [
        ("MapIterationSucceeded", 1),
        ("MapIterationStarted", 2),
        ("MapIterationSucceeded", 2),
    ] == [
        (e["type"], e[f"m{e['type'][1:]}EventDetails"]["index"])
        for e in after
        if e["type"].startswith("MapIteration")
    ]
    assert ["Look"] == entered(after)


def test_branches_and_iterations_inside_others_go_on(machines: Machines, bucket: str) -> None:
    """A Map in a Parallel in a Map: what succeeded in any of them does not run again."""
    inner = mapped(alone(look("$.bucket"), "Look"), ItemsPath="$.inner", MaxConcurrency=1)
    beside = {"Type": "Pass", "Result": "beside", "End": True}
    both = [alone(inner, "Inner"), alone(beside, "Beside")]
    parallel = {"Type": "Parallel", "Branches": both, "End": True}
    there, absent = f"{bucket}-1", f"{bucket}-2"
    items = [{"inner": [{"bucket": there}]}, {"inner": [{"bucket": there}, {"bucket": absent}]}]
    make(machines, there)
    run = Redriven(machines, alone(mapped(alone(parallel, "Both"), MaxConcurrency=1)), items)
    run.ended()
    make(machines, absent)
    output = json.loads(run.again()["output"])
    assert [there, absent] == [one["bucket"] for one in output[1][0]]
    assert "beside" == output[0][1] == output[1][1]
    assert 1 == [e["type"] for e in run.after()].count("TaskScheduled")


def test_a_result_that_was_too_large_has_all_branches_run_again(machines: Machines) -> None:
    """States.DataLimitExceeded is the one failure that keeps no branch's result."""
    big = {"Type": "Pass", "Result": "x" * 140_000, "End": True}
    branches = [alone(big, "A"), alone(big, "B")]
    run = Redriven(machines, alone({"Type": "Parallel", "Branches": branches, "End": True}))
    assert "States.DataLimitExceeded" == run.ended()["error"]
    run.again("FAILED")
    assert {"A", "B"} == set(entered(run.after()))
    assert "ParallelStateStarted" in [e["type"] for e in run.after()]


def test_variables_are_those_with_which_the_state_was_entered(
    machines: Machines, bucket: str
) -> None:
    """Those of the machine and those of a branch; what is assigned later is assigned again."""
    language = {"QueryLanguage": "JSONata"}
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:getBucketLocation",
        "Arguments": {"Bucket": bucket},
        "Output": "{% [$outer, $own] %}",
        "End": True,
    }
    own = {"Type": "Pass", "Assign": {"own": "{% $outer + 1 %}"}, "Next": "Look"}
    branch = {"StartAt": "Own", "States": {"Own": own, "Look": task}}
    states = {
        "Set": {"Type": "Pass", "Assign": {"outer": 1}, "Next": "Both"},
        "Both": {"Type": "Parallel", "Branches": [branch], "Next": "More"},
        "More": {"Type": "Pass", "Assign": {"outer": "{% $outer + 10 %}"}, "Next": "Tell"},
        "Tell": {"Type": "Pass", "Output": {"o": "{% $outer %}"}, "End": True},
    }
    run = Redriven(machines, {"StartAt": "Set", "States": states, **language})
    run.ended()
    make(machines, bucket)
    assert {"o": 11} == json.loads(run.again()["output"])
    exits = [e["stateExitedEventDetails"] for e in run.after() if "Exited" in e["type"]]
    assert ["Look", "Both", "More", "Tell"] == [one["name"] for one in exits]
    assert [1, 2] == json.loads(exits[0]["output"])
    assert ["outer"] == [name for one in exits for name in one.get("assignedVariables", {})]


def test_the_machine_s_timeout_starts_anew(machines: Machines) -> None:
    """It has a second for itself; a Wait until a moment waits for no more than that moment."""
    wait = {"Type": "Wait", "SecondsPath": "$.s", "End": True}
    late = Redriven(machines, alone(wait, TimeoutSeconds=1), {"s": 30})
    late.ended("TIMED_OUT")
    again = late.again("TIMED_OUT")
    lasted = (again["stopDate"] - again["redriveDate"]).total_seconds()
    assert 0.9 < lasted < 5
    kinds = [event["type"] for event in late.events()]
    assert 2 == kinds.count("ExecutionTimedOut")
    assert ("ExecutionRedriven", kinds.index("ExecutionTimedOut") + 1) in links(late.events())


@pytest.mark.parametrize("field", ["Seconds", "Timestamp"])
def test_a_wait_that_was_stopped_waits_again(machines: Machines, field: str) -> None:
    """For as long as ever; until a moment, no longer than that (Developer Guide)."""
    # Longer than a busy machine takes until it is stopped.
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5)
    value = 5 if field == "Seconds" else f"{moment:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    run = Redriven(machines, alone({"Type": "Wait", field: value, "End": True}))
    run.wait_for("WaitStateEntered")
    run.client.stop_execution(executionArn=run.arn)
    run.ended("ABORTED")
    found = run.again()
    due = found["redriveDate"] + dt.timedelta(seconds=5) if field == "Seconds" else moment
    # LocalStack waits until a moment for whole seconds.
    assert -1.1 < (found["stopDate"] - due).total_seconds() < 4
    assert [("ExecutionRedriven", 3), ("WaitStateExited", 2)] == links(run.after())[:2]


def test_a_task_with_a_token_gets_another(machines: Machines, bucket: str) -> None:
    """That of the attempt before is void."""
    client, s3 = machines.aws.stepfunctions, machines.aws.s3
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:putObject.waitForTaskToken",
        "Parameters": {"Bucket": bucket, "Key": "token", "Body.$": "$$.Task.Token"},
        "End": True,
    }
    make(machines, bucket)
    run = Redriven(machines, alone(task))

    def token() -> str:
        text: str = json.loads(s3.get_object(Bucket=bucket, Key="token")["Body"].read())
        return text

    run.wait_for("TaskSubmitted")
    old = token()
    client.send_task_failure(taskToken=old, error="Not.Now")
    assert "Not.Now" == run.ended()["error"]
    run.again(None)
    run.wait_for("TaskSubmitted", 2)
    new = token()
    assert old != new
    with pytest.raises(ClientError):
        client.send_task_success(taskToken=old, output='"late"')
    client.send_task_success(taskToken=new, output='"done"')
    assert '"done"' == run.ended("SUCCEEDED")["output"]


def test_a_task_that_waits_for_a_machine_starts_that_again(machines: Machines) -> None:
    """The task of the parent is scheduled anew, so that there are two executions of the child."""
    child = machines.make(FAIL)
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": child, "Input": {}},
        "End": True,
    }
    run = Redriven(machines, alone(task))
    run.ended()
    run.client.update_state_machine(stateMachineArn=child, definition=json.dumps(PASS))
    run.again()
    listed = run.client.list_executions(stateMachineArn=child)["executions"]
    assert ["SUCCEEDED", "FAILED"] == [one["status"] for one in listed]


def test_an_activity_gets_a_new_task_and_the_old_one_is_void(machines: Machines) -> None:
    """Also one that no worker had asked for; its timeout starts anew."""
    client = machines.aws.stepfunctions
    activity = client.create_activity(name=f"a-{uuid.uuid4().hex[:12]}")["activityArn"]
    task = {"Type": "Task", "Resource": activity, "TimeoutSeconds": 1, "End": True}
    run = Redriven(machines, alone(task))
    assert "States.Timeout" == run.ended()["error"]
    run.again(None)
    run.wait_for("ActivityScheduled", 2)
    leased = client.get_activity_task(activityArn=activity, workerName="w")
    client.send_task_success(taskToken=leased["taskToken"], output="1")
    assert "1" == run.ended("SUCCEEDED")["output"]
    assert [("ExecutionRedriven", 5), ("ActivityScheduled", 2)] == links(run.after())[:2]


def test_a_distributed_map_whose_run_did_not_start_starts_it(
    machines: Machines, bucket: str
) -> None:
    """Its items could not be read (Developer Guide, "Redriving Map Runs")."""
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        **alone({"Type": "Pass", "End": True}, "Item"),
    }
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket": bucket, "Key": "items"},
    }
    each = {"Type": "Map", "ItemProcessor": processor, "ItemReader": reader, "End": True}
    run = Redriven(machines, alone(each))
    run.ended()
    make(machines, bucket)
    machines.aws.s3.put_object(Bucket=bucket, Key="items", Body=b"[1, 2]")
    assert [1, 2] == json.loads(run.again()["output"])
    assert [] == entered(run.after())
