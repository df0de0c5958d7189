"""What a resource is: read, compared with what it should be, and brought there.

Reading and planning never write. `plan` says what would be done and why, `settle` does it.
"""

from __future__ import annotations

import abc
import dataclasses
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from botocore.exceptions import ClientError

from infra import ownership
from infra.eventually import code
from testbed import waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from mypy_boto3_s3.type_defs import TagTypeDef

    from infra.account import Account
    from infra.package import Package
    from testbed.aws import Aws


AWS_POLL_S: Final = 1.0


class Outcome(StrEnum):
    """What happened to one resource, or would; the value is the word that people see."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DESTROYED = "destroyed"
    ABSENT = "absent"
    """There was nothing to destroy."""
    KEPT = "kept, not ours"
    """Something of that name is there, but this project did not make it: it is left alone."""


@dataclasses.dataclass(frozen=True)
class Cloud:
    """Where resources are made, and of what.

    Attributes:
        aws: clients.
        account: whose they are.
        package: the function's zip, None where nothing is made.
        deployment: which of this project's it is, for the tags; "" in an emulator, which has one.
    """

    aws: Aws
    account: Account
    package: Package | None = None
    deployment: str = ""

    @property
    def tags(self) -> dict[str, str]:
        """What is made here is tagged with these, where a service takes a mapping."""
        return ownership.tags(self.deployment)

    @property
    def tag_pairs(self) -> list[TagTypeDef]:
        """The same for services that take pairs."""
        return ownership.pairs(self.deployment)

    def poll_s(self, local: float) -> float:
        """The pause between two looks in seconds: *local* where an emulator is asked.

        AWS allows a few requests a second, and takes seconds for what is waited for.
        """
        return AWS_POLL_S if self.aws.endpoint is None else local

    def found(
        self,
        tags: ownership.Tags,
        identifier: str,
        attributes: Callable[[], Mapping[str, Any]],
        **more: bool,
    ) -> Found:
        """One that has *tags*; the rest as `Found` says."""
        return Found(
            id=identifier,
            ours=ownership.is_ours(tags, self.deployment),
            other=ownership.other_deployment(tags, self.deployment),
            attributes=attributes,
            **more,
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Found:
    """A resource as it is.

    Attributes:
        id: its ARN; of the API, its id.
        ours: whether it has our tag.
        attributes: reads those that we want somehow, as they are.
        unfinished: a run of ours may have ended before it was whole, so it may be taken over.
        leaving: it is being deleted.
        other: the deployment of this project, another one, that it belongs to; "" for none.
    """

    id: str
    ours: bool
    attributes: Callable[[], Mapping[str, Any]]
    unfinished: bool = False
    leaving: bool = False
    other: str = ""


@dataclasses.dataclass(frozen=True)
class Difference:
    """One attribute that is not as it should be; *found* is None where it is not there."""

    attribute: str
    found: Any
    wanted: Any


@dataclasses.dataclass(frozen=True, kw_only=True)
class Description:
    """What people look at.

    Attributes:
        facts: names and values.
        documents: titles and texts of what defines it.
        definition: of a state machine, to be drawn.
        command: words of the AWS CLI that show it.
    """

    facts: Mapping[str, str]
    documents: tuple[tuple[str, str], ...] = ()
    definition: str | None = None
    command: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Resource(abc.ABC):
    """One thing in the cloud, as we want it.

    Attributes:
        kind: what people call such a thing.
        service: what serves it, as boto3 calls it.
        shared: whether one that others made serves as well, and stays as it is.
        name: its name.
        needs: what must be there before it.
    """

    kind: ClassVar[str]
    service: ClassVar[str]
    shared: ClassVar[bool] = False
    name: str
    needs: tuple[Resource, ...] = dataclasses.field(default=(), kw_only=True)

    @property
    def title(self) -> str:
        """Kind and name."""
        return f"{self.kind} {self.name}"

    @abc.abstractmethod
    def read(self, cloud: Cloud) -> Found | None:
        """The resource as it is, None if there is none."""

    @abc.abstractmethod
    def wanted(self, cloud: Cloud) -> dict[str, Any]:
        """Its attributes as they should be."""

    @abc.abstractmethod
    def create(self, cloud: Cloud) -> None:
        """Make it, whole."""

    @abc.abstractmethod
    def update(self, cloud: Cloud, identifier: str, differing: Collection[str]) -> None:
        """Put the attributes *differing* right, in place; *identifier* is that of `Found`."""

    @abc.abstractmethod
    def delete(self, cloud: Cloud, identifier: str) -> None:
        """Delete it, and return when it is gone."""

    def contents(self, cloud: Cloud) -> str | None:  # noqa: ARG002 - most hold nothing
        """What people have put into it, in words, and lose with it; None for nothing."""
        return None

    @abc.abstractmethod
    def describe(self, cloud: Cloud) -> Description:
        """What it is, for people.

        Raises:
            ClientError: it is not there.
        """

    @abc.abstractmethod
    def template(self) -> dict[str, Any]:
        """Its part of the SAM template, by logical id; see `infra.sam`."""

    def wait_until_gone(
        self, find: Callable[[], object], *, timeout_s: float, interval_s: float = 0.05
    ) -> None:
        """Return when *find* finds it no more.

        Raises:
            WaitTimeout: it still is.
        """
        waiting.until(
            lambda: (None if find() else True, "it still exists"),
            f"deletion of {self.title}",
            timeout_s=timeout_s,
            interval_s=interval_s,
        )

    def wait_until_ready(self, cloud: Cloud) -> None:  # noqa: B027 - most are ready when made
        """Return when it can be used."""


@dataclasses.dataclass(frozen=True)
class ResourcePlan:
    """What would be done to a resource, and why.

    Attributes:
        resource: which.
        outcome: created, updated or unchanged.
        found: as it is now.
        differences: why.
    """

    resource: Resource
    outcome: Outcome
    found: Found | None
    differences: tuple[Difference, ...] = ()


@dataclasses.dataclass(frozen=True)
class RemovalPlan:
    """What a removal would do to a resource.

    Attributes:
        resource: which.
        outcome: destroyed, absent or kept.
        contents: what people have put into it, which would go too; None for nothing.
        other: the deployment of this project, another one, that it belongs to; "" for none.
    """

    resource: Resource
    outcome: Outcome
    contents: str | None = None
    other: str = ""


def existing[T](get: Callable[[], T], *absent: str) -> T | None:
    """What *get* gives; None where AWS answers with one of the codes *absent*."""
    try:
        return get()
    except ClientError as error:
        if code(error) in absent:
            return None
        raise


def plan(resource: Resource, cloud: Cloud) -> ResourcePlan:
    """What *resource* lacks. Only reads.

    Raises:
        ProvisioningError: one of its name is there that this project did not make, or that cannot
            be read.
    """
    found = resource.read(cloud)
    if found is None or found.leaving:
        made = resource.wanted(cloud).items()
        missing = tuple(Difference(name, None, value) for name, value in made)
        return ResourcePlan(resource, Outcome.CREATED, found, missing)
    if not (found.ours or found.unfinished):
        if resource.shared:
            return ResourcePlan(resource, Outcome.UNCHANGED, found)
        raise ownership.refuse(resource.title, found.other)
    are = found.attributes()
    differences = tuple(
        Difference(name, are.get(name), value)
        for name, value in resource.wanted(cloud).items()
        if are.get(name) != value
    )
    outcome = Outcome.UPDATED if differences else Outcome.UNCHANGED
    return ResourcePlan(resource, outcome, found, differences)


def settle(resource: Resource, cloud: Cloud) -> Outcome:
    """Make *resource* what it should be; what is so already is only read.

    Raises:
        ProvisioningError: it cannot be had so.
    """
    planned = plan(resource, cloud)
    if planned.outcome is Outcome.CREATED:
        resource.create(cloud)
    elif planned.outcome is Outcome.UPDATED and planned.found is not None:
        differing = {difference.attribute for difference in planned.differences}
        resource.update(cloud, planned.found.id, differing)
    resource.wait_until_ready(cloud)
    return planned.outcome


def plan_removal(resource: Resource, cloud: Cloud) -> RemovalPlan:
    """What `remove` would do to *resource*. Only reads."""
    found = _readable(resource, cloud)
    if found is None:
        return RemovalPlan(resource, Outcome.ABSENT)
    if isinstance(found, ownership.ForeignError):
        return RemovalPlan(resource, Outcome.KEPT)
    if not found.ours:
        return RemovalPlan(resource, Outcome.KEPT, other=found.other)
    return RemovalPlan(resource, Outcome.DESTROYED, resource.contents(cloud))


def remove(resource: Resource, cloud: Cloud) -> Outcome:
    """Delete *resource* if it is ours."""
    found = _readable(resource, cloud)
    if found is None:
        return Outcome.ABSENT
    if isinstance(found, ownership.ForeignError) or not found.ours:
        return Outcome.KEPT
    resource.delete(cloud, found.id)
    return Outcome.DESTROYED


def _readable(resource: Resource, cloud: Cloud) -> Found | ownership.ForeignError | None:
    try:
        return resource.read(cloud)
    except ownership.ForeignError as error:
        return error
