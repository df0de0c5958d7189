"""Rules that many fields have in common: required, of a type, one of a few, within bounds.

Wordings as published for fields of each kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from localstack_standalone.definitions.diagnostic import Diagnostic, schema


def missing(body: Mapping[str, Any], required: tuple[str, ...], at: str) -> Iterator[Diagnostic]:
    """All of *required* that are not there, in one."""
    if absent := [field for field in required if field not in body]:
        yield schema(f"These fields are required: [{', '.join(absent)}]", at)


def filled(body: Mapping[str, Any], field: str, at: str) -> Iterator[Diagnostic]:
    """A list that has nothing in it."""
    if body.get(field) == []:
        yield schema("Value cannot be empty", f"{at}/{field}")


def enumerated(
    body: Mapping[str, Any], field: str, allowed: tuple[str, ...], at: str
) -> Iterator[Diagnostic]:
    """A value that is none of *allowed*."""
    value = body.get(field, allowed[0])
    if not isinstance(value, str):
        yield schema("Expected value of type [STRING]", f"{at}/{field}")
    elif value not in allowed:
        yield schema(
            f"Value should be one of the following: [{', '.join(allowed)}]", f"{at}/{field}"
        )


def numbers(
    body: Mapping[str, Any], bounds: Mapping[str, tuple[int | None, int | None]], at: str
) -> Iterator[Diagnostic]:
    """Numbers out of bounds, and texts in their place that are no JSONata."""
    for field, (least, most) in bounds.items():
        value = body.get(field)
        where = f"{at}/{field}"
        if isinstance(value, str) and not value.startswith("{%"):
            yield schema("Expected value of type Integer", where)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            continue
        elif least is not None and value < least:
            yield schema(f"Minimum value is {least}", where)
        elif most is not None and value > most:
            yield schema(f"Maximum value is {most}", where)
