"""Who may do what: every way through AWS's evaluation, and what holds of all of them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localstack_standalone.access.document import PolicyKind, parse
from localstack_standalone.access.evaluation import (
    AccessRequest,
    Decision,
    DecisionKind,
    NamedPolicy,
    Policies,
    StatementReference,
    evaluate,
)
from localstack_standalone.access.principal import Identity, IdentityKind

ACCOUNT = "111122223333"
OTHER = "444455556666"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
USER = Identity(IdentityKind.USER, f"arn:aws:iam::{ACCOUNT}:user/u", ACCOUNT)
SESSION = Identity(
    IdentityKind.SESSION, f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s", ACCOUNT, ROLE, "s"
)
FEDERATED = Identity(
    IdentityKind.FEDERATED, f"arn:aws:sts::{ACCOUNT}:federated-user/f", ACCOUNT, USER.arn, "f"
)
ROOT = Identity(IdentityKind.ROOT, f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT)
SERVICE = Identity(IdentityKind.SERVICE, "s3.amazonaws.com")
ANONYMOUS = Identity(IdentityKind.ANONYMOUS)
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
THEIRS = f"arn:aws:lambda:us-east-1:{OTHER}:function:f"
ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}
DENY: dict[str, Any] = {**ALLOW, "Effect": "Deny"}
ELSE: dict[str, Any] = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}


def _policy(name: str, kind: PolicyKind, *statements: dict[str, Any]) -> NamedPolicy:
    return NamedPolicy(
        name, parse({"Version": "2012-10-17", "Statement": list(statements)}, kind=kind)
    )


def _identity(*statements: dict[str, Any]) -> tuple[NamedPolicy, ...]:
    return (_policy("identity", PolicyKind.IDENTITY, *statements),)


def _resource(principal: Any, effect: str = "Allow", **more: Any) -> NamedPolicy:
    statement = {**ALLOW, "Effect": effect, "Principal": principal, **more}
    return _policy("resource", PolicyKind.RESOURCE, statement)


def _boundary(*statements: dict[str, Any]) -> NamedPolicy:
    return _policy("boundary", PolicyKind.BOUNDARY, *statements)


def _session(*statements: dict[str, Any]) -> tuple[NamedPolicy, ...]:
    return (_policy("session", PolicyKind.SESSION, *statements),)


def _trust(principal: Any, effect: str = "Allow") -> NamedPolicy:
    statement = {"Effect": effect, "Action": "sts:AssumeRole", "Principal": principal}
    return _policy("trust", PolicyKind.TRUST, statement)


def _decide(identity: Identity, policies: Policies, resource: str = FUNCTION) -> Decision:
    return evaluate(AccessRequest(identity, "lambda:InvokeFunction", resource), policies)


def _kind(identity: Identity, policies: Policies, resource: str = FUNCTION) -> DecisionKind:
    return _decide(identity, policies, resource).kind


def _assume(identity: Identity, policies: Policies) -> DecisionKind:
    request = AccessRequest(identity, "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/target")
    return evaluate(request, policies).kind


# "Resource-based policies and implicit denies in other policy types (same account)": who is named,
# and which of the others may then be without an Allow.
NAMED: list[tuple[Identity, Any, Policies, DecisionKind]] = [
    (USER, {"AWS": USER.arn}, Policies(), DecisionKind.ALLOWED),
    (USER, {"AWS": USER.arn}, Policies(boundary=_boundary(ELSE)), DecisionKind.ALLOWED),
    (SESSION, {"AWS": SESSION.arn}, Policies(), DecisionKind.ALLOWED),
    (SESSION, {"AWS": SESSION.arn}, Policies(boundary=_boundary(ELSE)), DecisionKind.ALLOWED),
    (SESSION, {"AWS": SESSION.arn}, Policies(session=_session(ELSE)), DecisionKind.ALLOWED),
    (SESSION, {"AWS": ROLE}, Policies(), DecisionKind.ALLOWED),
    (SESSION, {"AWS": ROLE}, Policies(boundary=_boundary(ELSE)), DecisionKind.NO_BOUNDARY),
    (SESSION, {"AWS": ROLE}, Policies(session=_session(ELSE)), DecisionKind.NO_SESSION),
    (
        SESSION,
        {"AWS": ROLE},
        Policies(boundary=_boundary(ALLOW), session=_session(ALLOW)),
        DecisionKind.ALLOWED,
    ),
    (FEDERATED, {"AWS": FEDERATED.arn}, Policies(), DecisionKind.ALLOWED),
    (FEDERATED, {"AWS": USER.arn}, Policies(session=_session(ELSE)), DecisionKind.NO_SESSION),
    (FEDERATED, {"AWS": USER.arn}, Policies(), DecisionKind.NO_SESSION),
    (FEDERATED, {"AWS": USER.arn}, Policies(boundary=_boundary(ELSE)), DecisionKind.NO_BOUNDARY),
    # Boundaries "do not limit permissions granted using … a wildcard (*) in the Principal element".
    (
        SESSION,
        "*",
        Policies(boundary=_boundary(ELSE), session=_session(ELSE)),
        DecisionKind.ALLOWED,
    ),
    # An account is delegated to: who is in it has to be allowed there.
    (USER, {"AWS": ACCOUNT}, Policies(), DecisionKind.NO_IDENTITY),
    (USER, {"AWS": ACCOUNT}, Policies(_identity(ALLOW)), DecisionKind.ALLOWED),
    # Whoever is named in no policy needs one of his own.
    (USER, {"AWS": OTHER}, Policies(), DecisionKind.NO_IDENTITY),
    (USER, {"AWS": OTHER}, Policies(_identity(ALLOW)), DecisionKind.ALLOWED),
]


@pytest.mark.parametrize(("identity", "principal", "others", "expected"), NAMED)
def test_a_resource_names_who_asks(
    identity: Identity, principal: Any, others: Policies, expected: DecisionKind
) -> None:
    """Who is named himself is not limited by what others leave out, a role is."""
    policies = Policies(others.identity, _resource(principal), others.boundary, others.session)
    assert expected is _kind(identity, policies)


ALONE: list[tuple[Identity, Policies, DecisionKind]] = [
    (USER, Policies(), DecisionKind.NO_IDENTITY),
    (USER, Policies(_identity(ELSE)), DecisionKind.NO_IDENTITY),
    (USER, Policies(_identity(ALLOW)), DecisionKind.ALLOWED),
    (USER, Policies(_identity(ALLOW), boundary=_boundary(ALLOW)), DecisionKind.ALLOWED),
    (USER, Policies(_identity(ALLOW), boundary=_boundary(ELSE)), DecisionKind.NO_BOUNDARY),
    (USER, Policies(boundary=_boundary(ALLOW)), DecisionKind.NO_IDENTITY),
    (SESSION, Policies(_identity(ALLOW)), DecisionKind.ALLOWED),
    (SESSION, Policies(_identity(ALLOW), session=_session(ALLOW)), DecisionKind.ALLOWED),
    (SESSION, Policies(_identity(ALLOW), session=_session(ELSE)), DecisionKind.NO_SESSION),
    (SESSION, Policies(session=_session(ALLOW)), DecisionKind.NO_IDENTITY),
    # "If there is no session policy …": a federated user's session needs one.
    (FEDERATED, Policies(_identity(ALLOW)), DecisionKind.NO_SESSION),
    (FEDERATED, Policies(_identity(ALLOW), session=_session(ALLOW)), DecisionKind.ALLOWED),
    (ROOT, Policies(), DecisionKind.ALLOWED),
    (ANONYMOUS, Policies(), DecisionKind.NO_RESOURCE),
    (SERVICE, Policies(), DecisionKind.NO_RESOURCE),
    (ANONYMOUS, Policies(resource=_resource("*")), DecisionKind.ALLOWED),
    (ANONYMOUS, Policies(resource=_resource({"AWS": ACCOUNT})), DecisionKind.NO_RESOURCE),
    (SERVICE, Policies(resource=_resource({"Service": SERVICE.arn})), DecisionKind.ALLOWED),
    (
        SERVICE,
        Policies(resource=_resource({"Service": "sns.amazonaws.com"})),
        DecisionKind.NO_RESOURCE,
    ),
]


@pytest.mark.parametrize(("identity", "policies", "expected"), ALONE)
def test_in_one_account(identity: Identity, policies: Policies, expected: DecisionKind) -> None:
    """Identity, boundary and session have all to allow it."""
    assert expected is _kind(identity, policies)


ACROSS: list[tuple[Identity, Policies, DecisionKind]] = [
    (USER, Policies(_identity(ALLOW)), DecisionKind.NO_RESOURCE),
    (USER, Policies(resource=_resource({"AWS": USER.arn})), DecisionKind.NO_IDENTITY),
    (USER, Policies(resource=_resource("*")), DecisionKind.NO_IDENTITY),
    (USER, Policies(_identity(ALLOW), _resource({"AWS": USER.arn})), DecisionKind.ALLOWED),
    (USER, Policies(_identity(ALLOW), _resource({"AWS": ACCOUNT})), DecisionKind.ALLOWED),
    (USER, Policies(_identity(ALLOW), _resource({"AWS": OTHER})), DecisionKind.NO_RESOURCE),
    (
        SESSION,
        Policies(_identity(ALLOW), _resource({"AWS": SESSION.arn}), _boundary(ELSE)),
        DecisionKind.NO_BOUNDARY,
    ),
    (
        SESSION,
        Policies(_identity(ALLOW), _resource({"AWS": SESSION.arn}), session=_session(ELSE)),
        DecisionKind.NO_SESSION,
    ),
    (ROOT, Policies(), DecisionKind.NO_RESOURCE),
    (ROOT, Policies(resource=_resource({"AWS": ACCOUNT})), DecisionKind.ALLOWED),
]


@pytest.mark.parametrize(("identity", "policies", "expected"), ACROSS)
def test_across_accounts(identity: Identity, policies: Policies, expected: DecisionKind) -> None:
    """Both accounts have to allow it, whoever is named."""
    assert expected is _kind(identity, policies, THEIRS)


@pytest.mark.parametrize("first", [ROLE, SESSION.arn])
def test_of_two_statements_the_closer_counts(first: str) -> None:
    """Who is named by the account in one and himself in another is named himself."""
    second = SESSION.arn if first == ROLE else ROLE
    named = [{**ALLOW, "Principal": {"AWS": who}} for who in (first, second, ACCOUNT)]
    policies = Policies(
        resource=_policy("resource", PolicyKind.RESOURCE, *named), boundary=_boundary(ELSE)
    )
    assert DecisionKind.ALLOWED is _kind(SESSION, policies)


def test_a_managed_policy_may_be_a_boundary() -> None:
    """Where it is given says what it is, not how it was read."""
    (everywhere,) = _identity(ELSE)
    policies = Policies(_identity(ALLOW), boundary=everywhere)
    assert DecisionKind.NO_BOUNDARY is _kind(USER, policies)
    policies = Policies(_identity(ALLOW), session=_identity(DENY))
    assert DecisionKind.DENIED_BY_SESSION is _kind(SESSION, policies)


def test_whose_a_bucket_is_the_context_says() -> None:
    """Its ARN has no account."""
    policies = Policies(_identity({**ALLOW, "Action": "s3:*"}))
    ours = AccessRequest(USER, "s3:GetObject", "arn:aws:s3:::b/k")
    theirs = AccessRequest(USER, ours.action, ours.resource, {"aws:ResourceAccount": OTHER})
    assert DecisionKind.ALLOWED is evaluate(ours, policies).kind
    assert DecisionKind.NO_RESOURCE is evaluate(theirs, policies).kind


@pytest.mark.parametrize(
    ("identity", "policies", "expected"),
    [
        (USER, Policies(_identity(ALLOW, DENY)), DecisionKind.DENIED_BY_IDENTITY),
        (USER, Policies(_identity(ALLOW), _resource("*", "Deny")), DecisionKind.DENIED_BY_RESOURCE),
        (
            USER,
            Policies(_identity(ALLOW), None, _boundary(ALLOW, DENY)),
            DecisionKind.DENIED_BY_BOUNDARY,
        ),
        (
            SESSION,
            Policies(_identity(ALLOW), None, None, _session(ALLOW, DENY)),
            DecisionKind.DENIED_BY_SESSION,
        ),
        (
            SESSION,
            Policies((), _resource({"AWS": SESSION.arn}), None, _session(DENY)),
            DecisionKind.DENIED_BY_SESSION,
        ),
        (
            USER,
            Policies(_identity(ALLOW), _resource({"AWS": ACCOUNT}, "Deny")),
            DecisionKind.DENIED_BY_RESOURCE,
        ),
        (ROOT, Policies((), _resource("*", "Deny")), DecisionKind.DENIED_BY_RESOURCE),
        (
            SESSION,
            Policies(_identity(ALLOW), _resource({"AWS": ROLE}, "Deny")),
            DecisionKind.DENIED_BY_RESOURCE,
        ),
    ],
)
def test_an_explicit_deny_wins(
    identity: Identity, policies: Policies, expected: DecisionKind
) -> None:
    """Wherever it stands."""
    decision = _decide(identity, policies)
    assert not decision.allowed
    assert expected is decision.kind


def test_root_keeps_hold_of_its_bucket_policy() -> None:
    """S3, PutBucketPolicy: the owner's root can always read, put and remove it."""
    policies = Policies(resource=_resource("*", "Deny", Action="s3:*"))
    request = AccessRequest(ROOT, "s3:PutBucketPolicy", "arn:aws:s3:::b")
    assert evaluate(request, policies).allowed
    assert not evaluate(AccessRequest(ROOT, "s3:GetObject", "arn:aws:s3:::b/k"), policies).allowed


