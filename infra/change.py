"""What ensuring or destroying a resource did to it."""

from __future__ import annotations

import dataclasses
from enum import StrEnum


class Change(StrEnum):
    """What happened to one resource; the value is the word that people see."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DESTROYED = "destroyed"
    ABSENT = "absent"
    """There was nothing to destroy."""
    KEPT = "kept, not ours"
    """Something of that name is there, but this project did not make it: it is left alone."""


@dataclasses.dataclass(frozen=True)
class Ensured:
    """A resource that is as we want it.

    Attributes:
        change: what had to be done.
        id: its ARN; for the API, its id.
    """

    change: Change
    id: str


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table that people see.

    Attributes:
        resource: kind and name, such as ``role ImageResizeFunctionRole``.
        change: what was done to it.
        seconds: how long that took.
    """

    resource: str
    change: Change
    seconds: float


def settled(*, created: bool = False, updated: bool = False) -> Change:
    """The change that an ``ensure`` reports: created wins over updated, else unchanged."""
    if created:
        return Change.CREATED
    return Change.UPDATED if updated else Change.UNCHANGED
