"""What a client's request to the API meets, and what API Gateway makes of a fault behind it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from runs import call, collect
from testbed import faults
from testbed.errors import TestbedError
from tests.e2e.client import Client, png
from tests.support.testbeds import ForkTestbed, ProvisionedTestbed

BODY = '{"key": "a.png"}'


@pytest.fixture(scope="module")
def shared(fork_testbed: ForkTestbed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with fork_testbed(tmp_path_factory.mktemp("front-door") / "testbed") as forked:
        yield Client(forked)


@pytest.fixture
def client(shared: Client) -> Iterator[Client]:
    yield shared
    faults.remove(shared.outputs.endpoint or "")


def have(client: Client, operation: str, kind: str, **more: Any) -> None:
    rule = {"operation": operation, "kind": kind, **more}
    faults.put(client.outputs.endpoint or "", [rule], 7)


@pytest.mark.parametrize(
    ("operation", "kind", "status", "message"),
    [
        ("execute-api:Invoke", "throttling", 429, "Too Many Requests"),
        ("execute-api:Invoke", "internal-error", 500, "Internal server error"),
        ("execute-api:Invoke", "unavailable", 503, "Service Unavailable"),
        ("execute-api:*", "access-denied", 403, "User is not authorized to access this resource"),
        ("states:StartExecution", "throttling", 429, "Rate exceeded"),
        ("states:StartExecution", "unavailable", 500, None),
    ],
)
def test_a_client_is_refused_and_nothing_started(
    client: Client, operation: str, kind: str, status: int, message: str | None
) -> None:
    """By API Gateway itself, or by the template for what Step Functions refuses."""
    before = client.executions()
    have(client, operation, kind)
    answer = client.post(BODY)
    assert status == answer.status, answer.body
    told = {name.lower(): text for name, text in json.loads(answer.body).items()}
    assert message in (None, told["message"])
    assert before == client.executions()
    (hit,) = faults.hits(client.outputs.endpoint or "", 0)[-1:]
    assert answer.request_id in hit.ids


def test_a_resource_is_the_api_with_stage_method_and_path(client: Client) -> None:
    have(client, "execute-api:Invoke", "throttling", resource="*/prod/POST/process")
    assert 429 == client.post(BODY).status
    have(client, "execute-api:Invoke", "throttling", resource="*/prod/GET/*")
    assert client.post(BODY).has_started


def test_a_request_is_delayed(client: Client) -> None:
    have(client, "execute-api:Invoke", "latency", latency="300")
    began = time.monotonic()
    assert client.post(BODY).has_started
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(("when", "started"), [("before", 0), ("after", 1)])
def test_an_answer_is_lost(client: Client, when: str, started: int) -> None:
    """Nobody is told, also where an execution was started."""
    before = client.executions()
    have(client, "execute-api:Invoke", "lost-connection", when=when)
    with pytest.raises(TestbedError, match="got no answer"):
        client.post(BODY)
    faults.remove(client.outputs.endpoint or "")
    assert started == len(client.executions() - before)


@pytest.mark.parametrize(("when", "started"), [("before", 0), ("after", 1)])
def test_an_answer_that_the_api_loses_is_an_error_of_its_own(
    client: Client, when: str, started: int
) -> None:
    """The client is told 500, whether Step Functions had started the execution or not."""
    before = client.executions()
    have(client, "states:StartExecution", "lost-connection", when=when)
    assert 500 == client.post(BODY).status
    faults.remove(client.outputs.endpoint or "")
    assert started == len(client.executions() - before)


def test_a_trace_names_what_was_injected(private_testbed: ProvisionedTestbed) -> None:
    """At the span that it hit: the request, the attempt, the invocation that called S3."""
    client = Client(private_testbed)
    have(client, "states:StartExecution", "latency", latency="20", name="slow-start")
    have(client, "lambda:Invoke", "throttling", first=1, name="busy")
    have(client, "s3:GetObject", "throttling", first=1, name="brown")
    have(client, "lambda:Invoke", "crash", after=1, first=1, when="after", name="crash")
    key = client.key("a.png")
    client.upload(key, png())
    body = json.dumps({"key": key})
    answer = client.post(body)
    client.follow(answer.execution_arn)
    sent = call.observed(client.outputs, answer, body, None)
    seen = collect.collect(client.aws, client.outputs, answer.execution_arn, call=sent)
    assert ("states:StartExecution: +20 ms (injected by slow-start)",) == seen.call.injected
    told = [
        (one.error, one.injected, one.invocation.injected if one.invocation else ())
        for one in seen.execution.attempts
    ]
    assert [
        (
            "Lambda.TooManyRequestsException",
            ("lambda:Invoke: TooManyRequestsException (injected by busy)",),
            (),
        ),
        ("TransientStorageError", (), ("s3:GetObject: SlowDown (injected by brown)",)),
        (
            "Runtime.ExitError",
            ("lambda:Invoke: its process was killed after its work was done (injected by crash)",),
            (),
        ),
        (None, (), ()),
    ] == told
