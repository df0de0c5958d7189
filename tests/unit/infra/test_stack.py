from __future__ import annotations

import threading

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from infra import deployment, resource, stack
from infra.account import Account
from infra.resource import Outcome, Resource
from infra.stack import Settled
from testbed.aws import Aws
from tests.support.resources import Declared

A, B = Declared("a"), Declared("b")
C = Declared("c", needs=(A, B))
NEEDS: dict[Resource, tuple[Resource, ...]] = {each: each.needs for each in (C, A, B)}


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (None, "https://abc.execute-api.ca-central-1.amazonaws.com/prod/process"),
        (
            "http://127.0.0.1:4566",
            "http://127.0.0.1:4566/_aws/execute-api/abc/prod/process",
        ),
    ],
)
def test_the_address_fits_the_place(endpoint: str | None, expected: str) -> None:
    """AWS has a host of the API's own; the emulator's address needs no DNS."""
    assert expected == stack.api_url(endpoint=endpoint, region="ca-central-1", api_id="abc")


def test_every_need_is_declared() -> None:
    """What a resource needs is itself in the stack, once, and listed before it."""
    listed = list(stack.RESOURCES)
    assert len(listed) == len({each.title for each in listed})
    for each in listed:
        assert all(listed.index(need) < listed.index(each) for need in each.needs), each.title


def test_every_resources_service_is_served() -> None:
    """An emulator serves what the stack needs, and no more than that and what is told why."""
    services = {each.service for each in stack.RESOURCES}
    assert services | {"cloudwatch", "events", "sts"} == set(stack.SERVICES)


def test_each_is_made_after_what_it_needs_and_announced_once() -> None:
    """Independent ones go at once: each waits here for the other to begin."""
    rows: list[Settled] = []
    both = threading.Barrier(2, timeout=10)

    def work(each: Resource) -> Outcome:
        if each is not C:
            both.wait()
        return Outcome.CREATED

    stack.in_order(NEEDS, work, rows.append)
    assert {"desk lamp a", "desk lamp b"} == {row.resource for row in rows[:2]}
    assert "desk lamp c" == rows[2].resource
    assert {Outcome.CREATED} == {row.outcome for row in rows}


def test_a_failure_is_raised_after_the_others_have_ended() -> None:
    """Nothing goes on in the background when the error reaches the person, and nothing begins."""
    ended: list[str] = []

    def work(each: Resource) -> Outcome:
        if each is A:
            raise ValueError("no")
        ended.append(each.name)
        return Outcome.CREATED

    with pytest.raises(ValueError, match="no"):
        stack.in_order(NEEDS, work, lambda _: None)
    assert ["b"] == ended


def test_an_error_of_aws_says_with_which_resource_it_was(aws: Aws) -> None:
    """AWS names the call, and three roles are made by the same one."""
    here = deployment.of(Account("123456789012", "ca-central-1"), "mine")
    role = here.pipeline.function_role
    cloud, _ = stack.place(aws, here)
    with Stubber(aws.iam) as iam:
        iam.add_client_error("get_role", "AccessDenied")
        with pytest.raises(ClientError) as told:
            stack.named(role, resource.plan, cloud)
    assert ["role ImageResizeFunctionRole"] == told.value.__notes__


def test_whoever_has_the_addresses_knows_the_resources() -> None:
    """With the names that were given, and with those of a deployment on AWS."""
    assert stack.RESOURCES == stack.declared(stack.ORIGINALS.name, stack.THUMBNAILS.name)
    here = deployment.of(Account("123456789012", "ca-central-1"), "mine").pipeline
    named = [each.title for each in stack.declared(here.originals.name, here.thumbnails.name)]
    assert [each.title for each in here.resources] == named
