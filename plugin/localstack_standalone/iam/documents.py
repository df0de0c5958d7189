"""Policy documents as they are kept, read once each."""

from __future__ import annotations

import functools
import logging
from typing import Final

from localstack_standalone.access.document import MalformedPolicyError, Policy, PolicyKind, parse
from localstack_standalone.access.evaluation import NamedPolicy

LOG = logging.getLogger(__name__)
# Several times what an account may have attached (IAM User Guide, "IAM and AWS STS quotas").
KEPT: Final = 4_096


class Documents:
    """Reads documents, and remembers those by their text: a changed one is another."""

    def __init__(self) -> None:
        self._policy = functools.lru_cache(maxsize=KEPT)(_policy)

    def named(self, name: str, text: str | None, kind: PolicyKind) -> tuple[NamedPolicy, ...]:
        """The policy *name* with this *text*; none where there is none, or IAM would not take it.

        LocalStack takes some that AWS refuses, and then nobody knows what they would allow.
        """
        policy = self._policy(name, text, kind) if text else None
        return (NamedPolicy(name, policy),) if policy else ()

    def limiting(self, name: str, text: str | None, kind: PolicyKind) -> tuple[NamedPolicy, ...]:
        """As `named`, for a policy that limits: one that cannot be used allows nothing."""
        return self.named(name, text, kind) or (NamedPolicy(name, Policy(kind, ())),)


def _policy(name: str, text: str, kind: PolicyKind) -> Policy | None:
    try:
        return parse(text, kind=kind)
    except MalformedPolicyError as error:
        LOG.warning("IAM: the %s policy %s counts for nothing: %s", kind, name, error)
        return None
