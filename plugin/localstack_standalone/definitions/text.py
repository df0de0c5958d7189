"""Definitions as text: read as JSON, or refused in the words of AWS's parser.

AWS parses with Jackson, whose words these are (recorded: "Unrecognized token"; the others are
Jackson's published messages). Jackson tells the place behind what it read.
"""

from __future__ import annotations

import json
from typing import Any, Final

from localstack_standalone.definitions.diagnostic import SCHEMA, Diagnostic

SHOWN_CHARACTERS: Final = 500
_KINDS: Final = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'"


class Members(dict[str, Any]):
    """A JSON object that knows which of its names came more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.repeated = [name for name, _ in pairs if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def read(text: str) -> Members | Diagnostic:
    """The definition, or why it is none."""
    if text.strip():
        try:
            found = json.loads(text, object_pairs_hook=Members, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            return _unreadable(text, error)
        except _ConstantError as error:
            return _unreadable(text, json.JSONDecodeError("Expecting value", text, error.at(text)))
        if isinstance(found, Members):
            return found
    return Diagnostic(SCHEMA, "Definition must be a valid JSON object")


class _ConstantError(ValueError):
    """NaN or Infinity, which Python takes and JSON does not have."""

    def at(self, text: str) -> int:
        return text.index(str(self))


def _no_constant(name: str) -> Any:
    raise _ConstantError(name)


def _unreadable(text: str, error: json.JSONDecodeError) -> Diagnostic:
    words, behind = _words(text, error)
    line = text.count("\n", 0, behind) + 1
    column = behind - (text.rfind("\n", 0, behind) + 1) + 1
    shown = text[:SHOWN_CHARACTERS]
    more = len(text) - len(shown)
    cut = f"[truncated {more} chars]" if more else ""
    location = f'[Source: (String)"{shown}"{cut}; line: {line}, column: {column}]'
    return Diagnostic("INVALID_JSON_DESCRIPTION", f"{words}\n at {location}", location)


def _words(text: str, error: json.JSONDecodeError) -> tuple[str, int]:
    """What Jackson says, and the index behind what it had read by then."""
    at = error.pos
    if error.msg.startswith("Illegal trailing comma"):
        at = _next_token(text, at + 1)
    if at >= len(text):
        return "Unexpected end-of-input", len(text)
    character = text[at]
    if error.msg == "Expecting value" and (character.isalnum() or character in "_$"):
        end = at
        while end < len(text) and (text[end].isalnum() or text[end] in "_$"):
            end += 1
        return f"Unrecognized token '{text[at:end]}': was expecting ({_KINDS})", end
    wanted = {
        "Expecting value": f"expected a valid value ({_KINDS})",
        "Expecting ',' delimiter": "was expecting comma to separate Object or Array entries",
        "Expecting ':' delimiter": "was expecting a colon to separate field name and value",
    }.get(error.msg, "was expecting double-quote to start field name")
    if error.msg.startswith(("Invalid", "Unterminated")):
        return error.msg, at + 1
    return f"Unexpected character ('{character}' (code {ord(character)})): {wanted}", at + 1


def _next_token(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at
