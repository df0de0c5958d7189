"""What airspeed does otherwise than Velocity in API Gateway, put right.

A reference is looked up as Velocity does (a map's member, then a method or getter of Java's class),
only ``false`` is false, ``#foreach`` goes over a map's values (Apache Velocity User Guide), and
what is not there is the empty text, which is no ``false`` (recorded answers of API Gateway). Who
renders can watch for references that nothing is known of.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from airspeed import operators

from localstack_standalone.velocity import java

_UNKNOWN: contextvars.ContextVar[dict[str, None] | None] = contextvars.ContextVar(
    "unknown_references", default=None
)


class Unknown(str):
    """What nobody can tell: airspeed writes the reference to it as the template has it."""

    __slots__ = ()

    def __getitem__(self, _name: object) -> Unknown:
        return self

    def __call__(self, *_arguments: object) -> Unknown:  # noqa: D102 - as magic as the others
        return self

    def __iter__(self) -> Iterator[str]:
        return iter(())


UNKNOWN: Final = Unknown(operators.REPLACE_FORMAL_TEXT)


@contextlib.contextmanager
def watching() -> Iterator[dict[str, None]]:
    """Collects what is rendered as nothing because nothing is known of it, each once."""
    unknown: dict[str, None] = {}
    token = _UNKNOWN.set(unknown)
    try:
        yield unknown
    finally:
        _UNKNOWN.reset(token)


@functools.cache
def install() -> None:
    """Change airspeed in this process, once."""
    operators.value_to_string = java.text
    operators.BinaryOperator.OPERATORS.update(
        {
            "==": _same,
            "eq": _same,
            "!=": lambda one, other: not _same(one, other),
            "ne": lambda one, other: not _same(one, other),
            "&&": lambda one, other: true(one) and true(other),
            "and": lambda one, other: true(one) and true(other),
            "||": lambda one, other: true(one) or true(other),
            "or": lambda one, other: true(one) or true(other),
            "+": _sum,
        }
    )
    operators.UnaryOperatorValue.calculate = _not
    operators.Condition.calculate = _holds
    operators.NameOrCall.calculate = _looked_up(operators.NameOrCall.calculate)
    operators.SubExpression.calculate = _at_index(operators.SubExpression.calculate)
    operators.VariableExpression.calculate = _not_null(operators.VariableExpression.calculate)
    operators.ForeachDirective.parse = _over_values(operators.ForeachDirective.parse)


def true(value: Any) -> bool:
    """Whether ``#if`` takes *value* for true: all but ``false``, the empty text too."""
    return value is not False


def _not(self: Any, namespace: Any, loader: Any) -> bool:
    return not true(self.value.calculate(namespace, loader))


def _holds(self: Any, namespace: Any, loader: Any) -> bool:
    return true(self.expression.calculate(namespace, loader))


def _same(one: Any, other: Any) -> bool:
    """``==``: as ``equals``, and texts are compared where the classes differ."""
    if java.number(one) and java.number(other):
        return bool(one == other)
    if isinstance(one, str) != isinstance(other, str):
        return java.text(one) == java.text(other)
    return java.equal(one, other)


def _sum(one: Any, other: Any) -> Any:
    if isinstance(one, str) or isinstance(other, str):
        return java.text(one) + java.text(other)
    return operator.add(one, other)


Calculate = Callable[..., Any]


def _looked_up(original: Calculate) -> Calculate:
    def calculate(self: Any, current: Any, loader: Any, top: Any) -> Any:
        if current is None or isinstance(current, Unknown):
            return current
        if isinstance(current, operators.LocalNamespace):
            return original(self, current, loader, top) if _is_set(self, current) else None
        if not java.known(current):
            found = not self.name.startswith("_") and hasattr(current, self.name)
            return original(self, current, loader, top) if found else _report(self)
        value = _value(self, current, loader, top)
        return value if self.index is None else _item(value, self.index.calculate(top, loader))

    return calculate


def _is_set(name: Any, namespace: Any) -> bool:
    try:
        namespace[name.name]
    except (KeyError, TypeError):
        _report(name)
        return False
    return True


def _value(name: Any, current: Any, loader: Any, top: Any) -> Any:
    """What the member or method *name* of *current*, a value of Java's, is."""
    member: Any = None
    if isinstance(current, Mapping):
        with contextlib.suppress(KeyError):
            member = current[name.name]
            if name.parameters is None:
                return member
    if name.parameters is None:
        getter = java.getter(current, name.name)
        return getter() if getter else _report(name)
    method = member if callable(member) else java.method(current, name.name)
    return method(*name.parameters.calculate(top, loader)) if method else _report(name)


def _report(name: Any) -> None:
    """Tell who watches that nothing is known of the reference up to *name*."""
    unknown = _UNKNOWN.get()
    if unknown is None:
        return
    before = name.full_text()[: name.end]
    start = before.rfind("$")
    if not before.startswith("$!", start):
        unknown[" ".join(before[start:].split()).replace("{", "", 1)] = None


def _item(value: Any, index: Any) -> Any:
    try:
        return value[index]
    except (KeyError, IndexError, TypeError):
        return None


def _at_index(original: Calculate) -> Calculate:
    def calculate(self: Any, current: Any, loader: Any, top: Any) -> Any:
        if not isinstance(self.expression, operators.ArrayIndex):
            return original(self, current, loader, top)
        value = _item(current, self.expression.calculate(top, loader))
        if self.subexpression:
            return self.subexpression.calculate(value, loader, top)
        return value

    return calculate


def _not_null(original: Calculate) -> Calculate:
    def calculate(self: Any, namespace: Any, loader: Any, top: Any = None) -> Any:
        value = original(self, namespace, loader, top)
        return "" if value is None else value

    return calculate


def _over_values(original: Callable[[Any], None]) -> Callable[[Any], None]:
    def parse(self: Any) -> None:
        original(self)
        self.value = _Values(self.value)

    return parse


class _Values:
    """What a ``#foreach`` goes over: a map's values, and nothing where nothing can be gone over."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def calculate(self, namespace: Any, loader: Any) -> list[Any]:
        found = self._value.calculate(namespace, loader)
        if isinstance(found, Mapping):
            return list(found.values())
        if isinstance(found, str) or not isinstance(found, Iterable):
            return []
        return list(found)
