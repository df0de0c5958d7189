"""A tuned emulator does what an untuned one does, but for what decision record 0006 names."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from localstack_standalone.launcher import emulator
from localstack_standalone.launcher.errors import StartError
from scripts import provision
from targets import embedded
from testbed import waiting
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY, Aws
from tests.support import functions
from tests.support.functions import ROLE
from tests.support.testbeds import ProvisionedTestbed

FUNCTION = """
def handler(event, context):
    if event["n"] == 4:
        raise KeyError("four")
    return {"n": event["n"], "ok": event["n"] < 3}
"""
JSON = {"Content-Type": "application/json"}
# Header fields that are the HTTP server's own: they differ, as docs/decisions/0006 says.
SERVERS_OWN = {"date", "server", "connection", "transfer-encoding"}
# What the guard of web pages adds to HTTP responses; a call in memory is none.
GUARDS = {"content-security-policy", "x-content-type-options"}
NEW_EACH_TIME = re.compile(
    r"[0-9a-f]{8}-[-0-9a-f]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{10}[.\d]*"
    r"|\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT|(Root=1-[0-9a-f]{8}-|Parent=)[0-9a-f]+"
)
INPUTS = [{"n": 1}, {"n": 5}, {"other": 1}, {"n": 2}, {"n": 1}]


def machine(function_arn: str) -> str:
    """Paths of every kind: parameters, result, choice, output, an intrinsic function."""
    invoke = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function_arn, "Payload": {"n.$": "$.n"}},
        "ResultSelector": {"ok.$": "$.Payload.ok", "all.$": "States.Array($.Payload.n)"},
        "ResultPath": "$.result",
        "Next": "Choose",
    }
    choose = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.result.ok", "BooleanEquals": True, "Next": "Good"}],
        "Default": "Bad",
    }
    good = {"Type": "Pass", "InputPath": "$.result", "OutputPath": "$.all", "End": True}
    bad = {"Type": "Fail", "ErrorPath": "$.missing", "Cause": "no"}
    states = {"Invoke": invoke, "Choose": choose, "Good": good, "Bad": bad}
    return json.dumps({"StartAt": "Invoke", "States": states})


def nested(function_arn: str) -> str:
    """A Map in a Parallel, with a retry and a catch: states whose parts remember things."""
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function_arn, "Payload": {"n.$": "$.n"}},
        "ResultSelector": {"n.$": "$.Payload.n"},
        "Retry": [{"ErrorEquals": ["KeyError"], "IntervalSeconds": 1, "MaxAttempts": 1}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.caught", "Next": "Caught"}],
        "End": True,
    }
    caught = {"Type": "Pass", "Parameters": {"error.$": "$.caught.Error"}, "End": True}
    each = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "MaxConcurrency": 1,
        "ItemProcessor": {"StartAt": "Task", "States": {"Task": task, "Caught": caught}},
        "End": True,
    }
    branch = {"StartAt": "Each", "States": {"Each": each}}
    both = {"Type": "Parallel", "Branches": [branch], "End": True}
    return json.dumps({"StartAt": "Both", "States": {"Both": both}})


def failing_once() -> str:
    """A Map, one at a time: the first item passes, the second fails."""
    rule = {"Variable": "$", "BooleanEquals": True, "Next": "Good"}
    states = {
        "Choose": {"Type": "Choice", "Choices": [rule], "Default": "Bad"},
        "Good": {"Type": "Succeed"},
        "Bad": {"Type": "Fail"},
    }
    processor = {"StartAt": "Choose", "States": states}
    each = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": processor, "End": True}
    return json.dumps({"StartAt": "Each", "States": {"Each": each}})


NESTED_INPUT = {"items": [{"n": 1}, {"n": 4}, {"n": 2}]}


@dataclasses.dataclass(frozen=True)
class Left:
    """What the same work leaves behind in an emulator.

    Attributes:
        executions: statuses, results and histories.
        nested: outputs of executions that ran at the same time.
        redriven: types of the events behind a redrive.
        log: first words of a function's log events.
        metrics: names of Lambda's metrics, and the sums of their values.
        answers: of API Gateway: statuses, bodies without ids, names of headers.
    """

    executions: list[Any]
    nested: list[str]
    redriven: list[str]
    log: list[str]
    metrics: dict[str, float]
    answers: list[Any]


@pytest.fixture(scope="module")
def left(
    request: pytest.FixtureRequest,
    untuned: ProvisionedTestbed,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Left]:
    """What is left behind, by the value of TUNING."""
    off = _work(untuned.aws)
    folder = tmp_path_factory.mktemp("all")
    if embedded.installed().settings.get("TUNING", "all") == "all":
        with request.getfixturevalue("fork_testbed")(folder) as forked:
            return {"off": off, "all": _work(forked.aws)}
    with embedded.private(folder, TUNING="all") as tuned:
        return {"off": off, "all": _work(Aws(endpoint=tuned.endpoint))}


def test_histories_are_the_same(left: dict[str, Left]) -> None:
    """Statuses, outputs, errors, causes and every event agree, but for ids and times."""
    assert left["off"].executions == left["all"].executions


def test_the_executions_were_worth_comparing(left: dict[str, Left]) -> None:
    """Some succeeded and some failed."""
    assert {"SUCCEEDED", "FAILED"} == {entry["status"] for entry in left["all"].executions}


def test_executions_at_the_same_time_do_not_mix(left: dict[str, Left]) -> None:
    """One definition, parsed once, serves several executions with retries and catches."""
    assert left["off"].nested == left["all"].nested
    assert ['[[{"n":1},{"error":"KeyError"},{"n":2}]]'] * 4 == left["all"].nested


def test_redrives_go_on_from_the_same_place(left: dict[str, Left]) -> None:
    """Also where the definition is parsed anew: no state is entered again."""
    assert left["off"].redriven == left["all"].redriven
    assert "ExecutionFailed" == left["all"].redriven[-1]
    assert not [kind for kind in left["all"].redriven if kind.endswith("StateEntered")]


def test_logs_are_the_same(left: dict[str, Left]) -> None:
    """The same events in the same order."""
    assert left["off"].log == left["all"].log
    assert {"START", "[ERROR]", "END", "REPORT"} <= set(left["all"].log)


def test_metrics_are_the_same(left: dict[str, Left]) -> None:
    """Every invocation and every error is counted once."""
    assert left["off"].metrics == left["all"].metrics
    assert {"Invocations", "Errors"} <= left["all"].metrics.keys()


def test_answers_are_the_same(left: dict[str, Left]) -> None:
    """What a client of the API sees: started, refused, not found."""
    assert left["off"].answers == left["all"].answers
    assert [200, 400, 403] == [answer[0] for answer in left["all"].answers]


def test_a_word_that_is_no_tuning_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TUNING=quick fails the start, with what is allowed."""
    monkeypatch.setenv("TUNING", "quick")
    with pytest.raises(StartError, match=r"(?s)TUNING='quick'.*jsonpath_cache"):
        emulator.start(tmp_path / "state", None, embedded.installed(), tied=True)