def test_not_principal_spares_nobody_with_a_boundary() -> None:
    """Permissions boundaries: "will always deny any IAM principal that has a … boundary"."""
    statement = {**DENY, "NotPrincipal": {"AWS": [USER.arn, ACCOUNT]}}
    spared = _policy("resource", PolicyKind.RESOURCE, statement)
    policies = Policies(_identity(ALLOW), spared)
    bounded = Policies(_identity(ALLOW), spared, _boundary(ALLOW))
    assert DecisionKind.ALLOWED is _kind(USER, policies)
    assert DecisionKind.DENIED_BY_RESOURCE is _kind(USER, bounded)
    assert DecisionKind.DENIED_BY_RESOURCE is _kind(SESSION, policies)


def test_not_principal_with_allow_means_all_others() -> None:
    """The guide advises against it: even somebody anonymous is allowed."""
    statement = {**ALLOW, "NotPrincipal": {"AWS": USER.arn}}
    policies = Policies(resource=_policy("resource", PolicyKind.RESOURCE, statement))
    assert DecisionKind.NO_IDENTITY is _kind(USER, policies)
    assert DecisionKind.ALLOWED is _kind(SESSION, policies)
    assert DecisionKind.ALLOWED is _kind(ANONYMOUS, policies)


ASSUME: dict[str, Any] = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
TRUSTED: list[tuple[Identity, Policies, DecisionKind]] = [
    # A trust policy has to allow it: the identity's alone does not.
    (
        USER,
        Policies(_identity(ASSUME), _trust({"Service": "x.amazonaws.com"})),
        DecisionKind.NO_TRUST,
    ),
    # STS API, AssumeRole: a policy for the user, or the user as a principal in the trust policy.
    (USER, Policies((), _trust({"AWS": USER.arn})), DecisionKind.ALLOWED),
    (USER, Policies((), _trust({"AWS": ACCOUNT})), DecisionKind.NO_IDENTITY),
    (USER, Policies(_identity(ASSUME), _trust({"AWS": ACCOUNT})), DecisionKind.ALLOWED),
    (USER, Policies(_identity(ASSUME), _trust("*", "Deny")), DecisionKind.DENIED_BY_TRUST),
    (SERVICE, Policies((), _trust({"Service": SERVICE.arn})), DecisionKind.ALLOWED),
    (SERVICE, Policies((), _trust({"Service": "lambda.amazonaws.com"})), DecisionKind.NO_TRUST),
    (SERVICE, Policies((), _trust({"AWS": ACCOUNT})), DecisionKind.NO_TRUST),
]


