from __future__ import annotations

import dataclasses

import pytest

from localstack_standalone.tuning.stepfunctions.task_client_cache import KEPT_S, Clients
from tests.support.clock import Clock


@dataclasses.dataclass
class Role:
    role_arn: str


@pytest.fixture
def clock() -> Clock:
    return Clock(1000.0)


@pytest.fixture
def clients(clock: Clock) -> Clients:
    return Clients(lambda *_: object(), clock)


def test_a_client_serves_its_role_again(clients: Clients) -> None:
    """The same service, region and role have the same client; another of them has another."""
    first = clients("lambda", "ca-central-1", Role("a"))
    assert first is clients("lambda", "ca-central-1", Role("a"))
    others = [("s3", "ca-central-1", "a"), ("lambda", "us-east-1", "a"), ("lambda", "x", "b")]
    assert all(first is not clients(service, region, Role(arn)) for service, region, arn in others)


def test_a_client_is_kept_for_a_while(clients: Clients, clock: Clock) -> None:
    """Credentials end after an hour; a client is made anew long before."""
    first = clients("lambda", "r", Role("a"))
    clock.now += KEPT_S
    assert first is clients("lambda", "r", Role("a"))
    clock.now += 1
    assert first is not clients("lambda", "r", Role("a"))
