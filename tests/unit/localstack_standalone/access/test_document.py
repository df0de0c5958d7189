"""What is read of a policy, and what of it covers a request."""

from __future__ import annotations

import json
import subprocess
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localstack_standalone.access.context import Facts
from localstack_standalone.access.document import (
    MalformedPolicyError,
    Policy,
    PolicyKind,
    parse,
)
from testbed import settings

ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
PUBLIC: dict[str, Any] = {**ALLOW, "Principal": "*"}
TRUST: dict[str, Any] = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "states.amazonaws.com"},
}


def _of(*statements: Any, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements), **more}


def _without(statement: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if key != name}


def test_text_and_mapping_are_the_same() -> None:
    """A document is read from either, one statement or many."""
    document = {"Statement": ALLOW}
    for given_as in (document, json.dumps(document), {"Statement": [ALLOW]}):
        policy = parse(given_as)
        assert isinstance(policy, Policy)
        assert policy.kind is PolicyKind.IDENTITY
        assert [(0, None, True)] == [(s.index, s.sid, s.allows) for s in policy.statements]


def test_statements_keep_their_place_and_name() -> None:
    """So that a report can say which of them was used."""
    policy = parse(_of({**ALLOW, "Sid": "One"}, {**ALLOW, "Sid": "Two", "Effect": "Deny"}))
    assert [(0, "One", True), (1, "Two", False)] == [
        (s.index, s.sid, s.allows) for s in policy.statements
    ]


@pytest.mark.parametrize(
    "document",
    [
        _of(ALLOW, Id="p"),
        _of({**ALLOW, "Condition": {}}),
        _of({**ALLOW, "Condition": {"Bool": {"aws:SecureTransport": True}}}),
        _of({**ALLOW, "Condition": {"NumericLessThan": {"s3:max-keys": 10}}}),
        _of({**_without(ALLOW, "Action"), "NotAction": ["iam:*", "sts:*"]}),
        _of({**_without(ALLOW, "Resource"), "NotResource": ["arn:aws:s3:::b/*"]}),
        _of({**ALLOW, "Sid": ""}, {**ALLOW, "Sid": ""}),
        {"Version": "2008-10-17", "Statement": ALLOW},
    ],
)
def test_what_is_right_is_read(document: dict[str, Any]) -> None:
    """All that the grammar has."""
    assert parse(document).statements


def test_a_resource_policy_and_a_trust_policy() -> None:
    """Both name principals; a trust policy has no resource, for it stands on one."""
    assert parse(_of(PUBLIC), kind=PolicyKind.RESOURCE).statements[0].principals
    assert parse(_of(TRUST), kind=PolicyKind.TRUST).statements[0].principals
    spared = {**_without(PUBLIC, "Principal"), "NotPrincipal": {"AWS": "1"}, "Effect": "Deny"}
    assert parse(_of(spared), kind=PolicyKind.RESOURCE).statements[0].excludes_principals


def _covers(document: dict[str, Any], resource: str, kind: PolicyKind, **facts: str) -> bool:
    return parse(document, kind=kind).statements[0].covers("s3:GetObject", resource, Facts(facts))


def test_variables_are_of_the_newer_version() -> None:
    """In the older, and without one, they "are treated as literal strings"."""
    named = {**ALLOW, "Resource": "arn:aws:s3:::b/${user}"}
    newer, literal = "arn:aws:s3:::b/alice", "arn:aws:s3:::b/${user}"
    for document in ({"Statement": named}, {"Version": "2008-10-17", "Statement": named}):
        assert not _covers(document, newer, PolicyKind.IDENTITY, user="alice")
        assert _covers(document, literal, PolicyKind.IDENTITY, user="alice")
    assert _covers(_of(named), newer, PolicyKind.IDENTITY, user="alice")


def test_short_arns_are_filled_up_in_policies_of_iam() -> None:
    """And not in those of resources."""
    short = _of({**PUBLIC, "Resource": "arn:aws:s3"})
    assert not _covers(short, "arn:aws:s3:::b/k", PolicyKind.RESOURCE)
    own = _of({**ALLOW, "Resource": "arn:aws:s3"})
    for kind in (PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION):
        assert _covers(own, "arn:aws:s3:::b/k", kind)


def test_a_mapping_that_is_no_json_is_refused() -> None:
    """Whatever a caller has in its hands."""
    nested: dict[str, Any] = {}
    for _ in range(100_000):
        nested = {"a": nested}
    odd: list[Any] = [{"Statement": {1, 2}}, {"Statement": nested}, {("a",): 1}]
    for document in odd:
        with pytest.raises(MalformedPolicyError):
            parse(document)


# Where moto is, which has them as AWS gives them.
MANAGED = """
import json
from moto.iam.aws_managed_policies import aws_managed_policies_data
from localstack_standalone.access.document import parse

policies = json.loads(aws_managed_policies_data)
for managed in policies.values():
    assert parse(managed["Document"]).statements
print(len(policies))
"""


def test_all_managed_policies_of_aws_are_read() -> None:
    """Over a thousand documents that IAM takes, of all its services."""
    done = subprocess.run(
        [settings.ENVS / "emulator" / "bin" / "python", "-c", MANAGED],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert int(done.stdout) > 1_000


def test_a_large_policy_takes_no_time() -> None:
    """A thousand statements with three hundred stars each, sixty times what IAM takes."""
    began = time.process_time()
    statement = {**ALLOW, "Action": "s3:" + "*a" * 100, "Resource": "arn:aws:s3:::" + "*?b" * 100}
    assert len(parse(_of(*([statement] * 1_000))).statements) == 1_000
    assert time.process_time() - began < 20


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
VALUES = JSON | st.sampled_from(
    [
        *("Allow", "s3:*", "*", "arn:", "arn:aws:s3", "${a", "${a, 'b'}", {"AWS": "*"}),
        *({"Bool": {"k": "true"}}, {"NumericEquals": {"k": [1, "x"]}}, {"Null": {"k": []}}),
    ]
)
NAMES = st.sampled_from(
    [
        *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal"),
        *("NotPrincipal", "Condition"),
    ]
)
RIGHT = {PolicyKind.RESOURCE: PUBLIC, PolicyKind.TRUST: TRUST}


@given(
    kind=st.sampled_from(PolicyKind),
    changed=st.dictionaries(NAMES, VALUES, max_size=2),
    left_out=st.sets(NAMES, max_size=2),
    more=st.dictionaries(st.sampled_from(["Version", "Id", "X"]), VALUES, max_size=1),
)
def test_whatever_it_is_it_is_read_or_refused(
    kind: PolicyKind, changed: dict[str, Any], left_out: set[str], more: dict[str, Any]
) -> None:
    """No document is another error than that it is malformed, when read or when asked."""
    right = RIGHT.get(kind, ALLOW).items()
    statement = {**{name: value for name, value in right if name not in left_out}, **changed}
    words = covered = None
    try:
        read = parse({"Statement": [statement], **more}, kind=kind).statements[0]
        covered = read.covers("s3:GetObject", "arn:aws:s3:::b/k", Facts({"k": "v"}))
    except MalformedPolicyError as error:
        words = str(error)
    assert words or covered in {True, False}
