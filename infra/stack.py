"""The pipeline: what there is, and what needs what. All else follows from that.

Resources whose needs are met are made at once; destroying goes the other way round.
"""

from __future__ import annotations

import dataclasses
import functools
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cached_property
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from infra import policies, resource
from infra.account import Account
from infra.resource import Cloud, Outcome, RemovalPlan, Resource, ResourcePlan
from infra.resources.bucket import Bucket
from infra.resources.function import Function
from infra.resources.log_group import LogGroup
from infra.resources.rest_api import RestApi
from infra.resources.role import Role
from infra.resources.state_machine import StateMachine
from testbed import names
from testbed.errors import ProvisioningError
from testbed.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from infra.deployment import AwsDeployment
    from infra.package import Package
    from testbed.aws import Aws
    from testbed.settings import Target


@dataclasses.dataclass(frozen=True)
class Settled:
    """One line of the table that people see.

    Attributes:
        resource: kind and name, such as ``role ImageResizeFunctionRole``.
        outcome: what was done to it.
        seconds: how long that took.
    """

    resource: str
    outcome: Outcome
    seconds: float


type OnSettled = Callable[[Settled], None]
"""Called for each resource when it is done, one call at a time."""

LOG_GROUP: Final = LogGroup(names.FUNCTION_LOG_GROUP)
STATE_MACHINE_ROLE: Final = Role(
    names.STATE_MACHINE_ROLE,
    description="ImageProcessingStateMachine: invoke ImageResizeFunction",
    grants=policies.state_machine_role,
)
API_ROLE: Final = Role(
    names.API_ROLE,
    description="ImageProcessingApi: start executions of ImageProcessingStateMachine",
    grants=policies.api_role,
)


@dataclasses.dataclass(frozen=True)
class Pipeline:
    """Every resource, for two buckets: their names are the one thing that differs by account."""

    originals: Bucket
    thumbnails: Bucket

    @cached_property
    def function_role(self) -> Role:
        """What the function may do to these buckets."""
        grants = functools.partial(
            policies.function_role,
            original_bucket=self.originals.name,
            resized_bucket=self.thumbnails.name,
        )
        return Role(
            names.FUNCTION_ROLE,
            description="ImageResizeFunction: read originals, write thumbnails and its own logs",
            grants=grants,
        )

    @cached_property
    def function(self) -> Function:
        """What knows the buckets by its environment."""
        return Function(
            names.FUNCTION,
            role=self.function_role.name,
            environment={
                "ORIGINAL_BUCKET": self.originals.name,
                "RESIZED_BUCKET": self.thumbnails.name,
            },
            needs=(self.function_role, LOG_GROUP, self.originals, self.thumbnails),
        )

    @cached_property
    def state_machine(self) -> StateMachine:
        """What invokes the function."""
        return StateMachine(
            names.STATE_MACHINE,
            role=STATE_MACHINE_ROLE.name,
            function=self.function.name,
            needs=(STATE_MACHINE_ROLE, self.function),
        )

    @cached_property
    def api(self) -> RestApi:
        """What starts the state machine."""
        return RestApi(
            names.API,
            role=API_ROLE.name,
            state_machine=self.state_machine.name,
            needs=(API_ROLE, self.state_machine),
        )

    @property
    def resources(self) -> tuple[Resource, ...]:
        """All, as people see them listed."""
        return (
            self.originals,
            self.thumbnails,
            LOG_GROUP,
            self.function_role,
            STATE_MACHINE_ROLE,
            API_ROLE,
            self.function,
            self.state_machine,
            self.api,
        )


_GIVEN: Final = Pipeline(Bucket(names.ORIGINAL_BUCKET), Bucket(names.RESIZED_BUCKET))
ORIGINALS: Final = _GIVEN.originals
THUMBNAILS: Final = _GIVEN.thumbnails
FUNCTION_ROLE: Final = _GIVEN.function_role
FUNCTION: Final = _GIVEN.function
STATE_MACHINE: Final = _GIVEN.state_machine
API: Final = _GIVEN.api
RESOURCES: Final[tuple[Resource, ...]] = _GIVEN.resources
"""Every resource, with the names of buckets that were given: an emulator's."""

# Beside the resources': accounts are asked of STS, Lambda's metrics go to CloudWatch, and without
# EventBridge each finished execution logs an error in LocalStack.
SERVICES: Final = tuple(
    sorted({each.service for each in RESOURCES} | {"cloudwatch", "events", "sts"})
)
"""What an emulator must serve, as boto3 calls it."""


def declared(original_bucket: str, resized_bucket: str) -> tuple[Resource, ...]:
    """Every resource of the pipeline that has these buckets."""
    if (original_bucket, resized_bucket) == (ORIGINALS.name, THUMBNAILS.name):
        return RESOURCES
    return Pipeline(Bucket(original_bucket), Bucket(resized_bucket)).resources


