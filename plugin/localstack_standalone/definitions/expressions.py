"""JSONata in definitions: what AWS refuses when a machine is made.

AWS parses each expression and refuses one that does not parse in the parser's words, and one that
reads a name without a context to read it from (published, with the expressions that showed it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from localstack_standalone.definitions import jsonata_message
from localstack_standalone.definitions.diagnostic import Diagnostic
from localstack_standalone.definitions.walk import JSONATA, State

Parse = Callable[[str], tuple[str, str] | None]
"""Gives the code and message of what is wrong with an expression, None if nothing is."""

_OPEN: Final = "{%"
_CLOSE: Final = "%}"
# States within have expressions of their own.
_WITHIN: Final = frozenset({"Branches", "ItemProcessor", "Iterator", "Comment"})
_UNCLOSED_COMMENT: Final = "Comment has no closing tag"


def mistakes(state: State, parse: Parse) -> Iterator[Diagnostic]:
    """What is wrong with the expressions of *state*."""
    if state.language == JSONATA:
        for field, value in state.body.items():
            if field not in _WITHIN:
                yield from _of(value, f"{state.at}/{field}", parse)


def _of(value: Any, at: str, parse: Parse) -> Iterator[Diagnostic]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from _of(inner, f"{at}/{name}", parse)
        case list():
            for index, inner in enumerate(value):
                yield from _of(inner, f"{at}[{index}]", parse)
        case str() if value.startswith(_OPEN) and value.endswith(_CLOSE):
            if found := parse(value.removeprefix(_OPEN).removesuffix(_CLOSE)):
                yield Diagnostic(*found, at)


def parse(expression: str) -> tuple[str, str] | None:
    """By the Python port of the parser that evaluates expressions here."""
    import jsonata

    try:
        tree = jsonata.Jsonata(expression).ast
    except jsonata.JException as error:
        return "INVALID_JSONATA_EXPRESSION", jsonata_message.of(error)[1]
    except IndexError:  # the port reads on behind the text
        return "INVALID_JSONATA_EXPRESSION", _UNCLOSED_COMMENT
    first = tree.steps[0] if tree.type == "path" else tree
    if first.type == "name":
        return (
            "UNSUPPORTED_JSONATA_EXPRESSION",
            f"Reference to '{first.value}' at the top level is not supported.",
        )
    return None
