"""Whether the policies that apply to a request allow it.

Source: IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic".
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping, Sequence

from localstack_standalone.access.document import Policy, PolicyKind
from localstack_standalone.access.principal import Identity

type Context = Mapping[str, str | Sequence[str]]
"""Condition keys and their values; names in any case, a sequence where a key has many values."""


@dataclasses.dataclass(frozen=True)
class AccessRequest:
    """What is asked.

    Attributes:
        identity: who asks.
        action: such as ``s3:GetObject``.
        resource: its ARN; ``*`` for an action that has none.
        context: condition keys. ``aws:ResourceAccount`` says whose the resource is where its ARN
            has no account; without either it is the caller's.
    """

    identity: Identity
    action: str
    resource: str = "*"
    context: Context = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class NamedPolicy:
    """A policy, and what it is called in reports (its name, or its ARN)."""

    name: str
    policy: Policy


@dataclasses.dataclass(frozen=True)
class Policies:
    """All that apply to a request.

    Attributes:
        identity: those of the user and its groups, or of the role.
        resource: the resource's (of kind RESOURCE), or the role's trust policy (of kind TRUST) where
            the action is one of sts:AssumeRole's kin; None where the resource has none.
        boundary: the permissions boundary of the user or role; None without one.
        session: those given when the session was begun; none means that it is not limited.
    """

    identity: tuple[NamedPolicy, ...] = ()
    resource: NamedPolicy | None = None
    boundary: NamedPolicy | None = None
    session: tuple[NamedPolicy, ...] = ()


class DecisionKind(enum.StrEnum):
    """Why a request is allowed or not."""

    ALLOWED = "allowed"
    DENIED_BY_IDENTITY = "explicit deny in an identity-based policy"
    DENIED_BY_RESOURCE = "explicit deny in a resource-based policy"
    DENIED_BY_TRUST = "explicit deny in the role trust policy"
    DENIED_BY_BOUNDARY = "explicit deny in a permissions boundary"
    DENIED_BY_SESSION = "explicit deny in a session policy"
    NO_IDENTITY = "no identity-based policy allows"
    NO_RESOURCE = "no resource-based policy allows"
    NO_TRUST = "no role trust policy allows"
    NO_BOUNDARY = "no permissions boundary allows"
    NO_SESSION = "no session policy allows"


@dataclasses.dataclass(frozen=True)
class StatementReference:
    """Which statement of which policy.

    Attributes:
        policy: the policy's name.
        kind: what kind it is.
        index: the statement's place in it, from 0.
        sid: its Sid; None where there is none.
    """

    policy: str
    kind: PolicyKind
    index: int
    sid: str | None


@dataclasses.dataclass(frozen=True)
class Decision:
    """What comes of a request.

    Attributes:
        allowed: whether it may go on.
        kind: why.
        by: all statements that allow it, or that deny it explicitly; none where it is denied
            implicitly, or where the account's root asks.
    """

    allowed: bool
    kind: DecisionKind
    by: tuple[StatementReference, ...] = ()


def evaluate(request: AccessRequest, policies: Policies) -> Decision:
    """What AWS would decide of *request*, with *policies* and no others."""
    raise NotImplementedError
