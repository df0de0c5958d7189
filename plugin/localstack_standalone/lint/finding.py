"""What was found, and where."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

type At = tuple[str | int, ...]
"""A path into a document: names of members and indices of items."""


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """One place that AWS takes otherwise than an emulator.

    Attributes:
        path: the file.
        line: from 1.
        column: from 1.
        code: what it is, a key of `codes.CODES`.
        message: what was found, with the names of this place.
    """

    path: Path
    line: int
    column: int
    code: str
    message: str


@dataclasses.dataclass(frozen=True)
class Remark:
    """A finding within a document, which knows where each of its values stands."""

    code: str
    at: At
    message: str


def mapping(value: Any) -> dict[str, Any]:
    """*value* if it is an object, else an empty one: documents hold whatever people wrote."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """*value* if it is a list; a single value is a list of one, as in IAM's and SAM's documents."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]
