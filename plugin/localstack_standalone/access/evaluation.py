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
_BEHIND_THE_ACCOUNT: Final = 5
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
        resource: the resource's, or where the action is one of sts:AssumeRole's kin the role's
            trust policy, read as one of kind TRUST; None where the resource has none.
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
            implicitly.
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
    """A statement that applies, and how its Principal names who asks; DIRECT where it has none."""

    reference: StatementReference
    allows: bool
    reach: Reach


@dataclasses.dataclass(frozen=True)
class _Case:
    """A request, all that was found on it, and whether its resource is in the caller's account."""

    request: AccessRequest
    policies: Policies
    found: tuple[_Found, ...]
    at_home: bool

    def allows(self, kind: PolicyKind) -> bool:
        """Whether a policy of *kind* does; without a deny, all that was found does."""
        return any(one.reference.kind is kind for one in self.found)

    def reach(self) -> Reach | None:
        """How the resource's policy names who asks, at best; None where it does not allow it."""
        of_resource = (
            one.reach
            for one in self.found
            if one.reference.kind in {PolicyKind.RESOURCE, PolicyKind.TRUST}
        )
        return max(of_resource, default=None)


def evaluate(request: AccessRequest, policies: Policies) -> Decision:
    """What AWS would decide of *request*, with *policies* and no others.

    Of more than one reason the first is told, in the order of the guide: denies before all, then
    what is missing. The account's root may do all in it but for what the resource's policy denies.
    """
    facts = Facts(request.context)
    found = tuple(_applying(request, policies, facts))
    denying = tuple(one.reference for one in found if not one.allows)
    if denying:
        return Decision(allowed=False, kind=_DENIED[denying[0].kind], by=denying)
    case = _Case(request, policies, found, _is_at_home(request, facts))
    missing = _missing_at_home(case) if case.at_home else _missing_elsewhere(case)
    if missing:
        return Decision(allowed=False, kind=missing)
    by = tuple(one.reference for one in found)
    return Decision(allowed=True, kind=DecisionKind.ALLOWED, by=by)


def owner_of(resource: str, facts: Facts) -> str | None:
    """The account of *resource*: of its ARN, or as the context says; None where neither does."""
    *_, account = resource.split(":", _BEHIND_THE_ACCOUNT)[:_BEHIND_THE_ACCOUNT]
    return account if _ACCOUNT.fullmatch(account) else facts.variable("aws:ResourceAccount")


def _is_at_home(request: AccessRequest, facts: Facts) -> bool:
    """Whether caller and resource are of one account; who has none is at home nowhere."""
    own = request.identity.account
    return bool(own) and owner_of(request.resource, facts) in {own, None}


def _by_kind(policies: Policies) -> Iterator[tuple[PolicyKind, NamedPolicy]]:
    """All *policies*, by what they are here: the same managed policy may be one or a boundary."""
    for named in policies.identity:
        yield PolicyKind.IDENTITY, named
    if policies.resource:
        trust = policies.resource.policy.kind is PolicyKind.TRUST
        yield PolicyKind.TRUST if trust else PolicyKind.RESOURCE, policies.resource
    if policies.boundary:
        yield PolicyKind.BOUNDARY, policies.boundary
    for named in policies.session:
        yield PolicyKind.SESSION, named


def _applying(request: AccessRequest, policies: Policies, facts: Facts) -> Iterator[_Found]:
    """All statements that are about *request*."""
    for kind, named in _by_kind(policies):
        for statement in named.policy.statements:
            reach = _reach(statement, request, bounded=policies.boundary is not None)
            if reach and statement.covers(request.action, request.resource, facts):
                reference = StatementReference(named.name, kind, statement.index, statement.sid)
                yield _Found(reference, statement.allows, reach)


def _reach(statement: Statement, request: AccessRequest, *, bounded: bool) -> Reach | None:
    """How *statement* names who asks; None where it does not mean them."""
    principals, identity = statement.principals, request.identity
    if principals is None:
        return Reach.DIRECT
    if not statement.allows and _is_always_roots(request):
        return None
    if not statement.excludes_principals:
        return principals.reach(identity)
    if statement.allows:
        return None if principals.reach(identity) else Reach.DIRECT
    # "will always deny any IAM principal that has a permissions boundary policy attached"
    # (Permissions boundaries for IAM entities).
    spared = principals.names_wholly(identity) and not bounded
    return None if spared else Reach.DIRECT


def _is_always_roots(request: AccessRequest) -> bool:
    return request.identity.kind is IdentityKind.ROOT and request.action.lower() in _ALWAYS_ROOTS


def _missing_elsewhere(case: _Case) -> DecisionKind | None:
    """What does not allow a request of another account, or of who has none; None where all do.

    "The request is allowed only if both evaluations return a decision of Allow."
    """
    if case.reach() is None:
        return _unnamed(case)
    identity = case.request.identity
    has_policies = identity.account and identity.kind is not IdentityKind.ROOT
    return _unpermitted(case) if has_policies else None


def _missing_at_home(case: _Case) -> DecisionKind | None:
    """What does not allow a request within an account; None where nothing is missing.

    A trust policy has to name who asks: "role trust policies … must explicitly allow access".
    """
    reach = case.reach()
    if reach is Reach.DIRECT or case.request.identity.kind is IdentityKind.ROOT:
        return None
    if reach is Reach.PARENT:
        return _limited(case)
    unnamed = _unnamed(case)
    return unnamed if reach is None and unnamed is DecisionKind.NO_TRUST else _unpermitted(case)


def _unnamed(case: _Case) -> DecisionKind:
    resource = case.policies.resource
    trust = resource is not None and resource.policy.kind is PolicyKind.TRUST
    return DecisionKind.NO_TRUST if trust else DecisionKind.NO_RESOURCE


def _unpermitted(case: _Case) -> DecisionKind | None:
    """Which of the policies of the identity does not allow it."""
    return _limited(case) if case.allows(PolicyKind.IDENTITY) else DecisionKind.NO_IDENTITY


def _limited(case: _Case) -> DecisionKind | None:
    """Which of the policies that limit an identity does not allow it.

    "If there is no session policy, … If the principal is a role session, then the request is
    Allowed. Otherwise, the request is implicitly denied", which federated users are.
    """
    if case.policies.boundary and not case.allows(PolicyKind.BOUNDARY):
        return DecisionKind.NO_BOUNDARY
    federated = case.request.identity.kind is IdentityKind.FEDERATED
    if (case.policies.session or federated) and not case.allows(PolicyKind.SESSION):
        return DecisionKind.NO_SESSION
    return None
