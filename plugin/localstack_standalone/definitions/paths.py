"""JSONPaths, payload templates and variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from localstack_standalone.definitions import fields
from localstack_standalone.definitions.diagnostic import Diagnostic, schema
from localstack_standalone.definitions.intrinsics import is_path_or_call
from localstack_standalone.definitions.walk import JSONPATH, State, items

TEMPLATES: Final = ("Parameters", "ResultSelector", "ItemSelector", "Assign")
_MANY: Final = re.compile(r"[*?@]|\.\.")


def mistakes(state: State) -> Iterator[Diagnostic]:
    """What is wrong with the paths, templates and variables of *state*."""
    assigning = [(state.body, state.at), *items(state, "Catch"), *items(state, "Choices")]
    for body, at in assigning:
        yield from _variables(body.get("Assign"), f"{at}/Assign")
    if state.language != JSONPATH:
        return
    for body, at in ((state.body, state.at), *items(state, "Catch")):
        yield from _paths(body, at)
    for field in TEMPLATES:
        yield from _template(state.body.get(field), f"{state.at}/{field}")


def _paths(body: dict[str, Any], at: str) -> Iterator[Diagnostic]:
    for field in fields.PATHS:
        value = body.get(field)
        if not isinstance(value, str):
            continue
        if not is_path_or_call(value):
            yield schema("Value must be a valid JSONPath.", f"{at}/{field}")
        elif field == "ResultPath" and _MANY.search(value):
            yield schema("Value is not a Reference Path", f"{at}/{field}")


def _template(value: Any, at: str) -> Iterator[Diagnostic]:
    """Each field whose name ends with ``.$``, at any depth; AWS names the object it is in."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith(".$"):
                if not is_path_or_call(inner):
                    yield schema(
                        f"The value for the field '{name}' must be a valid JSONPath or a valid "
                        "intrinsic function call",
                        at,
                    )
            else:
                yield from _template(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _template(inner, f"{at}[{index}]")


def _variables(assigned: Any, at: str) -> Iterator[Diagnostic]:
    for field in assigned if isinstance(assigned, dict) else ():
        name = field.removesuffix(".$")
        if name == "states":
            yield Diagnostic(
                "RESERVED_VARIABLE_NAME",
                "Cannot assign to reserved variable '$states'.",
                f"{at}/{field}",
            )
        elif not name.isidentifier() or name.startswith("_"):
            yield Diagnostic(
                "INVALID_VARIABLE_NAME",
                f"Invalid variable name '{name}': the variable name contains invalid characters.",
                f"{at}/{field}",
            )
