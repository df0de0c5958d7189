"""Step Functions: what tasks do: activities, functions, other services."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.check import matches, member, same
from conformance.features import machines
from conformance.features.states import history

if TYPE_CHECKING:
    from conformance.workshop import Workshop

# A function takes part, which an emulator may have to fetch something for.
WITH_FUNCTION_S: Final = 60.0
LAMBDA_INVOKE: Final = "arn:aws:states:::lambda:invoke"
FAILS: Final = """
    class TooHotError(Exception):
        pass
    def handler(event, context):
        raise TooHotError("wait a little")
"""


def _activity(shop: Workshop) -> None:
    states = shop.aws.stepfunctions
    activity = states.create_activity(name=shop.name())["activityArn"]
    shop.afterwards(states.delete_activity, activityArn=activity)
    task = {"Type": "Task", "Resource": activity, "TimeoutSeconds": 20, "End": True}
    machine = shop.machine(machines.of(task))
    arn = states.start_execution(stateMachineArn=machine, input='{"n": 1}')["executionArn"]
    taken = states.get_activity_task(activityArn=activity)
    same("its input", {"n": 1}, json.loads(member("GetActivityTask", taken, "input")))
    states.send_task_success(taskToken=taken["taskToken"], output='{"done": true}')
    found = shop.ended(arn)
    same("the end", ("SUCCEEDED", {"done": True}), (found["status"], json.loads(found["output"])))


def _invoke(function: str, **more: Any) -> dict[str, Any]:
    given = {"FunctionName": function, "Payload.$": "$"}
    return {"Type": "Task", "Resource": LAMBDA_INVOKE, "Parameters": given, "End": True, **more}


def _function(shop: Workshop) -> None:
    function = shop.function("def handler(event, context): return {'got': event}")
    found = shop.output(machines.of(_invoke(function)), {"n": 1})
    same("Payload", {"got": {"n": 1}}, member("the output", found, "Payload"))
    same("StatusCode", 200, found.get("StatusCode"))
    same("ExecutedVersion", "$LATEST", found.get("ExecutedVersion"))


def _function_error(shop: Workshop) -> None:
    found = shop.execution(shop.machine(machines.of(_invoke(shop.function(FAILS)))))
    same("the end", ("FAILED", "TooHotError"), (found["status"], found.get("error")))
    cause = json.loads(member("DescribeExecution", found, "cause"))
    same("errorMessage", "wait a little", cause.get("errorMessage"))


def _function_events(shop: Workshop) -> None:
    function = shop.function("def handler(event, context): return 1")
    found = shop.execution(shop.machine(machines.of(_invoke(function))))
    types = [each["type"] for each in history(shop, found)]
    expected = [
        *("ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted"),
        *("TaskSucceeded", "TaskStateExited", "ExecutionSucceeded"),
    ]
    same("the events", expected, types)


def _sdk(shop: Workshop) -> None:
    bucket = shop.bucket()
    where = {"Bucket": bucket, "Key": "a", "Body": "tea"}
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "End": True}
    shop.output(machines.of({**task, "Parameters": where}))
    got = shop.aws.s3.get_object(Bucket=bucket, Key="a")["Body"].read(64)
    matches("the object", "tea", got.decode())


CHECKS: Final = (
    machines.check(
        "activities",
        "a worker takes the task and gives its result",
        f"{machines.GUIDE}/concepts-activities.html",
        _activity,
        timeout_s=30.0,
    ),
    machines.check(
        "lambda:invoke",
        "the result has Payload, StatusCode, ExecutedVersion",
        f"{machines.GUIDE}/connect-lambda.html",
        _function,
        timeout_s=WITH_FUNCTION_S,
    ),
    machines.check(
        "error of a function",
        "Error is the exception's class, Cause the payload",
        f"{machines.GUIDE}/concepts-error-handling.html",
        _function_error,
        timeout_s=WITH_FUNCTION_S,
    ),
    machines.check(
        "history of a task",
        "TaskScheduled, TaskStarted, TaskSucceeded",
        f"{machines.API}/API_HistoryEvent.html",
        _function_events,
        timeout_s=WITH_FUNCTION_S,
    ),
    machines.check(
        "aws-sdk tasks",
        "call other services",
        f"{machines.GUIDE}/supported-services-awssdk.html",
        _sdk,
    ),
)
