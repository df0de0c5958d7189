"""On which line of a JSON text each of its values stands."""

from __future__ import annotations

import json
from typing import Final

_BLANKS: Final = " \t\r\n"
_DECODER: Final = json.JSONDecoder()


def lines(text: str) -> dict[str, int]:
    """The line, from 1, of each value in *text*, by its location.

    A location is written as AWS writes it: ``/States/Which/Choices[0]/Next``, and ``/`` for the
    whole; nothing in it is escaped. A member's line is that of its name.

    Raises:
        json.JSONDecodeError: *text* is no JSON.
    """
    return {location: first for location, (first, _) in spans(text).items()}


def spans(text: str) -> dict[str, tuple[int, int]]:
    """The first and the last line of each value in *text*, by its location as `lines` has it.

    Raises:
        json.JSONDecodeError: *text* is no JSON.
    """
    json.loads(text)
    found: dict[str, tuple[int, int]] = {}
    behind = _value(text, _skip(text, 0), "", found)
    whole = 1, _line(text, behind - 1)
    return found | {"": whole, "/": whole}


def nearest(found: dict[str, int], location: str) -> int:
    """The line of *location*, or of the innermost value around it that there is."""
    while location not in found:
        location = location[: max(location.rfind("/"), location.rfind("["), 0)]
    return found[location]


def _value(text: str, at: int, location: str, found: dict[str, tuple[int, int]]) -> int:
    """Note all lines of the value at *at*; gives the index behind it."""
    match text[at]:
        case "{":
            return _members(text, at, location, found)
        case "[":
            return _items(text, at, location, found)
        case _:
            return _DECODER.raw_decode(text, at)[1]


def _members(text: str, at: int, location: str, found: dict[str, tuple[int, int]]) -> int:
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, behind = _DECODER.raw_decode(text, at)
        inner = f"{location}/{name}"
        end = _value(text, _skip(text, behind, ":"), inner, found)
        found[inner] = _line(text, at), _line(text, end - 1)
        at = _skip(text, end, ",")
    return at + 1


def _items(text: str, at: int, location: str, found: dict[str, tuple[int, int]]) -> int:
    at, index = _skip(text, at + 1), 0
    while text[at] != "]":
        inner = f"{location}[{index}]"
        end = _value(text, at, inner, found)
        found[inner] = _line(text, at), _line(text, end - 1)
        at, index = _skip(text, end, ","), index + 1
    return at + 1


def _skip(text: str, at: int, separator: str = "") -> int:
    """The index behind blanks and the *separator* among them."""
    while text[at] in _BLANKS or text[at] == separator:
        at += 1
    return at


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
