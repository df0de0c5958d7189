"""Whom an element means.

Source: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal".
"""

from __future__ import annotations

from typing import Any

import pytest

from localstack_standalone.access.principal import (
    Identity,
    IdentityKind,
    InvalidPrincipalError,
    PrincipalElement,
    Reach,
)

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service/r"
ROOT = Identity(IdentityKind.ROOT, f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT)
USER = Identity(IdentityKind.USER, f"arn:aws:iam::{ACCOUNT}:user/u", ACCOUNT)
SESSION = Identity(
    IdentityKind.SESSION,
    f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s",
    ACCOUNT,
    role_arn=ROLE,
    session_name="s",
)
FEDERATED = Identity(
    IdentityKind.FEDERATED,
    f"arn:aws:sts::{ACCOUNT}:federated-user/name",
    ACCOUNT,
    role_arn=USER.arn,
    session_name="name",
)
SERVICE = Identity(IdentityKind.SERVICE, "states.amazonaws.com")
ANONYMOUS = Identity(IdentityKind.ANONYMOUS)


def _reach(element: Any, identity: Identity) -> Reach | None:
    return PrincipalElement.read(element).reach(identity)


@pytest.mark.parametrize("everybody", ["*", {"AWS": "*"}, {"AWS": ["1", "*"]}])
@pytest.mark.parametrize("identity", [ROOT, USER, SESSION, FEDERATED, SERVICE, ANONYMOUS])
def test_everybody(everybody: Any, identity: Identity) -> None:
    """Both ways of writing it are equivalent."""
    assert Reach.DIRECT is _reach(everybody, identity)


@pytest.mark.parametrize("element", [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"])
@pytest.mark.parametrize("identity", [ROOT, USER, SESSION, FEDERATED])
def test_an_account_is_all_who_are_in_it(element: str, identity: Identity) -> None:
    """The ARN of its root does not mean the root user alone."""
    assert Reach.ACCOUNT is _reach({"AWS": element}, identity)


@pytest.mark.parametrize(
    ("element", "identity", "expected"),
    [
        ({"AWS": USER.arn}, USER, Reach.DIRECT),
        ({"AWS": USER.arn.replace("/u", "/U")}, USER, None),
        ({"AWS": SESSION.arn}, SESSION, Reach.DIRECT),
        ({"AWS": ROLE}, SESSION, Reach.PARENT),
        ({"AWS": [f"arn:aws:iam::{ACCOUNT}:root", ROLE]}, SESSION, Reach.PARENT),
        ({"AWS": [ROLE, SESSION.arn]}, SESSION, Reach.DIRECT),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/other"}, SESSION, None),
        ({"AWS": FEDERATED.arn}, FEDERATED, Reach.DIRECT),
        # "the ARN of the IAM user who federated"
        ({"AWS": USER.arn}, FEDERATED, Reach.PARENT),
        ({"AWS": "999999999999"}, USER, None),
        ({"AWS": ACCOUNT}, SERVICE, None),
        ({"AWS": USER.arn}, ANONYMOUS, None),
        ({"Service": "states.amazonaws.com"}, SERVICE, Reach.DIRECT),
        ({"Service": ["ecs.amazonaws.com", "states.amazonaws.com"]}, SERVICE, Reach.DIRECT),
        ({"Service": "lambda.amazonaws.com"}, SERVICE, None),
        ({"Service": "states.amazonaws.com"}, USER, None),
        # "You cannot use a wildcard to match part of a principal name or ARN."
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"}, USER, None),
        ({"Service": "*.amazonaws.com"}, SERVICE, None),
        (
            {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
            USER,
            None,
        ),
        (
            {"Federated": "accounts.google.com"},
            Identity(IdentityKind.FEDERATED, "accounts.google.com"),
            Reach.DIRECT,
        ),
        ({"Federated": USER.arn}, USER, None),
    ],
)
def test_who_is_meant(element: Any, identity: Identity, expected: Reach | None) -> None:
    """By name, by role, by account or not at all."""
    assert expected is _reach(element, identity)


BOB = Identity(IdentityKind.USER, "arn:aws:iam::444455556666:user/Bob", "444455556666")
AUDIT = Identity(
    IdentityKind.SESSION,
    "arn:aws:sts::444455556666:assumed-role/cross-account-read-only-role/cross-account-audit-app",
    "444455556666",
    role_arn="arn:aws:iam::444455556666:role/cross-account-read-only-role",
    session_name="cross-account-audit-app",
)
AUDITED = [AUDIT.arn, AUDIT.role_arn, "arn:aws:iam::444455556666:root"]


@pytest.mark.parametrize(
    ("listed", "identity", "expected"),
    [
        # The guide's two examples, and what it warns of in each.
        ([BOB.arn, "arn:aws:iam::444455556666:root"], BOB, True),
        ([BOB.arn, "444455556666"], BOB, True),
        ([BOB.arn], BOB, False),
        ([BOB.arn, "arn:aws:iam::444455556666:root"], USER, False),
        (AUDITED, AUDIT, True),
        (AUDITED[:2], AUDIT, False),
        (AUDITED[::2], AUDIT, False),
        (AUDITED[1:], AUDIT, False),
        (["*"], BOB, True),
        (["*"], ANONYMOUS, True),
        ([BOB.arn], ANONYMOUS, False),
    ],
)
def test_who_is_spared(listed: list[str], identity: Identity, *, expected: bool) -> None:
    """NotPrincipal with Deny looks at the account, then the role, then the session."""
    assert expected == PrincipalElement.read({"AWS": listed}).names_wholly(identity)


@pytest.mark.parametrize(
    "element", [None, "", "arn:aws:iam::1:root", 1, [], {}, {"AWS": 1}, {"AWS": []}, {"Group": "g"}]
)
def test_what_is_no_principal(element: Any) -> None:
    """Neither a star nor a map of the four kinds."""
    with pytest.raises(InvalidPrincipalError):
        PrincipalElement.read(element)
