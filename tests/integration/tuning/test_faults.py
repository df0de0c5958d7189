"""Faults where LocalStack's own server serves, and services call each other over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from testbed import faults
from tests.e2e.client import Client, png
from tests.support.testbeds import ProvisionedTestbed


@pytest.fixture
def client(untuned: ProvisionedTestbed) -> Iterator[Client]:
    yield Client(untuned)
    faults.remove(untuned.endpoint)


def test_calls_of_services_have_faults_too(client: Client) -> None:
    """A task's of Lambda, and the function's of S3."""
    rules = [
        {"operation": "lambda:Invoke", "kind": "throttling", "first": 1},
        {"operation": "s3:GetObject", "kind": "throttling", "first": 1},
    ]
    key = client.key("a.png")
    client.upload(key, png())
    faults.put(client.outputs.endpoint or "", rules)
    attempts = [one.error for one in client.run(key).attempts]
    assert ["Lambda.TooManyRequestsException", "TransientStorageError", None] == attempts


def test_a_server_that_cannot_lose_a_connection_says_so(client: Client) -> None:
    """A rule for that is refused, rather than answered with something else."""
    rule = {"operation": "s3:*", "kind": "lost-connection"}
    with pytest.raises(faults.FaultError, match="LocalStack's own server cannot do"):
        faults.put(client.outputs.endpoint or "", [rule])
