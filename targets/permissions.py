"""What an emulator says of permissions that were used and missing (the plugin's `iam/report`)."""

from __future__ import annotations

import dataclasses
from typing import Any

from localstack_standalone.launcher import health


@dataclasses.dataclass(frozen=True)
class StatementUse:
    """A statement of a policy, and how often it decided something.

    Attributes:
        policy: the policy's name, or its ARN.
        index: the statement's place in it, from 0.
        statement: as it was written.
        uses: how often.
    """

    policy: str
    index: int
    statement: dict[str, Any]
    uses: int


@dataclasses.dataclass(frozen=True)
class ActionUse:
    """A kind of request.

    Attributes:
        action: what was asked for.
        resource: on what; all objects of a bucket are one.
        count: how often.
        why: why AWS refuses it; None where it does not.
        add: the statement that would allow it; None where none would, or none is needed.
    """

    action: str
    resource: str
    count: int
    why: str | None = None
    add: dict[str, Any] | None = None


@dataclasses.dataclass(frozen=True)
class PrincipalUse:
    """What a user, a role or a service was allowed, used and lacked.

    Attributes:
        principal: its ARN; of a service its name.
        statements: of its policies.
        used: what it did.
        missing: what it did, or was refused, without being allowed to.
        least: the policy that allows just what it asked for.
    """

    principal: str
    statements: tuple[StatementUse, ...]
    used: tuple[ActionUse, ...]
    missing: tuple[ActionUse, ...]
    least: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class PermissionReport:
    """All of that since the emulator started.

    Attributes:
        mode: ``warn`` or ``enforce``.
        principals: users, roles and services.
        unknown: operations that nobody knows the permissions of.
    """

    mode: str
    principals: tuple[PrincipalUse, ...]
    unknown: tuple[str, ...]

    @property
    def missing(self) -> int:
        """How many kinds of requests AWS would refuse."""
        return sum(len(each.missing) for each in self.principals)


def fetch(endpoint: str) -> PermissionReport | None:
    """Ask the emulator at *endpoint*; None where IAM is off, or it does not tell."""
    try:
        return read(health.fetch(endpoint, "standalone/iam"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read(told: dict[str, Any]) -> PermissionReport:
    """The report that *told* is."""
    return PermissionReport(
        mode=told["mode"],
        principals=tuple(_principal(each) for each in told["principals"]),
        unknown=tuple(told["unknown"]),
    )


def _principal(told: dict[str, Any]) -> PrincipalUse:
    return PrincipalUse(
        principal=told["principal"],
        statements=tuple(
            StatementUse(each["policy"], each["index"], each["statement"], each["uses"])
            for each in told["statements"]
        ),
        used=tuple(_action(each) for each in told["used"]),
        missing=tuple(_action(each) for each in told["missing"]),
        least=told["least"],
    )


def _action(told: dict[str, Any]) -> ActionUse:
    return ActionUse(
        told["action"], told["resource"], told["count"], told.get("why"), told.get("add")
    )
