"""The rules of a Choice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localstack_standalone.definitions import fields
from localstack_standalone.definitions.diagnostic import Diagnostic, schema
from localstack_standalone.definitions.values import filled, missing
from localstack_standalone.definitions.walk import State, items


def mistakes(state: State) -> Iterator[Diagnostic]:
    """What is wrong with the rules of *state*."""
    yield from filled(state.body, "Choices", state.at)
    for rule, at in items(state, "Choices"):
        yield from missing(rule, ("Next",), at)
        yield from _rule(rule, at)


def _rule(rule: dict[str, Any], at: str) -> Iterator[Diagnostic]:
    kinds = [kind for kind in fields.RULES if kind in rule]
    if len(kinds) != 1:
        yield schema(
            f"The object must have only one of the following fields, [{', '.join(fields.RULES)}]",
            at,
        )
    if "Variable" in rule:
        yield from _comparison(rule, at)
    for inner, where in _inner(rule, at):
        if "Next" in inner:
            yield schema("Field 'Next' is not supported", where)
        yield from _rule(inner, where)


def _comparison(rule: dict[str, Any], at: str) -> Iterator[Diagnostic]:
    operators = [operator for operator in fields.COMPARISONS if operator in rule]
    if len(operators) > 1:
        yield schema(
            f"There should only be one of the following fields: [{', '.join(operators)}]", at
        )
    elif not operators:
        yield schema(
            "This object should have only one of the following fields: "
            f"[{', '.join(fields.COMPARISONS)}]",
            at,
        )
    for field in ("Variable", *operators):
        value = rule[field]
        is_path = field == "Variable" or field.endswith("Path")
        if is_path and isinstance(value, str) and not value.startswith("$"):
            yield schema(
                "Value is not a Reference Path: Reference path didn't start with '$'",
                f"{at}/{field}",
            )


def _inner(rule: dict[str, Any], at: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The rules within *rule*, and where each stands."""
    for field in ("And", "Or"):
        found = rule.get(field)
        for index, inner in enumerate(found if isinstance(found, list) else ()):
            if isinstance(inner, dict):
                yield inner, f"{at}/{field}[{index}]"
    if isinstance(inner := rule.get("Not"), dict):
        yield inner, f"{at}/Not"
