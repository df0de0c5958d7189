"""Conditions of a statement, and whether a request meets them.

Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Creating a condition
with multiple keys or values".
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime as dt
import decimal
import enum
import ipaddress
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from localstack_standalone.access.context import Facts
from localstack_standalone.access.matching import ArnPattern, TextPattern

type Test = Callable[[str, Facts], bool]
"""Whether a value of the request is what a value of the policy asks for."""
type Comparison = Callable[[Any, Any], bool]

_NUMBER: Final = re.compile(r"[+-]?\d{1,64}(\.\d{0,64})?")
_EPOCH: Final = re.compile(r"\d{1,18}")
_MONTH: Final = re.compile(r"\d{4}-\d\d")
_NULL: Final = "Null"


class UnknownOperatorError(ValueError):
    """A condition operator that IAM does not have."""


class Quantifier(enum.StrEnum):
    """How many of a request's values a condition is about."""

    ALL = "ForAllValues:"
    ANY = "ForAnyValue:"


@dataclasses.dataclass(frozen=True)
class Operator:
    """What is behind the name of a condition operator.

    Attributes:
        test: makes the test of a value in the policy; False says whether it may have variables.
        negated: whether what matches no value is asked for.
    """

    test: Callable[[str, bool], Test]
    negated: bool = False


@dataclasses.dataclass(frozen=True)
class Condition:
    """An operator, a key, and values.

    Attributes:
        key: the condition key, in lower case.
        tests: one for each value.
        negated: whether none of them may match ("the effective permissions work like a logical
            AND").
        quantifier: how many of the request's values have to; None for a key that has one.
        if_exists: whether a missing key is as good as a match.
    """

    key: str
    tests: tuple[Test, ...]
    negated: bool
    quantifier: Quantifier | None
    if_exists: bool

    def holds(self, facts: Facts) -> bool:
        """Whether a request with *facts* meets it."""
        found = facts.get(self.key)
        if self.quantifier is None:
            if found is None:
                return self.if_exists or self.negated
            # "Multivalued condition keys require a set operator."
            return isinstance(found, str) and self._matches(found, facts)
        if found is None and self.if_exists:
            return True
        values = (found,) if isinstance(found, str) else found or ()
        matched = (self._matches(value, facts) for value in values)
        # "… if there are no keys in the request, or if the key values resolve to a null data set,
        # such as an empty string", ForAllValues is true, and ForAnyValue is not.
        if values in {(), ("",)}:
            return self.quantifier is Quantifier.ALL
        return all(matched) if self.quantifier is Quantifier.ALL else any(matched)

    def _matches(self, value: str, facts: Facts) -> bool:
        return any(test(value, facts) for test in self.tests) != self.negated


@dataclasses.dataclass(frozen=True)
class NullCheck:
    """``Null``: whether the request has no value for *key* is what *wanted* says.

    An empty text is one that is null (IAM User Guide, "The request context").
    """

    key: str
    wanted: frozenset[bool]

    def holds(self, facts: Facts) -> bool:
        """Whether a request with *facts* meets it."""
        return (not facts.get(self.key)) in self.wanted


def read(block: Mapping[str, Any], *, variables: bool) -> tuple[Condition | NullCheck, ...]:
    """The conditions of a Condition element, all of which have to hold.

    Args:
        block: operators, keys and values: a text, a number, a boolean or a list of those.
        variables: whether values may have policy variables.

    Raises:
        UnknownOperatorError: IAM has no such operator.
    """
    return tuple(
        _condition(name, key, _texts(values), variables=variables)
        for name, keys in block.items()
        for key, values in keys.items()
    )


def check(name: str) -> None:
    """That *name* is an operator's.

    Raises:
        UnknownOperatorError: IAM has no such operator.
    """
    _named(name)


def _texts(values: Any) -> list[str]:
    listed = values if isinstance(values, list) else [values]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in listed]


def _named(name: str) -> tuple[Quantifier | None, str, bool]:
    """The quantifier, the operator's own name, and whether a missing key will do."""
    quantifier = next((one for one in Quantifier if name.startswith(one)), None)
    bare = name.removeprefix(quantifier or "")
    own = bare.removesuffix("IfExists")
    if own not in OPERATORS and bare != _NULL:
        raise UnknownOperatorError(f"no condition operator of IAM: {name!r}")
    return quantifier, own, own != bare


