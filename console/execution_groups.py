"""Executions that were started together: what they are called, and one row for all of them.

The name of an execution is the Idempotency-Key of its POST (docs/api.md). Those of a batch begin
with the batch's own name, so that a list can fold them, whoever shows it and whenever.
"""

from __future__ import annotations

import collections
import dataclasses
import enum
import re
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from runs.model import ExecutionSpan

_ID_BYTES: Final = 4


class GroupKind(enum.StrEnum):
    """What started them."""

    BATCH = "batch"
    """The page Many images."""
    MISTAKES = "wrong"
    """The page Try it wrong."""


_TITLES: Final = {GroupKind.BATCH: "Batch of {}", GroupKind.MISTAKES: "Tried wrong: {}"}
_NAME: Final = re.compile(
    rf"((?:{'|'.join(GroupKind)})-[0-9a-f]{{{2 * _ID_BYTES}}})-(\d+)(?:-(\d+))?"
)


@dataclasses.dataclass(frozen=True)
class Group:
    """Executions that were started together.

    Attributes:
        name: with which the names of all begin.
        members: the latest first.
        opened: whether each of them has a row, too.
    """

    name: str
    members: tuple[ExecutionSpan, ...]
    opened: bool

    @property
    def title(self) -> str:
        """What it is, and of how many; what was run again counts once."""
        numbers = {_number(one.name) for one in self.members}
        return _TITLES[GroupKind(self.name.partition("-")[0])].format(f"{len(numbers):,}")

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many stand in which status, most first."""
        return collections.Counter(one.status.value for one in self.members).most_common()

    @property
    def started_at(self) -> dt.datetime:
        """When the first was."""
        return min(one.started_at for one in self.members)

    @property
    def duration_ms(self) -> float | None:
        """From the first start to the last end; None while one runs."""
        ends = [one.stopped_at for one in self.members]
        if any(end is None for end in ends):
            return None
        last = max(end for end in ends if end is not None)
        return (last - self.started_at).total_seconds() * 1000


@dataclasses.dataclass(frozen=True)
class ExecutionRow:
    """A line of the list.

    Attributes:
        execution: whose it is; None for that of a group.
        group: whose it is, or that the execution belongs to; None for one that stands alone.
    """

    execution: ExecutionSpan | None
    group: Group | None


def new(kind: GroupKind) -> str:
    """The name of a group that nobody has used."""
    return f"{kind}-{secrets.token_hex(_ID_BYTES)}"


def member(group: str, number: int, again: int = 0) -> str:
    """The name of the execution *number* of *group*, when it is run *again* for so many times."""
    return f"{group}-{number}-{again}" if again else f"{group}-{number}"


def group_of(name: str) -> str | None:
    """The group to which the execution called *name* belongs; None where it stands alone."""
    found = _NAME.fullmatch(name)
    return found[1] if found else None


def _number(name: str) -> str:
    found = _NAME.fullmatch(name)
    return found[2] if found else name


def rows(executions: Iterable[ExecutionSpan], opened: Collection[str]) -> list[ExecutionRow]:
    """A row for each of *executions*, those of a group as one, where its latest stands.

    Args:
        executions: the latest first.
        opened: names of the groups whose members follow in rows of their own.
    """
    together: dict[str, list[ExecutionSpan]] = {}
    for one in executions:
        together.setdefault(group_of(one.name) or one.arn, []).append(one)
    listed: list[ExecutionRow] = []
    for name, members in together.items():
        if group_of(members[0].name) is None:
            listed.append(ExecutionRow(members[0], None))
            continue
        group = Group(name, tuple(members), name in opened)
        listed.append(ExecutionRow(None, group))
        if group.opened:
            listed += [ExecutionRow(one, group) for one in members]
    return listed
