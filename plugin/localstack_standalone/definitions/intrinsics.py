"""The grammar of payload templates' values: a JSONPath, or a call of an intrinsic function.

Amazon States Language, "Intrinsic functions": arguments are strings in apostrophes, numbers, null,
booleans, paths and calls; in a string a backslash escapes an apostrophe, a brace or itself, and
AWS takes no other escape (recorded).
"""

from __future__ import annotations

import re
from typing import Final

_STRING: Final = r"'(?:[^'\\]|\\['{}\\])*'"
_NAME: Final = re.compile(r"\s*States\.[A-Za-z0-9]+\s*\(")
_LITERAL: Final = re.compile(rf"\s*(?:{_STRING}|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)")
_PATH: Final = re.compile(r"\s*\$")
_CLOSING: Final = {"[": "]", "(": ")"}


def is_path_or_call(value: object) -> bool:
    """Whether *value* may stand in a field whose name ends with ``.$``."""
    if not isinstance(value, str):
        return False
    if value.startswith("$"):
        return True
    return _call(value, 0) == len(value.rstrip())


def _call(text: str, at: int) -> int | None:
    """The index behind the call at *at*; None if there is none."""
    name = _NAME.match(text, at)
    if name is None:
        return None
    at = _blanks(text, name.end())
    if text[at : at + 1] == ")":
        return at + 1
    while (behind := _argument(text, at)) is not None:
        at = _blanks(text, behind)
        match text[at : at + 1]:
            case ",":
                at += 1
            case ")":
                return at + 1
            case _:
                return None
    return None


def _argument(text: str, at: int) -> int | None:
    if literal := _LITERAL.match(text, at):
        return literal.end()
    if path := _PATH.match(text, at):
        return _path(text, path.end())
    return _call(text, at)


def _path(text: str, at: int) -> int | None:
    """The index behind a path, which may have commas and brackets within brackets or quotes."""
    open_brackets: list[str] = []
    while at < len(text):
        character = text[at]
        if character in "'\"":
            end = text.find(character, at + 1)
            if end < 0:
                return None
            at = end
        elif character in _CLOSING:
            open_brackets.append(_CLOSING[character])
        elif open_brackets and character == open_brackets[-1]:
            open_brackets.pop()
        elif not open_brackets and character in ",)":
            return at
        at += 1
    return None


def _blanks(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at
