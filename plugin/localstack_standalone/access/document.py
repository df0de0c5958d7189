"""Policy documents: JSON text in, statements out, or the words that AWS refuses them with.

Source: IAM User Guide, "Grammar of the IAM JSON policy language". Whether it is read or refused is
`grammar`'s; what a statement covers is said here.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, Final

from localstack_standalone.access import conditions, grammar
from localstack_standalone.access.conditions import Condition, NullCheck
from localstack_standalone.access.context import Facts
from localstack_standalone.access.grammar import MalformedPolicyError, PolicyKind
from localstack_standalone.access.matching import ArnPattern, TextPattern
from localstack_standalone.access.principal import PrincipalElement

__all__ = ["MalformedPolicyError", "Policy", "PolicyKind", "Statement", "parse"]

# Variables came with it: in the version before they are text.
_WITH_VARIABLES: Final = "2012-10-17"


@dataclasses.dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        index: its place in the document, from 0.
        sid: its Sid; None where there is none.
        allows: whether its Effect is Allow, not Deny.
        actions: of Action, or of NotAction.
        excludes_actions: whether they are NotAction's.
        resources: of Resource or NotResource; None where a trust policy has none.
        excludes_resources: whether they are NotResource's.
        principals: of Principal or NotPrincipal; None in an identity's policy.
        excludes_principals: whether they are NotPrincipal's.
        conditions: which have all to hold.
    """

    index: int
    sid: str | None
    allows: bool
    actions: tuple[TextPattern, ...]
    excludes_actions: bool
    resources: tuple[ArnPattern, ...] | None
    excludes_resources: bool
    principals: PrincipalElement | None
    excludes_principals: bool
    conditions: tuple[Condition | NullCheck, ...]

    def covers(self, action: str, resource: str, facts: Facts) -> bool:
        """Whether it is about *action* on *resource* in a request with *facts*, whosever it is."""
        named = any(pattern.matches(action, facts) for pattern in self.actions)
        return (
            named != self.excludes_actions
            and self._is_about(resource, facts)
            and all(condition.holds(facts) for condition in self.conditions)
        )

    def _is_about(self, resource: str, facts: Facts) -> bool:
        """A variable without a value makes a list mean nothing, be it Resource or NotResource.

        "If AWS cannot resolve a variable this might cause the entire statement to be invalid."
        """
        if self.resources is None:
            return True
        found = [pattern.names(resource, facts) for pattern in self.resources]
        if self.excludes_resources:
            return all(matched is False for matched in found)
        return any(found)


@dataclasses.dataclass(frozen=True)
class Policy:
    """A document that was read.

    Attributes:
        kind: what it is attached to.
        statements: in the order of the document.
    """

    kind: PolicyKind
    statements: tuple[Statement, ...]


def parse(document: str | Mapping[str, Any], *, kind: PolicyKind = PolicyKind.IDENTITY) -> Policy:
    """The policy that *document* is, of either version of the language.

    Raises:
        MalformedPolicyError: AWS would not take it.
    """
    checked = grammar.checked(document if isinstance(document, str) else _text(document), kind)
    variables = checked.get("Version") == _WITH_VARIABLES
    return Policy(
        kind,
        tuple(
            _statement(index, statement, kind, variables=variables)
            for index, statement in enumerate(grammar.statements(checked))
        ),
    )


def _text(document: Mapping[str, Any]) -> str:
    try:
        return json.dumps(dict(document))
    except (TypeError, ValueError, RecursionError) as error:
        raise MalformedPolicyError(grammar.SYNTAX) from error


def _statement(index: int, body: dict[str, Any], kind: PolicyKind, *, variables: bool) -> Statement:
    actions = [
        TextPattern(action, ignore_case=True)
        for name in ("Action", "NotAction")
        for action in grammar.texts(body.get(name))
    ]
    resources = [
        ArnPattern(resource, variables=variables, padded=kind in grammar.OF_IDENTITIES)
        for name in ("Resource", "NotResource")
        for resource in grammar.texts(body.get(name))
    ]
    principals = body.get("Principal", body.get("NotPrincipal"))
    return Statement(
        index=index,
        sid=body.get("Sid"),
        allows=body["Effect"] == "Allow",
        actions=tuple(actions),
        excludes_actions="NotAction" in body,
        resources=tuple(resources) if resources else None,
        excludes_resources="NotResource" in body,
        principals=None if principals is None else PrincipalElement.read(principals),
        excludes_principals="NotPrincipal" in body,
        conditions=conditions.read(body.get("Condition", {}), variables=variables),
    )
