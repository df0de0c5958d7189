"""The statement that was missing, and the least policy that a run needed."""

from __future__ import annotations

import json
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
    evaluate,
)
from localstack_standalone.access.least import least_policy, missing_statement
from localstack_standalone.access.principal import Identity, IdentityKind

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
SESSION = Identity(
    IdentityKind.SESSION, f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s", ACCOUNT, ROLE, "s"
)
USER = Identity(IdentityKind.USER, f"arn:aws:iam::{ACCOUNT}:user/u", ACCOUNT)
SERVICE = Identity(IdentityKind.SERVICE, "s3.amazonaws.com")
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
GROUP = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/lambda/f"
STATES = f"arn:aws:states:us-east-1:{ACCOUNT}"


def _asks(action: str, resource: str = "*", identity: Identity = SESSION) -> AccessRequest:
    return AccessRequest(identity, action, resource)


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:GetObject", "arn:aws:s3:::b/a/b.png", "arn:aws:s3:::b/*"),
        ("s3:ListBucket", "arn:aws:s3:::b", "arn:aws:s3:::b"),
        ("logs:PutLogEvents", f"{GROUP}:log-stream:2026/11/27/[$LATEST]x", f"{GROUP}:*"),
        ("logs:CreateLogGroup", GROUP, GROUP),
        ("states:StopExecution", f"{STATES}:execution:m:1-2", f"{STATES}:execution:m:*"),
        ("states:DescribeExecution", f"{STATES}:express:m:1:2", f"{STATES}:express:m:*"),
        ("states:StartExecution", f"{STATES}:stateMachine:m", f"{STATES}:stateMachine:m"),
        ("lambda:InvokeFunction", FUNCTION, FUNCTION),
        ("lambda:ListFunctions", "*", "*"),
        ("sqs:SendMessage", "arn:aws:sqs:eu:1:a${b", "arn:aws:sqs:eu:1:a${$}{b"),
    ],
)
def test_what_the_next_request_has_new_is_left_open(
    action: str, resource: str, expected: str
) -> None:
    """Keys, log streams and executions: a statement that names one breaks with the next."""
    assert missing_statement(_asks(action, resource)) == {
        "Effect": "Allow",
        "Action": action,
        "Resource": expected,
    }


def test_who_has_no_identity_policies_needs_the_resource_s() -> None:
    """A service or somebody anonymous can only be named by what is asked for."""
    assert missing_statement(_asks("lambda:InvokeFunction", FUNCTION, SERVICE)) == {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": FUNCTION,
    }
    anonymous = _asks("s3:GetObject", "arn:aws:s3:::b/k", Identity(IdentityKind.ANONYMOUS))
    assert missing_statement(anonymous)["Principal"] == "*"


def test_a_trust_statement_has_no_resource() -> None:
    """It stands on the role."""
    assert missing_statement(_asks("sts:AssumeRole", ROLE, SERVICE)) == {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }


@pytest.mark.parametrize(("identity", "named"), [(SESSION, ROLE), (USER, USER.arn)])
def test_the_policy_that_the_decision_misses(identity: Identity, named: str) -> None:
    """Where it is the resource's, it names the user, or the role and not one session of it."""
    decision = Decision(allowed=False, kind=DecisionKind.NO_RESOURCE)
    request = _asks("lambda:InvokeFunction", FUNCTION, identity)
    assert missing_statement(request, decision)["Principal"] == {"AWS": named}
    trust = Decision(allowed=False, kind=DecisionKind.NO_TRUST)
    asked = missing_statement(_asks("sts:AssumeRole", f"{ROLE}2", identity), trust)
    assert asked["Principal"] == {"AWS": named}
    assert "Resource" not in asked
    own = Decision(allowed=False, kind=DecisionKind.NO_IDENTITY)
    assert "Principal" not in missing_statement(request, own)


def test_one_statement_a_resource() -> None:
    """Sorted, each action once, alone as a text; so a diff shows what changed."""
    requests = [
        _asks("s3:PutObject", "arn:aws:s3:::b/2"),
        _asks("s3:GetObject", "arn:aws:s3:::b/1"),
        _asks("s3:GetObject", "arn:aws:s3:::b/2"),
        _asks("lambda:InvokeFunction", FUNCTION),
        _asks("s3:ListBucket", "arn:aws:s3:::b"),
    ]
    expected = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": FUNCTION},
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"},
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::b/*",
            },
        ],
    }
    assert expected == least_policy(requests)
    assert json.dumps(expected) == json.dumps(least_policy(reversed(requests)))


def test_nothing_asked_is_no_policy() -> None:
    """IAM takes none without a statement; who prints it sees that there is nothing to print."""
    assert least_policy([]) == {"Version": "2012-10-17", "Statement": []}


PARTS = st.text(alphabet="ab/:*?${}'", min_size=1, max_size=8)
RESOURCES = st.one_of(
    PARTS.map("arn:aws:s3:::b/{}".format),
    PARTS.map("arn:aws:sqs:us-east-1:123456789012:{}".format),
    PARTS.map(f"{GROUP}:log-stream:{{}}".format),
    PARTS.map(f"{STATES}:execution:m:{{}}".format),
    st.just("*"),
)


@given(
    asked=st.lists(
        st.tuples(st.sampled_from(["s3:GetObject", "s3:PutObject", "sqs:SendMessage"]), RESOURCES),
        min_size=1,
        max_size=5,
    )
)
def test_the_least_policy_allows_what_was_asked(asked: list[tuple[str, str]]) -> None:
    """All of it, whatever characters names have."""
    requests = [_asks(action, resource) for action, resource in asked]
    document: dict[str, Any] = least_policy(requests)
    policies = Policies((NamedPolicy("least", parse(document, kind=PolicyKind.IDENTITY)),))
    assert all(evaluate(request, policies).allowed for request in requests)
