from __future__ import annotations

import logging

import pytest

from localstack_standalone.access.document import PolicyKind
from localstack_standalone.iam.documents import Documents

READS = (
    '{"Version": "2012-10-17", "Statement": '
    '[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
)
KIND = PolicyKind.IDENTITY


def test_a_document_is_read_once() -> None:
    """A changed one is another."""
    documents = Documents()
    (first,), (second,) = documents.named("a", READS, KIND), documents.named("a", READS, KIND)
    assert first.policy is second.policy
    (changed,) = documents.named("a", READS.replace("Get", "Put"), KIND)
    assert first.policy != changed.policy


def test_there_may_be_none() -> None:
    """No text, no policy."""
    assert () == Documents().named("a", None, KIND)


def test_what_iam_would_not_take_counts_for_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """And is said once."""
    documents = Documents()
    with caplog.at_level(logging.WARNING):
        assert () == documents.named("a", "{}", KIND) == documents.named("a", "{}", KIND)
    (line,) = caplog.messages
    assert line.startswith("IAM: the identity policy a counts for nothing: ")


@pytest.mark.parametrize("text", [None, "{}"])
def test_what_limits_and_cannot_be_read_allows_nothing(text: str | None) -> None:
    """A boundary that is gone does not set free whom it bound."""
    (limit,) = Documents().limiting("b", text, PolicyKind.BOUNDARY)
    assert () == limit.policy.statements
