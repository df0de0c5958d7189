"""What is planned for a resource, made of it and deleted, whatever kind it is of."""

# ruff: noqa: ARG002 - the interface's arguments
from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ClientError

from infra import ownership, resource
from infra.resource import Cloud, Description, Difference, Found, Outcome, Resource
from testbed.aws import Aws
from testbed.errors import ProvisioningError

WANTED = {"size": 2, "colour": "red"}


@dataclasses.dataclass(frozen=True)
class Lamp(Resource):
    """A resource that notes what is done to it."""

    kind: ClassVar = "lamp"
    service: ClassVar = "lamps"
    found: Found | None = None
    error: ProvisioningError | None = None
    done: list[object] = dataclasses.field(default_factory=list, compare=False)

    def read(self, cloud: Cloud) -> Found | None:
        if self.error is not None:
            raise self.error
        return self.found

    def wanted(self, cloud: Cloud) -> dict[str, Any]:
        return dict(WANTED)

    def create(self, cloud: Cloud) -> None:
        self.done.append("create")

    def update(self, cloud: Cloud, identifier: str, differing: Collection[str]) -> None:
        self.done.append(set(differing))

    def delete(self, cloud: Cloud, identifier: str) -> None:
        self.done.append("delete")

    def wait_until_ready(self, cloud: Cloud) -> None:
        self.done.append("ready")

    def contents(self, cloud: Cloud) -> str | None:
        return "a bulb"

    def describe(self, cloud: Cloud) -> Description:
        raise NotImplementedError

    def template(self) -> dict[str, Any]:
        raise NotImplementedError


class SharedLamp(Lamp):
    """One that serves whoever made it."""

    shared: ClassVar = True


def found(attributes: Mapping[str, Any] = WANTED, *, ours: bool = True, **more: Any) -> Found:
    return Found(id="l", ours=ours, attributes=lambda: attributes, **more)


def test_what_is_missing_would_be_created_with_every_attribute(cloud: Cloud) -> None:
    """A plan of a fresh account says what each resource would be like, and makes none."""
    lamp = Lamp("L")
    planned = resource.plan(lamp, cloud)
    assert Outcome.CREATED == planned.outcome
    expected = (Difference("size", None, 2), Difference("colour", None, "red"))
    assert expected == planned.differences
    assert [] == lamp.done


def test_only_what_differs_is_planned_and_told_from_what_to_what(cloud: Cloud) -> None:
    """Attributes that are as wanted, or that nobody wants somehow, are no difference."""
    lamp = Lamp("L", found=found({"size": 1, "colour": "red", "age": 7}))
    planned = resource.plan(lamp, cloud)
    assert Outcome.UPDATED == planned.outcome
    assert (Difference("size", 1, 2),) == planned.differences
    assert [] == lamp.done


def test_only_what_differs_is_updated(cloud: Cloud) -> None:
    """Then it is waited for."""
    lamp = Lamp("L", found=found({"size": 1, "colour": "red"}))
    assert Outcome.UPDATED == resource.settle(lamp, cloud)
    assert [{"size"}, "ready"] == lamp.done


def test_what_is_as_wanted_is_only_waited_for(cloud: Cloud) -> None:
    """It may have been made a moment ago, by a run that was interrupted."""
    lamp = Lamp("L", found=found())
    assert Outcome.UNCHANGED == resource.settle(lamp, cloud)
    assert ["ready"] == lamp.done


@pytest.mark.parametrize("there", [None, found(leaving=True)])
def test_what_is_missing_or_leaving_is_made(cloud: Cloud, there: Found | None) -> None:
    """One that is being deleted is no longer there to be updated."""
    lamp = Lamp("L", found=there)
    assert Outcome.CREATED == resource.settle(lamp, cloud)
    assert ["create", "ready"] == lamp.done


def test_somebody_elses_is_refused_and_left_alone(cloud: Cloud) -> None:
    """In a plan already, so that it is known before anything is changed."""
    lamp = Lamp("L", found=found({}, ours=False))
    with pytest.raises(ProvisioningError, match="lamp L exists already"):
        resource.plan(lamp, cloud)
    with pytest.raises(ProvisioningError, match="lamp L exists already"):
        resource.settle(lamp, cloud)
    assert [] == lamp.done


