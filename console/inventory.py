"""What is provisioned, as the services themselves describe it, and the command for each thing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from console.commands import Cli
from infra import stack
from infra.resource import Cloud, Description
from targets import health

if TYPE_CHECKING:
    from console.command_forms import ShownCommand
    from console.watch import Deployment
    from infra.resource import Resource


@dataclasses.dataclass(frozen=True, kw_only=True)
class Item:
    """One thing.

    Attributes:
        title: what it is and its name.
        description: what it is like; empty where that cannot be told.
        commands: how a terminal shows it.
        error: why it cannot be described, None if it can.
    """

    title: str
    description: Description
    commands: tuple[str | ShownCommand, ...] = ()
    error: str | None = None


def look(found: Deployment) -> list[Item]:
    """Everything of the pipeline; what is missing is among it, with the reason."""
    cloud = Cloud(found.aws, stack.account(found.aws))
    buckets = found.outputs.original_bucket, found.outputs.resized_bucket
    resources = [_described(found, cloud, each) for each in reversed(stack.declared(*buckets))]
    return [_testbed(found), *resources]


def _described(found: Deployment, cloud: Cloud, resource: Resource) -> Item:
    title = resource.title[:1].upper() + resource.title[1:]
    try:
        description = resource.describe(cloud)
    except ClientError as error:
        return Item(title=title, description=Description(facts={}), error=str(error))
    command = Cli(found.outputs).line(*description.command)
    return Item(title=title, description=description, commands=(command,))


def _testbed(found: Deployment) -> Item:
    outputs = found.outputs
    endpoint = outputs.endpoint
    state = "AWS" if endpoint is None else health.check(endpoint).seen
    busy = None if endpoint is None else health.environments(endpoint)
    facts = {
        "target": outputs.target,
        "state": state,
        **({} if busy is None else {"invocations": str(busy)}),
        "endpoint": endpoint or "AWS",
        "region": outputs.region,
        "API": outputs.api_url,
        "state folder": found.state_dir.name,
    }
    post = Cli(outputs).post('{"key": "club2.png"}')
    commands = ("make status", "make outputs", 'eval "$(make env)"', post)
    return Item(title="Testbed", description=Description(facts=facts), commands=commands)
