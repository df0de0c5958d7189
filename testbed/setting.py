"""What a setting is, and what it may be. Standard library alone, for Python 3.8 too."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

PORTS = (1024, 65535)
YES = ("1", "on", "true", "yes")
NO = ("0", "off", "false", "no")


def anything(_value: str) -> bool:
    """Every text is taken."""
    return True


def one_of(*choices: str) -> Callable[[str], bool]:
    """One of these words, as they are written."""
    return lambda value: value in choices


def matches(pattern: str) -> Callable[[str], bool]:
    """All of it has this form."""
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def is_port(value: str) -> bool:
    """An unprivileged TCP port."""
    number = value.isascii() and value.isdigit()
    return number and PORTS[0] <= int(value) <= PORTS[1]


def is_port_or_auto(value: str) -> bool:
    """A port, or any free one."""
    return value == "auto" or is_port(value)


def is_count(value: str) -> bool:
    """A whole number from 1 up."""
    return value.isascii() and value.isdigit() and int(value) > 0


def is_count_up_to(most: int) -> Callable[[str], bool]:
    """A whole number from 1 to *most*."""
    return lambda value: is_count(value) and int(value) <= most


def is_number(value: str) -> bool:
    """A whole number from 0 up."""
    return value.isascii() and value.isdigit()


def is_switch(value: str) -> bool:
    """On or off, in one of the usual words."""
    return value.lower() in YES + NO


def as_switch(value: str) -> str:
    """The same as 1 or 0, all that LocalStack reads."""
    return "1" if value.lower() in YES else "0"


def as_written(value: str) -> str:
    """As it is."""
    return value


# Step Functions remembers so many executions (STANDALONE_KEPT_EXECUTIONS).
MOST_REQUESTS = 5_000
MOST_CLIENTS = 256
A_PORT = f"a number from {PORTS[0]} to {PORTS[1]}"
A_PORT_OR_AUTO = A_PORT + ", or 'auto' for any free port"
A_NUMBER = "a whole number from 0 up"
A_SWITCH = "1 or 0 (or on, off, true, false, yes, no)"
A_COUNT = "a whole number from 1 up"
TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"


@dataclasses.dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        name: as it is given to make, in the environment or in .env.
        default: what it is where nobody sets it, in words.
        help: what it is, for a person.
        allowed: what it may be, in words: "… must be …".
        check: whether a value is that.
        reads: turns it into what its reader understands.
        emulator: whether the emulator is given it.
        container: whether one in a container can be.
        commands: the targets of the Makefile that it is for; none for those of every kind.
    """

    name: str
    default: str
    help: str
    allowed: str = "any text"
    check: Callable[[str], bool] = anything
    reads: Callable[[str], str] = as_written
    emulator: bool = False
    container: bool = True
    commands: tuple[str, ...] = ()
