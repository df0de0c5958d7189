"""What a setting is, and what it may be. Standard library alone, for Python 3.8 too."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

PORTS = (1024, 65535)
YES = ("1", "on", "true", "yes")
NO = ("0", "off", "false", "no")


def as_written(value: str) -> str:
    """As it is."""
    return value


def as_switch(value: str) -> str:
    """The same as 1 or 0, all that LocalStack reads."""
    return "1" if value.lower() in YES else "0"


@dataclasses.dataclass(frozen=True)
class Kind:
    """What a setting may be.

    Attributes:
        allowed: that in words: "… must be …".
        check: whether a value is that.
        reads: turns it into what its reader understands.
    """

    allowed: str
    check: Callable[[str], bool]
    reads: Callable[[str], str] = as_written


def one_of(*choices: str) -> Kind:
    """One of these words, as they are written."""
    return Kind("one of " + ", ".join(choices), lambda value: value in choices)


def matching(allowed: str, pattern: str) -> Kind:
    """All of it has the form *pattern*, which is *allowed* in words."""
    compiled = re.compile(pattern)
    return Kind(allowed, lambda value: compiled.fullmatch(value) is not None)


def count_up_to(most: int) -> Kind:
    """A whole number from 1 to *most*."""
    return Kind(f"a whole number from 1 to {most}", lambda value: 0 < _number(value) <= most)


def _number(value: str) -> int:
    """A whole number from 0 up; -1 for what is none."""
    return int(value) if value.isascii() and value.isdigit() else -1


def _is_port(value: str) -> bool:
    return PORTS[0] <= _number(value) <= PORTS[1]


TEXT = Kind("any text", lambda _: True)
A_PORT = Kind(f"a number from {PORTS[0]} to {PORTS[1]}", _is_port)
A_PORT_OR_AUTO = Kind(
    A_PORT.allowed + ", or 'auto' for any free port",
    lambda value: value == "auto" or _is_port(value),
)
A_NUMBER = Kind("a whole number from 0 up", lambda value: _number(value) >= 0)
A_COUNT = Kind("a whole number from 1 up", lambda value: _number(value) > 0)
A_SWITCH = Kind(
    "1 or 0 (or on, off, true, false, yes, no)",
    lambda value: value.lower() in YES + NO,
    as_switch,
)
A_SHARE = Kind(
    "a share such as 1/3, with a first number from 1 to the second",
    lambda value: bool(
        (found := re.fullmatch(r"(\d{1,3})/(\d{1,3})", value))
        and 1 <= int(found[1]) <= int(found[2])
    ),
)
TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"


@dataclasses.dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        name: as it is given to make, in the environment or in .env.
        default: what it is where nobody sets it, in words.
        help: what it is, for a person.
        kind: what it may be.
        emulator: whether the emulator is given it.
        container: whether one in a container can be.
        commands: the targets of the Makefile that it is for; none for those of every kind.
    """

    name: str
    default: str
    help: str
    kind: Kind = TEXT
    emulator: bool = False
    container: bool = True
    commands: tuple[str, ...] = ()
