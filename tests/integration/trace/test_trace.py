"""The trace of a successful, a failed and a retried run, field by field."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from infra import state_machine
from pipeline import follow, submit, trace, trace_call, trace_html, trace_model
from pipeline.submit import Request
from pipeline.trace_model import Attempt, Source, Status, Trace
from scripts.pytest_plugin import Place
from testbed import names
from testbed.outputs import Outputs
from tests.conftest import Emulator
from tests.e2e.client import Client, png
from tests.support import functions

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
def client(testbed: Place) -> Iterator[Client]:
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
        return trace.collect(self.emulator.aws, self.outputs, arn)


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


def test_a_successful_run(client: Client) -> None:
    """POST, rendered template, states, one invocation with its log, one read and one write."""
    key = client.key("bob's.png")
    client.upload(key, png())
    submission = submit.start(client.outputs, Request(key=key, size=64))
    client.follow(submission.execution_arn)
    template = trace_call.template(client.aws, client.outputs)
    call = trace_call.observed(submission.answer, submission.request.body(), template)
    found = trace.collect(client.aws, client.outputs, submission.execution_arn, call=call)

    assert Source.OBSERVED == found.call.source
    assert (client.outputs.api_url, 200) == (found.call.url, found.call.status)
    assert {"key": key, "size": 64} == json.loads(found.call.body)
    assert submission.answer.headers["x-amzn-RequestId"] == found.call.request_id
    assert submission.execution_arn == json.loads(found.call.answer or "")["executionArn"]
    assert {
        "stateMachineArn": client.outputs.state_machine_arn,
        "input": found.call.body,
    } == json.loads(found.call.rendered or "")

    execution = found.execution
    assert submission.execution_arn == execution.arn
    assert submission.execution_arn.rpartition(":")[2] == execution.name
    assert client.outputs.state_machine_arn == execution.state_machine_arn
    assert (Status.SUCCEEDED, None, None) == (execution.status, execution.error, execution.cause)
    assert {"key": key, "size": 64} == json.loads(execution.input)
    assert {"success": True, "resized_key": f"thumb-{key}"} == json.loads(execution.output or "")
    assert [
        ("ResizeImage", "Task", Status.SUCCEEDED),
        ("WasResizeSuccessful", "Choice", Status.SUCCEEDED),
        ("SuccessState", "Succeed", Status.SUCCEEDED),
    ] == [(state.name, state.type, state.status) for state in execution.states]
    assert [None] * 3 == [state.parent for state in execution.states]
    moments = [at for one in execution.states for at in (one.entered_at, one.exited_at) if at]
    assert sorted(moments) == moments

    (attempt,) = execution.attempts
    assert (1, Status.SUCCEEDED, "lambda:invoke") == (
        attempt.number,
        attempt.status,
        attempt.resource,
    )
    assert (attempt.target or "").endswith(f":function:{names.FUNCTION}")
    invocation = attempt.invocation
    assert invocation is not None
    assert attempt.request_id == invocation.request_id
    assert invocation.lines[0].text.startswith(f"START RequestId: {attempt.request_id} ")
    assert invocation.lines[-1].text.startswith(f"REPORT RequestId: {attempt.request_id}\t")
    assert 1024 == invocation.memory_mb
    assert 0 < (invocation.max_memory_mb or 0) < 1024
    assert 0 < (invocation.duration_ms or 0) <= (invocation.billed_ms or 0)
    assert invocation.cold is (invocation.init_ms is not None)

    original, thumbnail = client.original(key), client.thumbnail(key)
    read, write = invocation.objects
    assert ("GetObject", client.outputs.original_bucket, key) == (
        read.operation,
        read.bucket,
        read.key,
    )
    assert (Source.OBSERVED, original.etag, len(original.content)) == (
        read.source,
        read.etag,
        read.length_bytes,
    )
    assert ("PutObject", client.outputs.resized_bucket, f"thumb-{key}") == (
        write.operation,
        write.bucket,
        write.key,
    )
    assert (Source.OBSERVED, thumbnail.etag, len(thumbnail.content)) == (
        write.source,
        write.etag,
        write.length_bytes,
    )


def test_a_failed_run(client: Client) -> None:
    """The POST is inferred; the task succeeds with a refusal, and FailState has its code."""
    key = client.key("missing.png")
    arn = client.run(key).arn
    found = trace.collect(client.aws, client.outputs, arn)

    assert (Source.INFERRED, None, None) == (
        found.call.source,
        found.call.status,
        found.call.request_id,
    )
    assert {"key": key} == json.loads(found.call.body)
    assert trace_call.INFERRED == found.call.note

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
    arns = [submit.start(client.outputs, Request(key=key)).execution_arn for key in keys]
    for key, arn in zip(keys, arns, strict=True):
        client.follow(arn)
        (attempt,) = trace.collect(client.aws, client.outputs, arn).execution.attempts
        refused = [line.text for line in lines(attempt) if "refused" in line.text]
        assert [True] == [key in text for text in refused]


def test_a_trace_is_json_and_one_page(client: Client) -> None:
    """Both hold the whole of it; the page loads nothing and runs nothing."""
    key = client.key("<script>alert(1)</script>.png")
    found = trace.collect(client.aws, client.outputs, client.run(key).arn)
    again = json.loads(json.dumps(trace_model.as_json(found)))
    assert {"call", "execution"} == set(again)
    assert found.execution.duration_ms == again["execution"]["duration_ms"]
    assert (
        found.execution.attempts[0].request_id
        == (again["execution"]["states"][0]["attempts"][0]["invocation"]["request_id"])
    )
    page = trace_html.page(found, state_machine.definition(function_arn="arn:f"))
    assert "<script>alert" not in page
    assert 1 == page.count("<script")
    assert "<link" not in page
    assert "src=" not in page


def test_an_execution_is_found_by_name_arn_or_as_the_last(client: Client) -> None:
    """What a person has at hand."""
    arn = client.run(client.key("missing.png")).arn
    for wanted in (arn, arn.rpartition(":")[2]):
        assert arn == trace.find(client.aws, client.outputs, wanted)
    assert trace.find(client.aws, client.outputs, "last").startswith(arn.rpartition(":")[0])


def lines(attempt: Attempt) -> tuple[trace_model.LogLine, ...]:
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
