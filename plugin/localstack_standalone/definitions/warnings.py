"""What AWS warns of, and takes: a path that is a mere text.

The codes and what each is for: ValidateStateMachineDefinitionDiagnostic in the API reference,
whose words stand for AWS's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from localstack_standalone.definitions import fields
from localstack_standalone.definitions.diagnostic import Diagnostic, Severity
from localstack_standalone.definitions.paths import TEMPLATES
from localstack_standalone.definitions.walk import JSONPATH, State, items

_PATH_OR_CALL: Final = re.compile(r"\$\$?[.\[]|States\.\w+\(")


def found(state: State) -> Iterator[Diagnostic]:
    """The warnings about *state*."""
    if state.language != JSONPATH:
        return
    for field in TEMPLATES:
        for name, at in _looking_like_paths(state.body.get(field), f"{state.at}/{field}"):
            if not name.endswith(".$"):
                yield _warning(
                    "NO_DOLLAR",
                    "No .$ on a field that appears to be a JSONPath or Intrinsic Function.",
                    at,
                )
    for rule, at in items(state, "Choices"):
        for operator in fields.COMPARISONS:
            if not operator.endswith("Path") and _is_like_a_path(rule.get(operator)):
                yield _warning(
                    "NO_PATH",
                    "Field value looks like a path, but field name does not end with 'Path'.",
                    f"{at}/{operator}",
                )
    result = state.body.get("Result")
    if _is_like_a_path(result) or any(_looking_like_paths(result, "")):
        yield _warning(
            "PASS_RESULT_IS_STATIC",
            "Attempt to use a path in the result of a pass state.",
            f"{state.at}/Result",
        )


def _looking_like_paths(value: Any, at: str) -> Iterator[tuple[str, str]]:
    """Names of fields whose value looks like a path, and where each stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if _is_like_a_path(inner):
                yield name, f"{at}/{name}"
            yield from _looking_like_paths(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _looking_like_paths(inner, f"{at}[{index}]")


def _is_like_a_path(value: Any) -> bool:
    return isinstance(value, str) and _PATH_OR_CALL.match(value) is not None


def _warning(code: str, message: str, at: str) -> Diagnostic:
    return Diagnostic(code, message, at, Severity.WARNING)
