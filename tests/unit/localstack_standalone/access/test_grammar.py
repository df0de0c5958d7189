"""What IAM and S3 refuse, in their words.

Wordings: IAM's as moto's tests recorded them of AWS, and as people met them (Terraform,
CloudFormation); S3's as met with PutBucketPolicy.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from localstack_standalone.access import grammar
from localstack_standalone.access.grammar import MalformedPolicyError, PolicyKind

ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
PUBLIC: dict[str, Any] = {**ALLOW, "Principal": "*"}
TRUST: dict[str, Any] = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "states.amazonaws.com"},
}
SYNTAX = "Syntax errors in policy."


def _of(*statements: Any, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements), **more}


def _without(statement: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if key != name}


def _checked(document: Any, kind: PolicyKind) -> dict[str, Any]:
    return grammar.checked(document if isinstance(document, str) else json.dumps(document), kind)


IDENTITY: list[tuple[Any, str]] = [
    ("", SYNTAX),
    ("no JSON", SYNTAX),
    ("[]", SYNTAX),
    ("null", SYNTAX),
    ('{"Statement": [], "Statement": []}', SYNTAX),
    (
        '{"Statement": {"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}}',
        SYNTAX,
    ),
    ("[" * 100_000, SYNTAX),
    ('{"Statement":' * 100_000, SYNTAX),
    ({}, SYNTAX),
    ({"Statement": []}, SYNTAX),
    ({"Statement": "s"}, SYNTAX),
    ({"Statement": ["s"]}, SYNTAX),
    (_of(ALLOW, Other=1), SYNTAX),
    (_of(ALLOW, Id=1), SYNTAX),
    ({"Version": "2013-01-01", "Statement": ALLOW}, SYNTAX),
    (_of({**ALLOW, "Other": 1}), SYNTAX),
    (_of({**ALLOW, "effect": "Allow"}), SYNTAX),
    (_of(_without(ALLOW, "Effect")), SYNTAX),
    (_of({**ALLOW, "Effect": "Perhaps"}), SYNTAX),
    (_of({**ALLOW, "Effect": ["Allow"]}), SYNTAX),
    (_of({**ALLOW, "Effect": "allow"}), "The policy failed legacy parsing"),
    (_of({**ALLOW, "NotAction": "s3:*"}), SYNTAX),
    (_of({**ALLOW, "NotResource": "*"}), SYNTAX),
    (_of({**ALLOW, "Action": 1}), SYNTAX),
    (_of({**ALLOW, "Action": ["s3:*", 1]}), SYNTAX),
    (_of({**ALLOW, "Resource": {"a": "b"}}), SYNTAX),
    (_of({**ALLOW, "Sid": 1}), SYNTAX),
    (_of({**ALLOW, "Condition": []}), SYNTAX),
    (_of({**ALLOW, "Condition": {"StringEquals": "x"}}), SYNTAX),
    (_of({**ALLOW, "Condition": {"StringEquals": {"k": {"a": "b"}}}}), SYNTAX),
    (_of({**ALLOW, "Condition": {"StringIs": {"k": "v"}}}), SYNTAX),
    (_of(_without(ALLOW, "Action")), "Policy statement must contain actions."),
    (_of({**ALLOW, "Action": []}), "Policy statement must contain actions."),
    (_of(_without(ALLOW, "Resource")), "Policy statement must contain resources."),
    (_of({**ALLOW, "Resource": []}), "Policy statement must contain resources."),
    (
        _of({**ALLOW, "Action": "GetObject"}),
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    ),
    (_of({**ALLOW, "Action": "s3:Get:Object"}), "Actions/Condition can contain only one colon."),
    (_of({**ALLOW, "Action": "s 3:GetObject"}), "Vendor s 3 is not valid"),
    (_of({**ALLOW, "Resource": "bucket"}), 'Resource bucket must be in ARN format or "*".'),
    (
        _of({**ALLOW, "Sid": "A"}, {**ALLOW, "Sid": "A"}),
        "Statement IDs (SID) in a single policy must be unique.",
    ),
    (
        _of({**ALLOW, "Sid": "Space Space"}),
        (
            "Statement IDs (SID) must be alpha-numeric. "
            "Check that your input satisfies the regular expression [0-9A-Za-z]*"
        ),
    ),
    (_of(PUBLIC), "Policy document should not specify a principal."),
    (_of({**ALLOW, "NotPrincipal": "*"}), "Policy document should not specify a principal."),
]


@pytest.mark.parametrize(("document", "words"), IDENTITY, ids=lambda each: str(each)[:60])
def test_what_iam_refuses(document: Any, words: str) -> None:
    """With MalformedPolicyDocument."""
    with pytest.raises(MalformedPolicyError) as refused:
        _checked(document, PolicyKind.IDENTITY)
    assert words == str(refused.value)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", SYNTAX),
        (_of({**TRUST, "Resource": "*"}), "Has prohibited field Resource"),
        (_of({**TRUST, "NotResource": "*"}), "Has prohibited field NotResource"),
        (
            _of({**_without(TRUST, "Principal"), "NotPrincipal": "*"}),
            "Has prohibited field NotPrincipal",
        ),
        (_of(_without(TRUST, "Principal")), "Missing required field Principal"),
        (
            _of({**TRUST, "Action": "s3:GetObject"}),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
    ],
)
def test_what_iam_refuses_of_a_trust_policy(document: Any, words: str) -> None:
    """Likewise, of CreateRole and UpdateAssumeRolePolicy."""
    with pytest.raises(MalformedPolicyError) as refused:
        _checked(document, PolicyKind.TRUST)
    assert words == str(refused.value)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("", "Policies must be valid JSON and the first byte must be '{'"),
        ("[]", "Policies must be valid JSON and the first byte must be '{'"),
        ("{", "This policy contains invalid Json"),
        ({}, "Missing required field Statement"),
        ({"Statement": []}, "Could not parse the policy: Statement is empty!"),
        ({"Version": "1", "Statement": PUBLIC}, "The policy must contain a valid version string"),
        (_of({**PUBLIC, "Other": 1}), "Unknown field Other"),
        (_of(_without(PUBLIC, "Effect")), "Missing required field Effect"),
        (_of({**PUBLIC, "Effect": "allow"}), "Invalid effect: allow"),
        (_of(ALLOW), "Missing required field Principal"),
        (_of(_without(PUBLIC, "Action")), "Missing required field Action"),
        (_of({**PUBLIC, "Principal": {"AWS": 1}}), "Invalid principal in policy"),
        (_of({**PUBLIC, "Principal": "u"}), "Invalid principal in policy"),
        (_of({**PUBLIC, "Action": "GetObject"}), "Policy has invalid action"),
        (_of({**PUBLIC, "Resource": "bucket"}), "Policy has invalid resource"),
    ],
)
def test_what_s3_refuses(document: Any, words: str) -> None:
    """With MalformedPolicy."""
    with pytest.raises(MalformedPolicyError) as refused:
        _checked(document, PolicyKind.RESOURCE)
    assert words == str(refused.value)
