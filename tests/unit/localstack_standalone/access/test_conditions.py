"""Every operator, and how keys and values are put together.

Source where no other stands: IAM User Guide, "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localstack_standalone.access import conditions
from localstack_standalone.access.conditions import OPERATORS, UnknownOperatorError
from localstack_standalone.access.context import Context, Facts


def _holds(block: dict[str, Any], context: Context) -> bool:
    facts = Facts(context)
    return all(one.holds(facts) for one in conditions.read(block, variables=True))


TABLE: list[tuple[str, Any, Any, bool]] = [
    ("StringEquals", "johndoe", "johndoe", True),
    ("StringEquals", "johndoe", "JohnDoe", False),
    ("StringEquals", "*", "x", False),
    ("StringEquals", ["a", "b"], "b", True),
    ("StringNotEquals", ["a", "b"], "b", False),
    ("StringNotEquals", ["a", "b"], "c", True),
    ("StringEqualsIgnoreCase", "johndoe", "JohnDoe", True),
    ("StringNotEqualsIgnoreCase", "johndoe", "JohnDoe", False),
    ("StringLike", "home/*", "home/alice/x", True),
    ("StringLike", "", "", True),
    ("StringLike", "home/?", "home/", False),
    ("StringNotLike", "home/*", "home/alice", False),
    ("NumericEquals", "10", "10.0", True),
    ("NumericNotEquals", 10, "11", True),
    ("NumericLessThan", "10", "9", True),
    ("NumericLessThan", "10", "10", False),
    ("NumericLessThanEquals", "3600", "3600", True),
    ("NumericGreaterThan", "10", "11", True),
    ("NumericGreaterThanEquals", "10", "9.5", False),
    ("NumericEquals", "ten", "10", False),
    ("NumericEquals", "10", "nan", False),
    ("NumericLessThan", "10", "-1", True),
    ("DateEquals", "2020-01-01T00:00:01Z", "1577836801", True),
    ("DateEquals", "2020-01", "2020-01-01T00:00:00Z", True),
    ("DateNotEquals", "2020-01-01", "2020-01-02", True),
    ("DateGreaterThan", "2020-01-01T00:00:01Z", "2020-06-01T12:00:00+02:00", True),
    ("DateGreaterThanEquals", "2020-06-01T10:00:00Z", "2020-06-01T12:00:00+02:00", True),
    ("DateLessThan", "2020-01-01T00:00:01Z", "2020-06-01", False),
    ("DateLessThanEquals", "2020-06-01", "2020-06-01T00:00:00Z", True),
    ("DateLessThan", "2020-01-01", "soon", False),
    ("Bool", "true", "true", True),
    ("Bool", "False", "false", True),
    ("Bool", "true", "false", False),
    ("Bool", "perhaps", "perhaps", False),
    ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", True),
    ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5", False),
    ("BinaryEquals", "no base64!", "no base64!", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
    ("IpAddress", "203.0.113.7", "203.0.113.8", False),
    ("IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1", True),
    ("IpAddress", "203.0.113.0/24", "2001:db8::1", False),
    ("IpAddress", "203.0.113.0/24", "here", False),
    ("NotIpAddress", "203.0.113.0/24", "203.0.113.7", False),
    ("NotIpAddress", "203.0.113.0/24", "198.51.100.7", True),
    ("ArnEquals", "arn:aws:sns:*:1:t", "arn:aws:sns:eu:1:t", True),
    ("ArnLike", "arn:aws:states:eu:1:stateMachine:*", "arn:aws:states:eu:1:stateMachine:m", True),
    ("ArnNotEquals", "arn:aws:iam::4:user/u", "arn:aws:iam::4:user/v", True),
    ("ArnNotLike", "arn:aws:iam::4:user/*", "arn:aws:iam::4:user/v", False),
]


@pytest.mark.parametrize(("operator", "policy", "request_value", "expected"), TABLE)
def test_operators(operator: str, policy: Any, request_value: Any, *, expected: bool) -> None:
    """What each says of a value."""
    assert expected == _holds({operator: {"k": policy}}, {"K": request_value})


def test_every_operator_has_a_row() -> None:
    """None is left out of the table but Null, which is about no value."""
    assert set(OPERATORS) == {row[0] for row in TABLE}


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_a_missing_key(operator: str) -> None:
    """What asks for a match does not hold, what asks for none does."""
    negated = "Not" in operator
    assert negated == _holds({operator: {"k": "1"}}, {})
    assert _holds({f"{operator}IfExists": {"k": "1"}}, {})
    assert _holds({f"ForAllValues:{operator}": {"k": "1"}}, {})
    assert not _holds({f"ForAnyValue:{operator}": {"k": "1"}}, {})


@pytest.mark.parametrize(
    ("value", "context", "expected"),
    [
        ("true", {}, True),
        ("false", {}, False),
        ("true", {"k": "v"}, False),
        ("false", {"k": "v"}, True),
        (True, {}, True),
        # An empty text is null: "occasionally null (an empty data string)".
        ("false", {"k": ""}, False),
        ("false", {"k": []}, False),
    ],
)
def test_null(value: Any, context: Context, *, expected: bool) -> None:
    """Whether there is a value."""
    assert expected == _holds({"Null": {"K": value}}, context)


def test_names_of_keys_have_no_case() -> None:
    """``aws:SourceIP`` is ``AWS:SourceIp``, and so are tags."""
    block = {"StringEquals": {"aws:ResourceTag/TagKey1": "Value1"}}
    assert _holds(block, {"AWS:resourcetag/tagkey1": "Value1"})


MULTIPLE: dict[str, Any] = {
    # "Creating a condition with multiple keys or values"
    "StringEqualsIgnoreCase": {
        "aws:PrincipalTag/department": ["finance", "hr", "legal"],
        "aws:PrincipalTag/role": ["audit", "security"],
    },
    "StringEquals": {"aws:PrincipalAccount": "123456789012"},
}


@pytest.mark.parametrize(
    ("department", "role", "account", "expected"),
    [
        ("HR", "audit", "123456789012", True),
        ("hr", "audit", "111111111111", False),
        ("hr", "sales", "123456789012", False),
        ("sales", "audit", "123456789012", False),
    ],
)
def test_keys_are_all_and_values_are_any(
    department: str, role: str, account: str, *, expected: bool
) -> None:
    """Operators and keys are joined by AND, values of a key by OR."""
    context = {
        "aws:PrincipalTag/department": department,
        "aws:PrincipalTag/role": role,
        "aws:PrincipalAccount": account,
    }
    assert expected == _holds(MULTIPLE, context)


@pytest.mark.parametrize(
    ("operator", "asked", "expected"),
    [
        # "Examples of using multiple values with condition set operators"
        ("ForAllValues:StringEquals", ["Message", "Tags"], True),
        ("ForAllValues:StringEquals", ["Message", "UserName"], False),
        ("ForAllValues:StringEquals", [], True),
        ("ForAllValues:StringEquals", [""], True),
        ("ForAllValues:StringNotEquals", ["UserName"], True),
        ("ForAllValues:StringNotEquals", ["UserName", "ID"], False),
        ("ForAnyValue:StringEquals", ["UserName", "ID"], True),
        ("ForAnyValue:StringEquals", ["UserName"], False),
        ("ForAnyValue:StringEquals", [], False),
        ("ForAnyValue:StringNotEquals", ["UserName", "ID"], True),
        ("ForAnyValue:StringLike", "ID", True),
        # "Multivalued condition keys require a set operator"
        ("StringEquals", ["ID", "Tags"], False),
        ("StringEquals", ["ID"], False),
        ("StringNotEquals", ["UserName"], False),
    ],
)
def test_sets(operator: str, asked: Any, *, expected: bool) -> None:
    """Every value, or any of them."""
    block = {operator: {"dynamodb:Attributes": ["ID", "Message", "Tags"]}}
    assert expected == _holds(block, {"dynamodb:Attributes": asked})


def test_variables_in_values() -> None:
    """In texts and ARNs, with "Policy variables with no value": not equal, and so unequal."""
    tag = {"s3:ExistingObjectTag/Team": "${aws:PrincipalTag/Team}"}
    team = {"s3:ExistingObjectTag/Team": "red"}
    assert _holds({"StringEquals": tag}, {**team, "aws:PrincipalTag/Team": "red"})
    assert not _holds({"StringEquals": tag}, team)
    assert _holds({"StringNotEquals": tag}, team)
    arn = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::${aws:username}-*"}}
    assert _holds(arn, {"aws:SourceArn": "arn:aws:s3:::alice-x", "aws:username": "alice"})
    assert not _holds(arn, {"aws:SourceArn": "arn:aws:s3:::alice-x"})


def test_variables_in_booleans_and_not_in_numbers() -> None:
    """The guide allows them there, and forbids them here."""
    context = {"k": "true", "v": "true", "n": "1", "one": "1"}
    assert _holds({"Bool": {"k": "${v}"}}, context)
    assert not _holds({"NumericEquals": {"n": "${one}"}}, context)


@pytest.mark.parametrize(
    "operator",
    ["StringIs", "stringequals", "NullIfExists", "ForSomeValues:StringEquals", "IfExists"],
)
def test_an_unknown_operator_is_named(operator: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(UnknownOperatorError, match=operator):
        conditions.read({operator: {"k": "v"}}, variables=True)


@given(
    operator=st.sampled_from(sorted(OPERATORS)),
    policy=st.lists(st.text(max_size=8), max_size=3),
    value=st.text(max_size=8),
)
def test_no_value_is_an_error(operator: str, policy: list[str], value: str) -> None:
    """Whatever a request or a policy has for a number, a date or an address."""
    held = _holds({operator: {"k": policy}}, {"k": value})
    opposite = operator.replace("Not", "") if "Not" in operator else None
    if opposite in OPERATORS:
        assert held != _holds({opposite: {"k": policy}}, {"k": value})
