"""The statement that was missing, and the least policy that requests need.

What the next request has new is left open: a statement for the key, the log stream or the
execution of one request would be wrong for the next, and who pastes it wants the pipeline to go on.
So these are folded even where there was a single one.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable
from typing import Any, Final

from localstack_standalone.access.evaluation import AccessRequest, Decision, DecisionKind
from localstack_standalone.access.principal import Identity, IdentityKind

_VERSION: Final = "2012-10-17"
_FOLDED: Final = (
    (re.compile(r"(arn:[\w-]+:s3:::[^/]+/).+", re.DOTALL), "*"),
    (re.compile(r"(arn:[\w-]+:logs:[^:]*:[^:]*:log-group:[^:]+:)log-stream:.*", re.DOTALL), "*"),
    (re.compile(r"(arn:[\w-]+:states:[^:]*:[^:]*:(?:execution|express):[^:]+:).+", re.DOTALL), "*"),
)
_OF_THE_RESOURCE: Final = frozenset({DecisionKind.NO_RESOURCE, DecisionKind.NO_TRUST})
_NAMED_ALONE: Final = frozenset({IdentityKind.SERVICE, IdentityKind.ANONYMOUS})


def missing_statement(request: AccessRequest, decision: Decision | None = None) -> dict[str, Any]:
    """The statement that would allow *request*, ready to paste.

    It is one for an identity's policy, unless *decision* says that it is the resource's policy or
    the role's trust policy that lacks it, or that alone can name who asks: then it has a Principal.
    """
    statement: dict[str, Any] = {"Effect": "Allow"}
    identity = request.identity
    named = (decision and decision.kind in _OF_THE_RESOURCE) or identity.kind in _NAMED_ALONE
    if named:
        statement["Principal"] = _principal(identity)
    statement["Action"] = request.action
    if not (named and request.action.lower().startswith("sts:assumerole")):
        statement["Resource"] = folded(request.resource)
    return statement


def least_policy(requests: Iterable[AccessRequest]) -> dict[str, Any]:
    """One policy of an identity that allows *requests*: a statement for each resource, in order."""
    actions: dict[str, set[str]] = collections.defaultdict(set)
    for request in requests:
        actions[folded(request.resource)].add(request.action)
    statements = [
        {"Effect": "Allow", "Action": _one_or_all(sorted(actions[resource])), "Resource": resource}
        for resource in sorted(actions)
    ]
    return {"Version": _VERSION, "Statement": statements}


def folded(resource: str) -> str:
    """*resource* as a statement names it, open where the next request has another."""
    # A dollar sign before a brace would begin a variable.
    resource = resource.replace("${", "${$}{")
    for pattern, rest in _FOLDED:
        if found := pattern.fullmatch(resource):
            return found[1] + rest
    return resource


def _one_or_all(listed: list[str]) -> str | list[str]:
    return listed[0] if len(listed) == 1 else listed


def _principal(identity: Identity) -> str | dict[str, str]:
    """Who asks, as a Principal: of a session its role, or the next session would not be meant."""
    if identity.kind is IdentityKind.ANONYMOUS:
        return "*"
    if identity.kind is IdentityKind.SERVICE:
        return {"Service": identity.arn}
    return {"AWS": identity.role_arn or identity.arn}