def test_one_that_may_be_shared_serves_as_it_is(cloud: Cloud) -> None:
    """Its attributes are others' to choose."""
    lamp = SharedLamp("L", found=found({"size": 1}, ours=False))
    assert Outcome.UNCHANGED == resource.settle(lamp, cloud)
    assert ["ready"] == lamp.done


def test_one_that_was_left_half_made_is_taken_over(cloud: Cloud) -> None:
    """It lacks our tag only because the run that made it ended too early."""
    lamp = Lamp("L", found=found({"size": 2}, ours=False, unfinished=True))
    assert Outcome.UPDATED == resource.settle(lamp, cloud)
    assert [{"colour"}, "ready"] == lamp.done


@pytest.mark.parametrize(
    ("there", "expected", "done"),
    [
        (None, Outcome.ABSENT, []),
        (found(), Outcome.DESTROYED, ["delete"]),
        (found(ours=False), Outcome.KEPT, []),
        (found(ours=False, unfinished=True), Outcome.KEPT, []),
    ],
)
def test_only_ours_is_deleted(
    cloud: Cloud, there: Found | None, expected: Outcome, done: list[object]
) -> None:
    """What others made is kept, what is not there is passed over."""
    lamp = Lamp("L", found=there)
    assert expected == resource.remove(lamp, cloud)
    assert done == lamp.done


def test_one_that_another_account_owns_is_kept(cloud: Cloud) -> None:
    """It cannot even be read, and is nothing of ours."""
    lamp = Lamp("L", error=ownership.refuse("lamp L"))
    assert Outcome.KEPT == resource.remove(lamp, cloud)


def test_one_that_cannot_be_read_is_an_error_and_not_kept(cloud: Cloud) -> None:
    """Whose it is stays unknown: a destroy that says "not ours" would leave ours behind."""
    lamp = Lamp("L", error=ProvisioningError("lamp L cannot be used"))
    with pytest.raises(ProvisioningError, match="cannot be used"):
        resource.remove(lamp, cloud)


def test_what_aws_does_not_have_is_none_and_any_other_error_is_raised() -> None:
    """A refusal is not mistaken for an absence."""

    def get() -> str:
        raise ClientError({"Error": {"Code": "NoSuchLamp"}}, "GetLamp")

    assert resource.existing(get, "NoSuchRoom", "NoSuchLamp") is None
    assert "there" == resource.existing(lambda: "there", "NoSuchLamp")
    with pytest.raises(ClientError, match="NoSuchLamp"):
        resource.existing(get, "NoSuchRoom")


@pytest.mark.parametrize(
    ("there", "expected", "contents"),
    [
        (None, Outcome.ABSENT, None),
        (found(), Outcome.DESTROYED, "a bulb"),
        (found(ours=False), Outcome.KEPT, None),
    ],
)
def test_what_would_be_deleted_is_told_with_what_is_in_it(
    cloud: Cloud, there: Found | None, expected: Outcome, contents: str | None
) -> None:
    """Before anybody agrees; of what stays, nothing inside is looked at."""
    lamp = Lamp("L", found=there)
    planned = resource.plan_removal(lamp, cloud)
    assert (expected, contents) == (planned.outcome, planned.contents)
    assert [] == lamp.done


def test_one_of_another_deployment_is_refused_by_its_name(cloud: Cloud) -> None:
    """Whoever comes second is told who was first, and how that one is removed."""
    theirs = Found(id="l", ours=False, attributes=dict, other="eu-west-1/theirs")
    lamp = Lamp("L", found=theirs)
    with pytest.raises(ProvisioningError, match="AWS_REGION=eu-west-1 BUCKET_PREFIX=theirs"):
        resource.plan(lamp, cloud)
    assert Outcome.KEPT == resource.remove(lamp, cloud)


def test_on_aws_nobody_asks_thirty_times_a_second(cloud: Cloud) -> None:
    """An emulator can be asked as often as one likes."""
    assert 0.03 == cloud.poll_s(0.03)
    assert resource.AWS_POLL_S == dataclasses.replace(cloud, aws=Aws(None)).poll_s(0.03)
