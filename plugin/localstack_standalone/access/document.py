"""Policy documents: JSON text in, statements out, or the word that IAM refuses them with.

Source: IAM User Guide, "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any


class PolicyKind(enum.StrEnum):
    """What a policy is attached to, which decides what may stand in it."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    TRUST = "trust"
    BOUNDARY = "boundary"
    SESSION = "session"


class MalformedPolicyError(ValueError):
    """A document that IAM refuses with MalformedPolicyDocument; its text is AWS's message."""


@dataclasses.dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        index: its place in the document, from 0.
        sid: its Sid; None where there is none.
        allows: whether its Effect is Allow, not Deny.
    """

    index: int
    sid: str | None
    allows: bool


@dataclasses.dataclass(frozen=True)
class Policy:
    """A document that was read.

    Attributes:
        kind: what it is attached to.
        statements: in the order of the document.
    """

    kind: PolicyKind
    statements: tuple[Statement, ...]


def parse(
    document: str | Mapping[str, Any], *, kind: PolicyKind = PolicyKind.IDENTITY
) -> Policy:
    """The policy that *document* is.

    Raises:
        MalformedPolicyError: IAM would not take it.
    """
    raise NotImplementedError