def _condition(name: str, key: str, values: list[str], *, variables: bool) -> Condition | NullCheck:
    quantifier, own, if_exists = _named(name)
    key = key.lower()
    if own == _NULL:
        return NullCheck(key, frozenset(value.lower() == "true" for value in values))
    found = OPERATORS[own]
    tests = tuple(found.test(value, variables) for value in values)
    return Condition(key, tests, found.negated, quantifier, if_exists)


def _equals(wanted: str, variables: bool) -> Test:  # noqa: FBT001 - one shape for all
    pattern = TextPattern(wanted, variables=variables, wildcards=False)
    return lambda value, facts: bool(pattern.matches(value, facts))


def _equals_ignoring_case(wanted: str, variables: bool) -> Test:  # noqa: FBT001 - likewise
    pattern = TextPattern(wanted, variables=variables, wildcards=False, ignore_case=True)
    return lambda value, facts: bool(pattern.matches(value, facts))


def _like(wanted: str, variables: bool) -> Test:  # noqa: FBT001 - likewise
    pattern = TextPattern(wanted, variables=variables)
    return lambda value, facts: bool(pattern.matches(value, facts))


def _arn_like(wanted: str, variables: bool) -> Test:  # noqa: FBT001 - likewise
    return ArnPattern(wanted, variables=variables).is_like


def _compared(read_value: Callable[[str], Any], compare: Comparison) -> Callable[[str, bool], Test]:
    """A test of what both values are read as; what cannot be read matches nothing."""

    def test(wanted: str, _: bool) -> Test:  # noqa: FBT001 - likewise
        there = read_value(wanted)

        def matches(value: str, _: Facts) -> bool:
            here = read_value(value)
            return here is not None and there is not None and compare(here, there)

        return matches

    return test


def _number(text: str) -> decimal.Decimal | None:
    return decimal.Decimal(text) if _NUMBER.fullmatch(text) else None


def _date(text: str) -> float | None:
    """Seconds since 1970: ISO 8601 as the W3C has it, or such seconds; without a zone it is UTC."""
    if _EPOCH.fullmatch(text):
        return float(text)
    if _MONTH.fullmatch(text):
        text += "-01"
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp()


def _boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _binary(text: str) -> bytes | None:
    """Bytes in base 64, as they are in policies and, since a context is text, in ours."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _within(
    here: ipaddress.IPv4Network | ipaddress.IPv6Network,
    there: ipaddress.IPv4Network | ipaddress.IPv6Network,
) -> bool:
    """Whether the address is in the range, which one of the other version never is."""
    return here.network_address in there


def _bool(wanted: str, variables: bool) -> Test:  # noqa: FBT001 - likewise
    """A boolean, for which the guide allows variables, unlike for numbers and dates."""
    pattern = TextPattern(wanted, variables=variables, wildcards=False, ignore_case=True)
    return lambda value, facts: _boolean(value) is not None and bool(pattern.matches(value, facts))


_COMPARISONS: Final[dict[str, Comparison]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}

OPERATORS: Final[dict[str, Operator]] = {
    "StringEquals": Operator(_equals),
    "StringNotEquals": Operator(_equals, negated=True),
    "StringEqualsIgnoreCase": Operator(_equals_ignoring_case),
    "StringNotEqualsIgnoreCase": Operator(_equals_ignoring_case, negated=True),
    "StringLike": Operator(_like),
    "StringNotLike": Operator(_like, negated=True),
    **{
        f"Numeric{name}": Operator(_compared(_number, compare))
        for name, compare in _COMPARISONS.items()
    },
    "NumericNotEquals": Operator(_compared(_number, operator.eq), negated=True),
    **{
        f"Date{name}": Operator(_compared(_date, compare)) for name, compare in _COMPARISONS.items()
    },
    "DateNotEquals": Operator(_compared(_date, operator.eq), negated=True),
    "Bool": Operator(_bool),
    "BinaryEquals": Operator(_compared(_binary, operator.eq)),
    "IpAddress": Operator(_compared(_network, _within)),
    "NotIpAddress": Operator(_compared(_network, _within), negated=True),
    # "The ArnEquals and ArnLike condition operators behave identically."
    "ArnEquals": Operator(_arn_like),
    "ArnLike": Operator(_arn_like),
    "ArnNotEquals": Operator(_arn_like, negated=True),
    "ArnNotLike": Operator(_arn_like, negated=True),
}
