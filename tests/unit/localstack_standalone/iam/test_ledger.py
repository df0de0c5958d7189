from __future__ import annotations

from typing import TYPE_CHECKING

from localstack_standalone.access.document import PolicyKind
from localstack_standalone.access.evaluation import (
    AccessRequest,
    Decision,
    DecisionKind,
    StatementReference,
)
from localstack_standalone.access.principal import Identity, IdentityKind
from localstack_standalone.iam import ledger
from localstack_standalone.iam.ledger import AccessLedger, Ask

if TYPE_CHECKING:
    import pytest

ROLE = "arn:aws:iam::111122223333:role/tea"
WHO = Identity(IdentityKind.SESSION, "arn:aws:sts::111122223333:assumed-role/tea/cup")
STATEMENT = StatementReference("own", PolicyKind.IDENTITY, 0, None)
ALLOWED = Decision(allowed=True, kind=DecisionKind.ALLOWED, by=(STATEMENT,))
DENIED = Decision(allowed=False, kind=DecisionKind.NO_IDENTITY)


def reading(key: str) -> AccessRequest:
    return AccessRequest(WHO, "s3:GetObject", f"arn:aws:s3:::cups/{key}")


def test_all_objects_of_a_bucket_are_one_kind() -> None:
    """Only the first is news."""
    kept = AccessLedger()
    assert [True, False, False] == [kept.add(ROLE, reading(key), ALLOWED) for key in "abc"]
    ((ask, seen),) = kept.seen().items()
    assert Ask(ROLE, "s3:GetObject", "arn:aws:s3:::cups/*", allowed=True) == ask
    assert (3, reading("a")) == (seen.count, seen.request)


def test_what_was_denied_is_news_though_the_same_was_allowed() -> None:
    """A policy may have changed meanwhile."""
    kept = AccessLedger()
    kept.add(ROLE, reading("a"), ALLOWED)
    assert kept.add(ROLE, reading("a"), DENIED)
    assert [True, False] == [ask.allowed for ask in kept.seen()]


def test_statements_are_counted_by_whom_they_served() -> None:
    """Two roles may have a policy of the same name."""
    kept = AccessLedger()
    for _ in range(2):
        kept.add(ROLE, reading("a"), ALLOWED)
    assert (2, 0) == (kept.uses(ROLE, STATEMENT), kept.uses("another", STATEMENT))


def test_an_unknown_operation_is_news_once() -> None:
    """And is listed."""
    kept = AccessLedger()
    assert [True, False] == [kept.add_unknown("sqs", "SendMessage") for _ in range(2)]
    assert [("sqs", "SendMessage")] == kept.unknown()


def test_it_keeps_so_many_kinds_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has a role for each test fills no memory."""
    monkeypatch.setattr(ledger, "MOST", 2)
    kept = AccessLedger()
    assert [True, True, False] == [kept.add(name, reading("a"), DENIED) for name in "abc"]
    assert ["a", "b"] == [ask.principal for ask in kept.seen()]
    assert not kept.add("a", reading("a"), DENIED)
    assert [2, 1] == [seen.count for seen in kept.seen().values()]