def _work(aws: Aws) -> Left:
    name = functions.make(aws, FUNCTION)
    arn = aws.lambda_.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    made = aws.stepfunctions.create_state_machine(name="m", roleArn=ROLE, definition=machine(arn))
    executions = [_run(aws, made["stateMachineArn"], value, name) for value in INPUTS]
    together = aws.stepfunctions.create_state_machine(
        name="n", roleArn=ROLE, definition=nested(arn)
    )["stateMachineArn"]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        runs = pool.map(lambda _: _run(aws, together, NESTED_INPUT, name), range(4))
        outputs = [run["output"] for run in runs]
    redriven = _redriven(aws)
    alone = functions.make(aws, FUNCTION)
    for event in ({"n": 1}, {}, {"n": 4}, {"n": 2}):
        last = functions.invoke(aws, alone, event)
    events = functions.logged(aws, alone, f"REPORT RequestId: {last.request_id}")
    words = [re.split(r"\s", event)[0] for event in events]
    return Left(executions, outputs, redriven, words, _metrics(aws, alone), _answers(aws))


def _redriven(aws: Aws) -> list[str]:
    """The types of the events of an execution from its redrive to its second end."""
    sfn = aws.stepfunctions
    made = sfn.create_state_machine(name="r", roleArn=ROLE, definition=failing_once())
    arn = sfn.start_execution(stateMachineArn=made["stateMachineArn"], input="[true, false]")[
        "executionArn"
    ]
    _end(aws, arn)
    sfn.redrive_execution(executionArn=arn)
    _end(aws, arn)
    kinds: list[str] = [
        one["type"] for one in sfn.get_execution_history(executionArn=arn)["events"]
    ]
    return kinds[kinds.index("ExecutionRedriven") :]


