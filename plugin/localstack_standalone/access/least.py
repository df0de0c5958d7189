"""The policy that was missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from localstack_standalone.access.evaluation import AccessRequest


def missing_statement(request: AccessRequest) -> dict[str, Any]:
    """The statement that would allow *request*, ready to paste."""
    raise NotImplementedError


def least_policy(requests: Iterable[AccessRequest]) -> dict[str, Any]:
    """One policy that allows *requests*."""
    raise NotImplementedError
