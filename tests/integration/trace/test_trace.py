"""The trace of a successful, a failed and a retried run, field by field."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from client import submit
from client.submit import Request
from infra.resources import state_machine
from runs import call as api_call
from runs import collect, follow, model
from runs.call import ApiResponse
from runs.model import Attempt, InvocationSpan, Source, Status, Trace
from testbed import names
from testbed.outputs import Outputs
from tests.conftest import Emulator
from tests.e2e.client import Client, png
from tests.support import functions
from tests.support.testbeds import ProvisionedTestbed
from views import html

ROLE = "arn:aws:iam::000000000000:role/any"
# Fails as often as the event says, each time in its own way; /tmp outlives a worker.
UNSTEADY = """
import os, pathlib, signal

class TransientStorageError(Exception):
    pass

def handler(event, context):
    print("run", context.aws_request_id)
    counter = pathlib.Path("/tmp") / event["run"]
    number = len(counter.read_text()) if counter.exists() else 0
    counter.write_text("x" * (number + 1))
    way = event["fails"][number] if number < len(event["fails"]) else None
    if way == "raise":
        raise TransientStorageError("S3 is busy")
    if way == "exit":
        os._exit(7)
    if way == "sleep":
        signal.pause()
    return {"success": True, "resized_key": "thumb-" + event["key"]}
"""
BROKEN = "import no_such_module\n"


@pytest.fixture
def client(testbed: ProvisionedTestbed) -> Iterator[Client]:
    made = Client(testbed)
    yield made
    made.clean()


@dataclasses.dataclass(frozen=True)
class Own:
    """A pipeline around a function of the test's own, without an API."""

    emulator: Emulator
    outputs: Outputs

    def run(self, event: dict[str, Any]) -> Trace:
        sfn = self.emulator.aws.stepfunctions
        arn = sfn.start_execution(
            stateMachineArn=self.outputs.state_machine_arn, input=json.dumps(event)
        )["executionArn"]
        follow.to_end(self.emulator.aws, arn)
        return collect.collect(self.emulator.aws, self.outputs, arn)


def own(emulator: Emulator, code: str) -> Own:
    """The project's state machine, with a function of *code*."""
    aws = emulator.aws
    mark = uuid.uuid4().hex[:8]
    function = functions.make(aws, code, Timeout=1)
    function_arn = aws.lambda_.get_function(FunctionName=function)["Configuration"]["FunctionArn"]
    machine = aws.stepfunctions.create_state_machine(
        name=f"trace-{mark}",
        definition=state_machine.definition(function_arn=function_arn),
        roleArn=ROLE,
    )["stateMachineArn"]
    outputs = Outputs(
        target="embedded",
        endpoint=emulator.endpoint,
        region=aws.region,
        api_url=f"{emulator.endpoint}/none",
        state_machine_arn=machine,
        function_name=function,
        original_bucket=f"trace-originals-{mark}",
        resized_bucket=f"trace-thumbnails-{mark}",
    )
    for bucket in (outputs.original_bucket, outputs.resized_bucket):
        aws.s3.create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
        )
    return Own(emulator, outputs)


@dataclasses.dataclass(frozen=True)
class SuccessfulRun:
    """One image's way, as it was sent and as its trace tells it.

    Attributes:
        client: whose objects are there as long as the run is looked at.
        key: of the original.
        response: to the POST.
        trace: what was collected afterwards.
    """

    client: Client
    key: str
    response: ApiResponse
    trace: Trace

    @property
    def attempt(self) -> Attempt:
        (only,) = self.trace.execution.attempts
        return only

    @property
    def invocation(self) -> InvocationSpan:
        found = self.attempt.invocation
        assert found is not None
        return found


@pytest.fixture(scope="module")
def successful(testbed: ProvisionedTestbed) -> Iterator[SuccessfulRun]:
    client = Client(testbed)
    key = client.key("bob's.png")
    client.upload(key, png())
    body = Request(key=key, size=64).body()
    response = submit.post(client.outputs, body)
    client.follow(response.execution_arn)
    template = api_call.template(client.aws, client.outputs)
    call = api_call.observed(client.outputs, response, body, template)
    found = collect.collect(client.aws, client.outputs, response.execution_arn, call=call)
    yield SuccessfulRun(client, key, response, found)
    client.clean()


