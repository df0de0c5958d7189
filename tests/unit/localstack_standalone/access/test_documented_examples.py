"""AWS's own examples come out as its documentation says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from localstack_standalone.access.document import PolicyKind, parse
from localstack_standalone.access.evaluation import AccessRequest, NamedPolicy, Policies, evaluate
from localstack_standalone.access.principal import Identity, IdentityKind
from tests.support.iam_examples import EXAMPLES, ROLE, SESSION, Example


def _policy(statements: Sequence[dict[str, Any]] | None, kind: PolicyKind) -> NamedPolicy | None:
    if not statements:
        return None
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return NamedPolicy(kind, parse(document, kind=kind))


def _identity(arn: str) -> Identity:
    account = arn.split(":")[4]
    if arn == SESSION:
        return Identity(IdentityKind.SESSION, arn, account, ROLE, arn.rpartition("/")[2])
    return Identity(IdentityKind.USER, arn, account)


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda example: f"{example.page}: {example.action}"
)
def test_an_example(example: Example) -> None:
    """The page says whether it is allowed."""
    attached = _policy(example.identity, PolicyKind.IDENTITY)
    session = _policy(example.session, PolicyKind.SESSION)
    policies = Policies(
        identity=(attached,) if attached else (),
        resource=_policy(example.resource_policy, PolicyKind.RESOURCE),
        boundary=_policy(example.boundary, PolicyKind.BOUNDARY),
        session=(session,) if session else (),
    )
    request = AccessRequest(
        _identity(example.caller), example.action, example.resource, example.context
    )
    decision = evaluate(request, policies)
    assert example.allowed == decision.allowed, (example, decision)
