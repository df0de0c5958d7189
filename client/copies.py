"""A copy of a state machine, to try a definition in; the machine itself is left as it is.

A copy has a name and a tag that tell what it is, and the machine's role and type, so that it does
what the machine would do. Whoever makes one removes it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Final

from infra import ownership

if TYPE_CHECKING:
    from testbed.aws import Aws

PREFIX: Final = "console-copy-"
TAG_KEY: Final = "copy-of"
TAGS: Final = ownership.TAGS
_NAME_CHARACTERS: Final = 80  # Step Functions: CreateStateMachine
# One that another console has made just now may not have been started yet.
LEFT_AFTER: Final = dt.timedelta(minutes=10)
STOPPED: Final = "ConsoleCopyRemoved"


def create(aws: Aws, machine_arn: str, definition: str) -> str:
    """Make a copy of a machine, with the *definition* in place of its own; gives its ARN."""
    sfn = aws.stepfunctions
    machine = sfn.describe_state_machine(stateMachineArn=machine_arn)
    name = f"{PREFIX}{uuid.uuid4().hex[:8]}-{machine['name']}"[:_NAME_CHARACTERS]
    tags = TAGS | {TAG_KEY: machine["name"]}
    return sfn.create_state_machine(
        name=name,
        definition=definition,
        roleArn=machine["roleArn"],
        type=machine["type"],
        tags=[{"key": key, "value": value} for key, value in tags.items()],
    )["stateMachineArn"]


def remove(aws: Aws, copy_arn: str) -> None:
    """Stop what runs of a copy, and delete it; nothing if it is gone already."""
    sfn = aws.stepfunctions
    for execution in _running(aws, copy_arn):
        sfn.stop_execution(executionArn=execution, error=STOPPED)
    sfn.delete_state_machine(stateMachineArn=copy_arn)


def abandoned(aws: Aws, now: dt.datetime) -> list[str]:
    """Copies that a console left behind: they are old, and nothing of them runs."""
    pages = aws.stepfunctions.get_paginator("list_state_machines").paginate()
    return [
        one["stateMachineArn"]
        for page in pages
        for one in page["stateMachines"]
        if one["name"].startswith(PREFIX)
        and now - one["creationDate"] > LEFT_AFTER
        and not _running(aws, one["stateMachineArn"])
        and _is_tagged(aws, one["stateMachineArn"])
    ]


def _running(aws: Aws, copy_arn: str) -> list[str]:
    """Executions of a copy that run; of an Express one nobody can ask, and it has an end soon."""
    sfn = aws.stepfunctions
    try:
        found = sfn.list_executions(stateMachineArn=copy_arn, statusFilter="RUNNING")
    except (
        sfn.exceptions.StateMachineTypeNotSupported,
        sfn.exceptions.StateMachineDoesNotExist,
    ):
        return []
    return [one["executionArn"] for one in found["executions"]]


def _is_tagged(aws: Aws, copy_arn: str) -> bool:
    tags = aws.stepfunctions.list_tags_for_resource(resourceArn=copy_arn)["tags"]
    return ownership.is_ours(tags) and any(tag["key"] == TAG_KEY for tag in tags)