def test_a_call_that_was_sent_is_observed(successful: SuccessfulRun) -> None:
    """Its address, status, body, request id and response are those of the POST."""
    call, response = successful.trace.call, successful.response
    assert Source.OBSERVED == call.source
    assert (successful.client.outputs.api_url, 200) == (call.url, call.status)
    assert {"key": successful.key, "size": 64} == json.loads(call.body)
    assert response.headers["x-amzn-RequestId"] == call.request_id
    assert response.execution_arn == json.loads(call.answer or "")["executionArn"]


def test_a_call_has_its_template_rendered(successful: SuccessfulRun) -> None:
    """What API Gateway asked Step Functions for: this machine, with the body as its input."""
    call = successful.trace.call
    assert {
        "stateMachineArn": successful.client.outputs.state_machine_arn,
        "input": call.body,
    } == json.loads(call.rendered or "")


def test_a_successful_execution_has_its_input_and_output(successful: SuccessfulRun) -> None:
    """And its names, its machine's, and no error."""
    arn, execution = successful.response.execution_arn, successful.trace.execution
    assert (arn, arn.rpartition(":")[2]) == (execution.arn, execution.name)
    assert successful.client.outputs.state_machine_arn == execution.state_machine_arn
    assert (Status.SUCCEEDED, None, None) == (execution.status, execution.error, execution.cause)
    assert {"key": successful.key, "size": 64} == json.loads(execution.input)
    output = {"success": True, "resized_key": f"thumb-{successful.key}"}
    assert output == json.loads(execution.output or "")


def test_states_are_in_the_order_in_which_they_were_entered(successful: SuccessfulRun) -> None:
    """Each at the top, and entered when the one before was left."""
    states = successful.trace.execution.states
    assert [
        ("ResizeImage", "Task", Status.SUCCEEDED),
        ("WasResizeSuccessful", "Choice", Status.SUCCEEDED),
        ("SuccessState", "Succeed", Status.SUCCEEDED),
    ] == [(state.name, state.type, state.status) for state in states]
    assert [None] * 3 == [state.parent for state in states]
    moments = [at for one in states for at in (one.entered_at, one.exited_at) if at]
    assert sorted(moments) == moments


def test_an_attempt_has_the_invocation_that_it_made(successful: SuccessfulRun) -> None:
    """By its request id, with the log from START to REPORT."""
    attempt, invocation = successful.attempt, successful.invocation
    assert (1, Status.SUCCEEDED, "lambda:invoke") == (
        attempt.number,
        attempt.status,
        attempt.resource,
    )
    assert (attempt.target or "").endswith(f":function:{names.FUNCTION}")
    assert attempt.request_id == invocation.request_id
    assert invocation.lines[0].text.startswith(f"START RequestId: {attempt.request_id} ")
    assert invocation.lines[-1].text.startswith(f"REPORT RequestId: {attempt.request_id}\t")


def test_an_invocation_has_what_its_report_tells(successful: SuccessfulRun) -> None:
    """Memory, times, and whether it was a cold start."""
    invocation = successful.invocation
    assert 1024 == invocation.memory_mb
    assert 0 < (invocation.max_memory_mb or 0) < 1024
    assert 0 < (invocation.duration_ms or 0) <= (invocation.billed_ms or 0)
    assert invocation.cold is (invocation.init_ms is not None)


def test_an_invocation_has_the_objects_that_are_there(successful: SuccessfulRun) -> None:
    """One read and one write, observed, with the ETags and lengths that S3 tells."""
    client, key = successful.client, successful.key
    original, thumbnail = client.original(key), client.thumbnail(key)
    originals, thumbnails = client.outputs.original_bucket, client.outputs.resized_bucket
    assert [
        ("GetObject", originals, key, original.etag, len(original.content)),
        ("PutObject", thumbnails, f"thumb-{key}", thumbnail.etag, len(thumbnail.content)),
    ] == [
        (one.operation, one.bucket, one.key, one.etag, one.length_bytes)
        for one in successful.invocation.objects
    ]
    assert {Source.OBSERVED} == {one.source for one in successful.invocation.objects}


