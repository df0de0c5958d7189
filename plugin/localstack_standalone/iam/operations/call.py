"""A call of an operation, and what it needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

type ArnOf = Callable[[str, str], str | None]
"""The ARN of what IAM has, by kind (``role``) and name; None where it has none."""


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a call is made.

    Attributes:
        account: twelve digits.
        region: such as ``ca-central-1``.
        partition: such as ``aws``.
    """

    account: str
    region: str
    partition: str = "aws"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account that is in no region: IAM's."""
        return f"arn:{self.partition}:{service}::{self.account}:{resource}"


@dataclasses.dataclass(frozen=True)
class OperationCall:
    """A call of an operation.

    Attributes:
        service: as botocore calls it: ``stepfunctions``.
        operation: its name: ``StartExecution``.
        parameters: as the service's model has them.
        place: where.
        method: of HTTP.
        path: likewise, without the query.
        arn_of: tells what IAM has: an ARN has a path that a call does not name.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    place: Place
    method: str = ""
    path: str = ""
    arn_of: ArnOf = lambda _kind, _name: None


@dataclasses.dataclass(frozen=True)
class NeededAccess:
    """One action on one resource.

    Attributes:
        action: such as ``states:StartExecution``.
        resource: its ARN; ``*`` for an action that has none.
        context: condition keys that the operation has beside those of every request.
    """

    action: str
    resource: str = "*"
    context: Mapping[str, str | Sequence[str]] = dataclasses.field(default_factory=dict)


type Needs = tuple[NeededAccess, ...] | None
"""All that a call needs, none for what anybody may; None where nothing is known of it."""


def passing(role: str | None, service: str) -> tuple[NeededAccess, ...]:
    """What giving *role* to *service* needs.

    Source: IAM User Guide, "Granting a user permissions to pass a role to an AWS service".
    """
    if not role:
        return ()
    return (NeededAccess("iam:PassRole", role, {"iam:PassedToService": service}),)


def request_tags(tags: Any) -> dict[str, str | Sequence[str]]:
    """The condition keys of tags in a request: a mapping, or a list of keys and values in any case.

    Source: IAM User Guide, "AWS global condition context keys".
    """
    if isinstance(tags, Mapping):
        pairs = {str(key): str(value) for key, value in tags.items()}
    else:
        lowered = [{name.lower(): text for name, text in tag.items()} for tag in tags or ()]
        pairs = {str(tag.get("key")): str(tag.get("value", "")) for tag in lowered}
    if not pairs:
        return {}
    return {
        "aws:TagKeys": tuple(pairs),
        **{f"aws:RequestTag/{key}": value for key, value in pairs.items()},
    }
