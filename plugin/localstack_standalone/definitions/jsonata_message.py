"""What an expression that fails says: the code and the words of JSONata's reference implementation.

AWS gives those (as reported from TestState in August 2026). The Python port came by way of a Java
one: its words have lost "function", it fills them in without quotes, and two of them it cannot fill
at all. What is missing stands in the frame that raised.

Source: https://github.com/jsonata-js/jsonata, the table of error codes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

_CODE: Final = re.compile(r"[DST]\d{4}")
_PLACEHOLDER: Final = re.compile(r"\{\{\{(\w+)\}\}\}|\{\{(\w+)\}\}")
# What the port adds of its bounds to the words of one that was reached.
_BOUND: Final = re.compile(r" Depth=.*| \d+ms\.")
_TYPES: Final = {"n": "numbers", "s": "strings", "o": "objects", "b": "booleans", "f": "functions"}
_OVERFLOW: Final = (
    "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as "
    "tail-recursive."
)
_CASTS: Final = {"number": ("D3030", "arg"), "datetime_to_millis": ("D3110", "timestamp")}


def mend(exception: Any) -> None:
    """Keep the port's *exception* from filling in its own words, which fails for two of them."""
    exception.msg = staticmethod(lambda error, *_: str(error))


def of(error: Exception) -> tuple[str, str]:
    """Code (``""`` where there is none) and words of what an expression raised."""
    known = getattr(error, "error", None)
    if known is None:
        return _of_python(error)
    if not _CODE.fullmatch(known):
        return "", " ".join(_BOUND.sub("", known).split())
    return known, _filled(known, error.error_codes, _values(known, error))  # type: ignore[attr-defined]


def _of_python(error: Exception) -> tuple[str, str]:
    """What the port lets through of Python's own errors."""
    import jsonata

    if isinstance(error, RecursionError):
        return "", _OVERFLOW
    name, frame = _raised_in(error)
    if isinstance(error, ValueError) and name in _CASTS:
        code, argument = _CASTS[name]
        value = {"value": frame[argument]}
        return code, _filled(code, jsonata.JException.error_codes, value)
    return "", str(error) or type(error).__name__


def _values(code: str, error: Any) -> Mapping[str, Any]:
    """What belongs into the words, by the names of their placeholders."""
    given = [error.current, error.expected]
    _, frame = _raised_in(error)
    match code:
        case "T0412":
            function = frame["self"].function_name
            kind = _TYPES.get(given[1], given[1])
            return {"index": frame["arg_index"] + 1, "token": function, "type": kind}
        case "T0411":
            return {"index": given[1], "token": frame["self"].function_name}
        case "T2009":
            return {"value": given[0], "value2": given[1], "token": frame["op"]}
        case "D1002":
            return {"value": given[1]}
    names = [bare or quoted for bare, quoted in _PLACEHOLDER.findall(error.error_codes[code])]
    return dict(zip(names, given, strict=False))


def _filled(code: str, words: Mapping[str, str], values: Mapping[str, Any]) -> str:
    def value(found: re.Match[str]) -> str:
        bare, quoted = found.groups()
        return str(values.get(bare)) if bare else json.dumps(values.get(quoted), default=str)

    return _PLACEHOLDER.sub(value, words[code].replace("Object", "function"))


def _raised_in(error: Exception) -> tuple[str, Mapping[str, Any]]:
    """Name and variables of the port's function that raised *error*."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return ("", {}) if trace is None else (trace.tb_frame.f_code.co_name, trace.tb_frame.f_locals)