def test_a_failed_run(client: Client) -> None:
    """The POST is inferred; the task succeeds with a refusal, and FailState has its code."""
    key = client.key("missing.png")
    arn = client.run(key).arn
    found = collect.collect(client.aws, client.outputs, arn)

    assert (Source.INFERRED, None, None) == (
        found.call.source,
        found.call.status,
        found.call.request_id,
    )
    assert {"key": key} == json.loads(found.call.body)
    assert api_call.INFERRED == found.call.note

    execution = found.execution
    assert (Status.FAILED, "NOT_FOUND") == (execution.status, execution.error)
    assert key in (execution.cause or "")
    assert execution.output is None
    resize, choice, fail = execution.states
    assert (Status.SUCCEEDED, Status.SUCCEEDED, Status.FAILED) == (
        resize.status,
        choice.status,
        fail.status,
    )
    assert ("FailState", "Fail", None, None) == (
        fail.name,
        fail.type,
        fail.exited_at,
        fail.duration_ms,
    )
    assert ("NOT_FOUND", execution.cause) == (fail.error, fail.cause)
    (attempt,) = execution.attempts
    assert Status.SUCCEEDED == attempt.status
    assert attempt.invocation is not None
    assert any("NOT_FOUND" in line.text for line in attempt.invocation.lines)
    (read,) = attempt.invocation.objects
    assert ("GetObject", Source.INFERRED, None) == (read.operation, read.source, read.etag)
    assert "no such object" in read.note


def test_a_retried_run(emulator: Emulator) -> None:
    """An exception, an exit and a timeout: each attempt with its own invocation, by its id."""
    pipeline = own(emulator, UNSTEADY)
    run = uuid.uuid4().hex
    event = {"key": "a.png", "run": run, "fails": ["raise", "exit", "sleep"]}
    found = pipeline.run(event)

    execution = found.execution
    assert Status.SUCCEEDED == execution.status
    resize = execution.states[0]
    assert (Status.SUCCEEDED, None) == (resize.status, resize.error)
    assert [1, 2, 3, 4] == [one.number for one in resize.attempts]
    assert [
        (Status.FAILED, "TransientStorageError"),
        (Status.FAILED, "Runtime.ExitError"),
        (Status.FAILED, "Lambda.Unknown"),
        (Status.SUCCEEDED, None),
    ] == [(one.status, one.error) for one in resize.attempts]
    assert 4 == len({one.request_id for one in resize.attempts})
    for attempt in resize.attempts:
        assert_is_its_own(attempt)
    raised, exited, slept, last = resize.attempts
    assert any("S3 is busy" in line.text for line in lines(raised))
    assert "Runtime exited with error: exit status 7" in (exited.cause or "")
    assert any("Task timed out after 1.00 seconds" in line.text for line in lines(slept))
    assert (True, False) == (first_cold(raised), first_cold(exited))
    moments = [one.scheduled_at for one in resize.attempts]
    assert sorted(moments) == moments
    assert last.invocation is not None
    read, write = last.invocation.objects
    assert (Source.INFERRED, Source.INFERRED) == (read.source, write.source)
    assert "deleted since" in write.note


def test_a_function_that_cannot_be_loaded_names_no_invocation(emulator: Emulator) -> None:
    """Its error has no request id, on AWS too: the trace says so, and guesses none."""
    found = own(emulator, BROKEN).run({"key": "a.png"})
    assert (Status.FAILED, "Runtime.ImportModuleError") == (
        found.execution.status,
        found.execution.error,
    )
    resize, fail = found.execution.states
    assert (Status.CAUGHT, Status.FAILED) == (resize.status, fail.status)
    (attempt,) = resize.attempts
    assert (None, None) == (attempt.request_id, attempt.invocation)
    assert "names no request id" in attempt.note


def test_neighbours_are_never_mixed_up(client: Client) -> None:
    """Executions at the same moment: each trace has the lines of its own key alone."""
    keys = [client.key(f"missing-{number}.png") for number in range(8)]
    arns = [submit.post(client.outputs, Request(key=key).body()).execution_arn for key in keys]
    for key, arn in zip(keys, arns, strict=True):
        client.follow(arn)
        (attempt,) = collect.collect(client.aws, client.outputs, arn).execution.attempts
        refused = [line.text for line in lines(attempt) if "refused" in line.text]
        assert [True] == [key in text for text in refused]