def place(
    aws: Aws, deployment: AwsDeployment | None, package: Package | None = None
) -> tuple[Cloud, tuple[Resource, ...]]:
    """Where resources are, and which; an emulator has those with the names that were given."""
    if deployment is None:
        return Cloud(aws, account(aws), package), RESOURCES
    cloud = Cloud(aws, deployment.account, package, deployment.name)
    return cloud, deployment.pipeline.resources


def plan(
    aws: Aws, *, package: Package, deployment: AwsDeployment | None = None
) -> list[ResourcePlan]:
    """What `apply` would do, resource by resource; nothing is changed.

    Raises:
        ProvisioningError: a resource cannot be had as it should be.
    """
    cloud, resources = place(aws, deployment, package)
    with ThreadPoolExecutor(len(resources)) as pool:
        return list(pool.map(lambda each: named(each, resource.plan, cloud), resources))


def apply(
    aws: Aws,
    *,
    target: Target,
    package: Package,
    on_settled: OnSettled = lambda _: None,
    deployment: AwsDeployment | None = None,
) -> Outputs:
    """Bring the pipeline to what it should be; what is so already is left alone.

    Args:
        aws: clients for the account.
        target: where that is, for the outputs.
        package: the function's zip.
        on_settled: told of each resource when it is done.
        deployment: which, on AWS; an emulator has the one with the names that were given.

    Raises:
        ProvisioningError: a resource cannot be had as it should be. Running it again goes on
            where it stopped.
    """
    cloud, resources = place(aws, deployment, package)
    needs = {each: each.needs for each in resources}
    in_order(needs, lambda each: named(each, resource.settle, cloud), on_settled)
    return outputs(cloud, target, deployment.pipeline if deployment else _GIVEN)


def plan_removal(aws: Aws, *, deployment: AwsDeployment | None = None) -> list[RemovalPlan]:
    """What `destroy` would do, resource by resource; nothing is changed."""
    cloud, resources = place(aws, deployment)
    with ThreadPoolExecutor(len(resources)) as pool:
        return list(pool.map(lambda each: named(each, resource.plan_removal, cloud), resources))


def destroy(
    aws: Aws, *, on_settled: OnSettled = lambda _: None, deployment: AwsDeployment | None = None
) -> None:
    """Delete all that `apply` made, with the images in the buckets, and nothing else.

    What is not there is passed over, so a destroy that was interrupted is completed by the next.

    Args:
        aws: clients for the account.
        on_settled: told of each resource when it is done.
        deployment: which, on AWS.
    """
    cloud, resources = place(aws, deployment)
    needed_by = {each: [other for other in resources if each in other.needs] for each in resources}
    in_order(needed_by, lambda each: named(each, resource.remove, cloud), on_settled)


def in_order(
    after: Mapping[Resource, Iterable[Resource]],
    work: Callable[[Resource], Outcome],
    on_settled: OnSettled,
) -> None:
    """Do *work* on each resource as soon as it is done on those that it comes *after*.

    Raises:
        Exception: that of the first work that failed, when all that had begun have ended.
    """
    order = TopologicalSorter(after)
    order.prepare()
    running: dict[Future[Settled], Resource] = {}
    with ThreadPoolExecutor(len(after)) as pool:
        while order.is_active():
            running |= {pool.submit(_timed, work, each): each for each in order.get_ready()}
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                on_settled(future.result())
                order.done(running.pop(future))


def outputs(cloud: Cloud, target: Target, pipeline: Pipeline = _GIVEN) -> Outputs:
    """The addresses of the pipeline.

    Raises:
        ProvisioningError: it has no API.
    """
    aws, api = cloud.aws, pipeline.api.read(cloud)
    if api is None:
        raise ProvisioningError(f"{pipeline.api.title} is gone; `make provision` makes it")
    return Outputs(
        target=target,
        endpoint=aws.endpoint,
        region=aws.region,
        api_url=api_url(
            endpoint=aws.endpoint or aws.redirected_to, region=aws.region, api_id=api.id
        ),
        state_machine_arn=cloud.account.state_machine_arn(pipeline.state_machine.name),
        function_name=pipeline.function.name,
        original_bucket=pipeline.originals.name,
        resized_bucket=pipeline.thumbnails.name,
    )


def api_url(*, endpoint: str | None, region: str, api_id: str) -> str:
    """The address of POST /process; the emulator's needs no DNS."""
    path = f"{names.STAGE}/{names.RESOURCE_PATH}"
    if endpoint is None:
        return f"https://{api_id}.execute-api.{region}.amazonaws.com/{path}"
    return f"{endpoint}/_aws/execute-api/{api_id}/{path}"


def account(aws: Aws) -> Account:
    """Whose the clients are."""
    return Account(id=aws.sts.get_caller_identity()["Account"], region=aws.region)


def named[T](each: Resource, work: Callable[[Resource, Cloud], T], cloud: Cloud) -> T:
    """The result of *work*; an error of AWS's in it says with which resource it was."""
    try:
        return work(each, cloud)
    except ClientError as error:
        error.add_note(each.title)
        raise


def _timed(work: Callable[[Resource], Outcome], each: Resource) -> Settled:
    started = time.monotonic()
    outcome = work(each)
    return Settled(each.title, outcome, time.monotonic() - started)