@pytest.mark.parametrize(("identity", "policies", "expected"), TRUSTED)
def test_roles_are_assumed_by_whom_they_trust(
    identity: Identity, policies: Policies, expected: DecisionKind
) -> None:
    """Policy evaluation logic: trust policies "must explicitly allow access for principals"."""
    assert expected is _assume(identity, policies)


def test_a_confused_deputy_is_not_trusted() -> None:
    """aws:SourceArn and aws:SourceAccount of a service that acts for somebody."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": SERVICE.arn},
        "Condition": {
            "ArnLike": {"aws:SourceArn": f"arn:aws:states:*:{ACCOUNT}:stateMachine:*"},
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
        },
    }
    policies = Policies(resource=_policy("trust", PolicyKind.TRUST, statement))
    machine = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:m"
    context = {"aws:SourceArn": machine, "aws:SourceAccount": ACCOUNT}
    request = AccessRequest(SERVICE, "sts:AssumeRole", ROLE, context)
    assert evaluate(request, policies).allowed
    context["aws:SourceAccount"] = OTHER
    assert DecisionKind.NO_TRUST is evaluate(request, policies).kind
    assert not evaluate(AccessRequest(SERVICE, "sts:AssumeRole", ROLE), policies).allowed


def test_a_decision_names_the_statements() -> None:
    """All that allow, in all policies; or all that deny."""
    policies = Policies(
        (
            _policy("first", PolicyKind.IDENTITY, ELSE, {**ALLOW, "Sid": "Mine"}),
            _policy("second", PolicyKind.IDENTITY, ALLOW),
        ),
        _resource({"AWS": USER.arn}),
        _boundary(ALLOW, ELSE),
    )
    assert _decide(USER, policies).by == (
        StatementReference("first", PolicyKind.IDENTITY, 1, "Mine"),
        StatementReference("second", PolicyKind.IDENTITY, 0, None),
        StatementReference("resource", PolicyKind.RESOURCE, 0, None),
        StatementReference("boundary", PolicyKind.BOUNDARY, 0, None),
    )
    denied = Policies(_identity(ALLOW, DENY), _resource("*", "Deny"))
    assert _decide(USER, denied).by == (
        StatementReference("identity", PolicyKind.IDENTITY, 1, None),
        StatementReference("resource", PolicyKind.RESOURCE, 0, None),
    )
    assert _decide(USER, Policies(_identity(ELSE))).by == ()
    assert _decide(ROOT, Policies()).by == ()


def test_an_unknown_variable_makes_a_statement_mean_nothing() -> None:
    """Neither what it names is allowed, nor, with NotResource, all the rest."""
    named = {**ALLOW, "Resource": FUNCTION + "${aws:username}"}
    others = {"Effect": "Allow", "Action": "*", "NotResource": FUNCTION + "${aws:username}"}
    assert DecisionKind.NO_IDENTITY is _kind(USER, Policies(_identity(named)))
    assert DecisionKind.NO_IDENTITY is _kind(USER, Policies(_identity(others)))


STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.lists(
            st.sampled_from(["lambda:InvokeFunction", "lambda:*", "s3:GetObject", "*"]),
            min_size=1,
            max_size=2,
        ),
        "Resource": st.sampled_from(["*", FUNCTION, f"{FUNCTION}*", "arn:aws:s3:::b"]),
    }
)
NAMING = st.sampled_from(
    [{"AWS": USER.arn}, {"AWS": ROLE}, {"AWS": SESSION.arn}, {"AWS": ACCOUNT}, "*", {"AWS": OTHER}]
)
DOCUMENTS = st.lists(STATEMENTS, min_size=1, max_size=4)
WHO = st.sampled_from([ROOT, USER, SESSION, FEDERATED, SERVICE, ANONYMOUS])
WHERE = st.sampled_from([FUNCTION, THEIRS])


@st.composite
def _policies(draw: st.DrawFn) -> dict[PolicyKind, list[dict[str, Any]]]:
    """Statements of each kind of policy, of which there may be none."""
    drawn: dict[PolicyKind, list[dict[str, Any]]] = {}
    for kind in (PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION):
        if draw(st.booleans()):
            drawn[kind] = draw(DOCUMENTS)
    if draw(st.booleans()):
        drawn[PolicyKind.RESOURCE] = [
            {**statement, "Principal": draw(NAMING)} for statement in draw(DOCUMENTS)
        ]
    return drawn


def _made(documents: dict[PolicyKind, list[dict[str, Any]]]) -> Policies:
    made = {kind: _policy(kind, kind, *statements) for kind, statements in documents.items()}
    return Policies(
        tuple(made[kind] for kind in made if kind is PolicyKind.IDENTITY),
        made.get(PolicyKind.RESOURCE),
        made.get(PolicyKind.BOUNDARY),
        tuple(made[kind] for kind in made if kind is PolicyKind.SESSION),
    )


def _with(
    documents: dict[PolicyKind, list[dict[str, Any]]], kind: PolicyKind, statement: dict[str, Any]
) -> dict[PolicyKind, list[dict[str, Any]]]:
    """*documents*, and *statement* in the one of *kind*."""
    if kind is PolicyKind.RESOURCE:
        statement = {**statement, "Principal": "*"}
    return {**documents, kind: [*documents.get(kind, []), statement]}


@given(documents=_policies(), who=WHO, where=WHERE)
def test_decisions_are_of_one_piece(
    documents: dict[PolicyKind, list[dict[str, Any]]], who: Identity, where: str
) -> None:
    """What is allowed says so, and a denial by a statement names one."""
    decision = _decide(who, _made(documents), where)
    assert decision.allowed == (decision.kind is DecisionKind.ALLOWED)
    if "explicit deny" in decision.kind:
        assert decision.by
    elif not decision.allowed:
        assert not decision.by


@given(
    documents=_policies(),
    kind=st.sampled_from([PolicyKind.IDENTITY, PolicyKind.RESOURCE, *PolicyKind]),
    who=WHO,
    where=WHERE,
)
def test_a_deny_that_applies_always_wins(
    documents: dict[PolicyKind, list[dict[str, Any]]], kind: PolicyKind, who: Identity, where: str
) -> None:
    """In whatever policy, whatever the others say."""
    if kind is PolicyKind.TRUST:
        kind = PolicyKind.RESOURCE
    decision = _decide(who, _made(_with(documents, kind, DENY)), where)
    assert not decision.allowed
    assert "explicit deny" in decision.kind


@given(documents=_policies(), statement=STATEMENTS, who=WHO, where=WHERE, data=st.data())
def test_a_deny_never_grants_and_an_allow_never_takes_away(
    documents: dict[PolicyKind, list[dict[str, Any]]],
    statement: dict[str, Any],
    who: Identity,
    where: str,
    data: st.DataObject,
) -> None:
    """A statement more in a policy that is there moves a decision its own way or not at all."""
    kinds = [PolicyKind.IDENTITY, PolicyKind.RESOURCE, *documents]
    kind = data.draw(st.sampled_from(kinds))
    before = _decide(who, _made(documents), where).allowed
    after = _decide(who, _made(_with(documents, kind, statement)), where).allowed
    if statement["Effect"] == "Deny":
        assert before or not after
    else:
        assert after or not before


@given(documents=_policies(), who=WHO, where=WHERE, data=st.data())
def test_the_order_of_statements_does_not_matter(
    documents: dict[PolicyKind, list[dict[str, Any]]],
    who: Identity,
    where: str,
    data: st.DataObject,
) -> None:
    """Nor that of policies of a kind."""
    shuffled = {
        kind: data.draw(st.permutations(statements)) for kind, statements in documents.items()
    }
    assert _kind(who, _made(documents), where) is _kind(who, _made(shuffled), where)


def test_a_decision_costs_little() -> None:
    """Some microseconds for a role with five statements, or warm requests would show it."""
    statements = [{**ALLOW, "Resource": f"{FUNCTION}-{number}:*"} for number in range(4)]
    policies = Policies(_identity(*statements, ALLOW))
    began = time.process_time()
    for _ in range(1_000):
        assert _decide(SESSION, policies).allowed
    assert time.process_time() - began < 0.5