def test_a_trace_is_json_and_one_page(client: Client) -> None:
    """Both hold the whole of it; the page loads nothing and runs nothing."""
    key = client.key("<script>alert(1)</script>.png")
    found = collect.collect(client.aws, client.outputs, client.run(key).arn)
    again = json.loads(json.dumps(model.as_json(found)))
    assert {"call", "execution"} == set(again)
    assert found.execution.duration_ms == again["execution"]["duration_ms"]
    assert (
        found.execution.attempts[0].request_id
        == (again["execution"]["states"][0]["attempts"][0]["invocation"]["request_id"])
    )
    page = html.page(found, state_machine.definition(function_arn="arn:f"))
    assert "<script>alert" not in page
    assert 1 == page.count("<script")
    assert "<link" not in page
    assert "src=" not in page


def test_an_execution_is_found_by_name_arn_or_as_the_last(client: Client) -> None:
    """What a person has at hand."""
    arn = client.run(client.key("missing.png")).arn
    for wanted in (arn, arn.rpartition(":")[2]):
        assert arn == collect.find(client.aws, client.outputs, wanted)
    assert collect.find(client.aws, client.outputs, "last").startswith(arn.rpartition(":")[0])


def lines(attempt: Attempt) -> tuple[model.LogLine, ...]:
    assert attempt.invocation is not None
    return attempt.invocation.lines


def first_cold(attempt: Attempt) -> bool | None:
    assert attempt.invocation is not None
    return attempt.invocation.cold


def assert_is_its_own(attempt: Attempt) -> None:
    """Its invocation is the one that the history names, and so says the function itself."""
    invocation = attempt.invocation
    assert invocation is not None, attempt
    assert attempt.request_id == invocation.request_id
    assert f"run {attempt.request_id}" in [line.text for line in invocation.lines]
    assert invocation.duration_ms is not None


def test_a_redriven_run_of_the_pipeline_fails_again(client: Client) -> None:
    """Its failures end in FailState, which AWS enters again; the trace is one, with both ends."""
    key = client.key("late.png")
    arn = client.run(key).arn
    client.upload(key, png())
    client.aws.stepfunctions.redrive_execution(executionArn=arn)
    execution = client.follow(arn)
    assert (Status.FAILED, "NOT_FOUND", 1) == (
        execution.status,
        execution.error,
        execution.redrives,
    )
    assert ["ResizeImage", "WasResizeSuccessful", "FailState"] == list(execution.path)
    assert (Status.FAILED, "NOT_FOUND") == (execution.states[-1].status, execution.states[-1].error)
    assert execution.redrivable


def test_a_task_that_failed_for_want_of_an_image_succeeds_when_it_is_redriven(
    client: Client,
) -> None:
    """With the pipeline's function: each attempt has its own invocation, and says whose it is."""
    sfn, outputs = client.aws.stepfunctions, client.outputs
    refused = "{% $states.result.Payload.success ? $states.result.Payload : $error('refused') %}"
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": outputs.function_name, "Payload": "{% $states.input %}"},
        "Output": refused,
        "End": True,
    }
    definition = {"QueryLanguage": "JSONata", "StartAt": "Resize", "States": {"Resize": task}}
    machine = sfn.create_state_machine(
        name=f"redrive-{uuid.uuid4().hex[:8]}", definition=json.dumps(definition), roleArn=ROLE
    )["stateMachineArn"]
    key = client.key("late.png")
    arn = sfn.start_execution(stateMachineArn=machine, input=json.dumps({"key": key}))[
        "executionArn"
    ]
    assert Status.FAILED == client.follow(arn).status
    client.upload(key, png())
    sfn.redrive_execution(executionArn=arn)
    assert Status.SUCCEEDED == client.follow(arn).status
    execution = collect.collect(client.aws, outputs, arn).execution
    sfn.delete_state_machine(stateMachineArn=machine)
    (resize,) = execution.states
    assert (Status.SUCCEEDED, None) == (resize.status, resize.error)
    assert [("Attempt 1", 0), ("Attempt 2 (redrive 1)", 1)] == [
        (one.title, one.redrive) for one in resize.attempts
    ]
    first, second = resize.attempts
    assert any("NOT_FOUND" in line.text for line in lines(first))
    assert not any("NOT_FOUND" in line.text for line in lines(second))
    assert client.has_thumbnail(key)
    assert (1, True) == (execution.redrives, execution.redriven_at is not None)
