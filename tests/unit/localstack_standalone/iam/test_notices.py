from __future__ import annotations

import json
import logging

import pytest

from localstack_standalone.access.document import PolicyKind
from localstack_standalone.access.evaluation import (
    AccessRequest,
    Decision,
    DecisionKind,
    StatementReference,
)
from localstack_standalone.access.principal import Identity, IdentityKind
from localstack_standalone.iam.callers import Caller
from localstack_standalone.iam.ledger import AccessLedger
from localstack_standalone.iam.notices import Notices

ROLE = "arn:aws:iam::111122223333:role/tea"
ARN = "arn:aws:sts::111122223333:assumed-role/tea/cup"
WHO = Identity(IdentityKind.SESSION, ARN, "111122223333", ROLE, "cup")
DENIED = Decision(allowed=False, kind=DecisionKind.NO_IDENTITY)
ALLOWED = Decision(allowed=True, kind=DecisionKind.ALLOWED)


def asking(action: str) -> AccessRequest:
    return AccessRequest(WHO, action, "arn:aws:s3:::cups/a")


@pytest.fixture
def notices(caplog: pytest.LogCaptureFixture) -> Notices:
    caplog.set_level(logging.INFO)
    return Notices(AccessLedger())


def test_what_is_missing_is_said_once_and_can_be_pasted(
    notices: Notices, caplog: pytest.LogCaptureFixture
) -> None:
    """After AWS's own words."""
    for _ in range(2):
        notices.tell(Caller(WHO, ROLE), asking("s3:GetObject"), DENIED)
    (line,) = caplog.messages
    told, _, statement = line.partition(". What is missing: ")
    assert told.startswith(
        f"IAM: AWS refuses this: User: {ARN} is not authorized to perform: s3:Get"
    )
    assert {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::cups/*"} == (
        json.loads(statement)
    )


def test_a_deny_is_named_for_no_statement_would_help(
    notices: Notices, caplog: pytest.LogCaptureFixture
) -> None:
    """With its place."""
    by = (StatementReference("own", PolicyKind.IDENTITY, 1, None),)
    denied = Decision(allowed=False, kind=DecisionKind.DENIED_BY_IDENTITY, by=by)
    notices.tell(Caller(WHO, ROLE), asking("s3:GetObject"), denied)
    (line,) = caplog.messages
    assert line.endswith("in an identity-based policy. What denies it: statement 1 of own")


def test_what_is_allowed_is_not_spoken_of(
    notices: Notices, caplog: pytest.LogCaptureFixture
) -> None:
    """It is counted all the same."""
    notices.tell(Caller(WHO, ROLE), asking("s3:GetObject"), ALLOWED)
    assert [] == caplog.messages


def test_a_role_that_is_not_there_is_said_once_for_all(
    notices: Notices, caplog: pytest.LogCaptureFixture
) -> None:
    """Pasting statements would not help."""
    caller = Caller(WHO, ROLE, missing=True)
    for action in ("s3:GetObject", "s3:PutObject"):
        notices.tell(caller, asking(action), DENIED)
    assert [f"IAM: AWS refuses what {ROLE} does: there is no such role"] == caplog.messages


def test_what_is_in_no_table_is_said_once(
    notices: Notices, caplog: pytest.LogCaptureFixture
) -> None:
    """It is never denied in silence, and never allowed so."""
    for _ in range(2):
        notices.unknown("sqs", "SendMessage")
    assert ["IAM: SendMessage of sqs is allowed unasked: it is in no table"] == caplog.messages