def _metrics(aws: Aws, function: str) -> dict[str, float]:
    """The sums of the function's metrics, when all four invocations are counted."""
    now = dt.datetime.now(dt.UTC)
    client: Any = boto3.client(  # not a service of the pipeline's
        "cloudwatch",
        endpoint_url=aws.endpoint,
        region_name=aws.region,
        aws_access_key_id=EMULATOR_ACCESS_KEY,
        aws_secret_access_key=EMULATOR_SECRET_KEY,
    )

    def total(name: str) -> float:
        points = client.get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName=name,
            Dimensions=[{"Name": "FunctionName", "Value": function}],
            StartTime=now - dt.timedelta(hours=1),
            EndTime=now + dt.timedelta(hours=1),
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        return float(sum(point["Sum"] for point in points))

    def probe() -> tuple[dict[str, float] | None, str]:
        sums = {name: total(name) for name in ("Invocations", "Errors")}
        return (sums if sum(sums.values()) >= 6 else None), str(sums)

    return waiting.until(probe, "the metrics of four invocations", timeout_s=20)


def _answers(aws: Aws) -> list[Any]:
    made = provision.provision(aws, "embedded")
    url = made.api_url
    bodies = ((url, '{"key":"none.png"}'), (url, '{"key":1}'), (url + "/else", "{}"))
    answers = [requests.post(u, data=b, headers=JSON, timeout=30) for u, b in bodies]
    return [
        (
            answer.status_code,
            NEW_EACH_TIME.sub("*", answer.text),
            sorted({name.lower() for name in answer.headers} - SERVERS_OWN),
        )
        for answer in answers
    ]


def _run(aws: Aws, machine_arn: str, value: Any, name: str) -> dict[str, Any]:
    execution = aws.stepfunctions.start_execution(
        stateMachineArn=machine_arn, input=json.dumps(value)
    )["executionArn"]
    found = _end(aws, execution)
    events = aws.stepfunctions.get_execution_history(executionArn=execution)["events"]
    seen = {key: found.get(key) for key in ("status", "output", "error", "cause")}
    seen["events"] = [_timeless(event, name) for event in events]
    return seen


def _end(aws: Aws, execution_arn: str) -> dict[str, Any]:
    def probe() -> tuple[dict[str, Any] | None, str]:
        found: dict[str, Any] = dict(
            aws.stepfunctions.describe_execution(executionArn=execution_arn)
        )
        return (None if found["status"] == "RUNNING" else found), found["status"]

    return waiting.until(probe, "the execution's end", timeout_s=30)


def _timeless(event: Any, name: str) -> Any:
    """An event without its time, and without what is new each time: names, ids, times in texts."""
    text = json.dumps({k: v for k, v in event.items() if k != "timestamp"}, default=str)
    kept = json.loads(NEW_EACH_TIME.sub("*", text.replace(name, "F")))
    for details in kept.values():
        if isinstance(details, dict) and "SdkHttpMetadata" in details.get("output", ""):
            details["output"] = _without_headers(json.loads(details["output"]))
    return kept


def _without_headers(output: dict[str, Any]) -> dict[str, Any]:
    """A task's *output* without the fields of the server's own, or of the guard's."""
    http = output["SdkHttpMetadata"]
    for headers in (http["AllHttpHeaders"], http["HttpHeaders"]):
        for field in [field for field in headers if field.lower() in SERVERS_OWN | GUARDS]:
            del headers[field]
    return output
