"""Whether the policies that apply to a request allow it.

Source: IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic".
"""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Iterator
from typing import Final

from localstack_standalone.access.context import Context, Facts
from localstack_standalone.access.document import Policy, PolicyKind, Statement
from localstack_standalone.access.principal import Identity, IdentityKind, Reach

_ACCOUNT: Final = re.compile(r"\d{12}")
# "The root user … can always perform" them (Amazon S3 API reference, PutBucketPolicy).
_ALWAYS_ROOTS: Final = frozenset(
    {"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"}
)


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


_DENIED: Final = {
    PolicyKind.IDENTITY: DecisionKind.DENIED_BY_IDENTITY,
    PolicyKind.RESOURCE: DecisionKind.DENIED_BY_RESOURCE,
    PolicyKind.TRUST: DecisionKind.DENIED_BY_TRUST,
    PolicyKind.BOUNDARY: DecisionKind.DENIED_BY_BOUNDARY,
    PolicyKind.SESSION: DecisionKind.DENIED_BY_SESSION,
}


@dataclasses.dataclass(frozen=True)
class _Found:
    """A statement that applies, and how its Principal names who asks (DIRECT where there is none)."""

    reference: StatementReference
    allows: bool
    reach: Reach


def evaluate(request: AccessRequest, policies: Policies) -> Decision:
    """What AWS would decide of *request*, with *policies* and no others.

    Of more than one reason the first is told, in the order of the guide: denies before all, then what
    is missing. The account's root may do all in it but for what the resource's policy denies.
    """
    facts = Facts(request.context)
    found = list(_applying(request, policies, facts))
    denying = tuple(one.reference for one in found if not one.allows)
    if denying:
        return Decision(allowed=False, kind=_DENIED[denying[0].kind], by=denying)
    missing = _missing(request, policies, facts, found)
    if missing:
        return Decision(allowed=False, kind=missing)
    if _is_root_at_home(request, facts):
        return Decision(allowed=True, kind=DecisionKind.ALLOWED)
    by = tuple(one.reference for one in found)
    return Decision(allowed=True, kind=DecisionKind.ALLOWED, by=by)


def _applying(request: AccessRequest, policies: Policies, facts: Facts) -> Iterator[_Found]:
    """All statements that are about *request*."""
    resource = [policies.resource] if policies.resource else []
    boundary = [policies.boundary] if policies.boundary else []
    for named in (*policies.identity, *resource, *boundary, *policies.session):
        kind = named.policy.kind
        for statement in named.policy.statements:
            reach = _reach(statement, request, bounded=bool(boundary))
            if reach and statement.covers(request.action, request.resource, facts):
                reference = StatementReference(named.name, kind, statement.index, statement.sid)
                yield _Found(reference, statement.allows, reach)


def _reach(statement: Statement, request: AccessRequest, *, bounded: bool) -> Reach | None:
    """How *statement* names who asks; None where it does not mean them."""
    principals, identity = statement.principals, request.identity
    if principals is None:
        return Reach.DIRECT
    if not statement.excludes_principals:
        keeps = identity.kind is IdentityKind.ROOT and request.action.lower() in _ALWAYS_ROOTS
        return None if keeps and not statement.allows else principals.reach(identity)
    if statement.allows:
        return None if principals.reach(identity) else Reach.DIRECT
    # "will always deny any IAM principal that has a permissions boundary policy attached" (Permissions
    # boundaries for IAM entities).
    spared = principals.names_wholly(identity) and not bounded
    return None if spared else Reach.DIRECT


def _missing(
    request: AccessRequest, policies: Policies, facts: Facts, found: list[_Found]
) -> DecisionKind | None:
    """What would have to allow *request* and does not; None where nothing is missing."""
    trust = policies.resource is not None and policies.resource.policy.kind is PolicyKind.TRUST
    unnamed = DecisionKind.NO_TRUST if trust else DecisionKind.NO_RESOURCE
    reach = max((one.reach for one in found if _is_resources(one)), default=None)
    if _is_root_at_home(request, facts):
        return None
    if not _is_at_home(request, facts):
        # "The request is allowed only if both evaluations return a decision of Allow", and only the
        # resource's account can let in who has none.
        if reach is None or not request.identity.account:
            return unnamed if reach is None else None
        return (
            None
            if request.identity.kind is IdentityKind.ROOT
            else _unpermitted(request, policies, found)
        )
    if reach is Reach.DIRECT:
        return None
    if reach is Reach.PARENT:
        return _limited(request, policies, found)
    if trust and reach is None:
        return unnamed
    return _unpermitted(request, policies, found)


def _unpermitted(
    request: AccessRequest, policies: Policies, found: list[_Found]
) -> DecisionKind | None:
    """Which of the identity's own policies does not allow it."""
    if not _allows(found, PolicyKind.IDENTITY):
        return DecisionKind.NO_IDENTITY
    return _limited(request, policies, found)


def _limited(
    request: AccessRequest, policies: Policies, found: list[_Found]
) -> DecisionKind | None:
    """Which of the policies that limit an identity does not allow it."""
    if policies.boundary and not _allows(found, PolicyKind.BOUNDARY):
        return DecisionKind.NO_BOUNDARY
    # "If there is no session policy, … If the principal is a role session, then the request is Allowed.
    # Otherwise, the request is implicitly denied."
    needed = policies.session or request.identity.kind is IdentityKind.FEDERATED
    if needed and not _allows(found, PolicyKind.SESSION):
        return DecisionKind.NO_SESSION
    return None


def _allows(found: list[_Found], kind: PolicyKind) -> bool:
    return any(one.reference.kind is kind for one in found)


def _is_resources(one: _Found) -> bool:
    return one.reference.kind in {PolicyKind.RESOURCE, PolicyKind.TRUST}


def _is_root_at_home(request: AccessRequest, facts: Facts) -> bool:
    return request.identity.kind is IdentityKind.ROOT and _is_at_home(request, facts)


def _is_at_home(request: AccessRequest, facts: Facts) -> bool:
    """Whether the resource is in the account of who asks; a service has none, nor somebody anonymous."""
    owner = owner_of(request.resource, facts)
    own = request.identity.account
    return bool(own) and owner in {own, None}


def owner_of(resource: str, facts: Facts) -> str | None:
    """The account of *resource*: of its ARN, or as the context says; None where neither does."""
    parts = resource.split(":", 5)
    if len(parts) > 5 and _ACCOUNT.fullmatch(parts[4]):
        return parts[4]
    return facts.variable("aws:ResourceAccount")
