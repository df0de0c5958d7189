"""Wildcards, variables and ARNs, as the IAM User Guide has them."""

from __future__ import annotations

import fnmatch
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localstack_standalone.access.context import Facts
from localstack_standalone.access.matching import ArnPattern, TextPattern

NONE = Facts({})
ALICE = Facts({"aws:username": "alice", "aws:PrincipalTag/team": "yellow", "aws:TagKeys": ["a"]})
# "IAM JSON policy elements: Resource": what the pattern means, and what it does not.
KEYS = "arn:aws:s3:::amzn-s3-demo-bucket/*/test/*"
MEANT = [
    "1/test/object.jpg",
    "1/2/test/object.jpg",
    "1/2/test/3/object.jpg",
    "1/2/3/test/4/object.jpg",
    "1///test///object.jpg",
    "1/test/.jpg",
    "/test/object.jpg",
    "1/test/",
]
NOT_MEANT = ["1-test/object.jpg", "test/object.jpg", "1/2/test.jpg"]
PLAIN = st.text(alphabet="ab:*?", max_size=12)


def _matches(pattern: str, text: str, facts: Facts = NONE, *, folded: bool = False) -> bool | None:
    return TextPattern(pattern, variables=True, ignore_case=folded).matches(text, facts)


def _names(pattern: str, arn: str, facts: Facts = NONE, *, padded: bool = False) -> bool | None:
    return ArnPattern(pattern, variables=True, padded=padded).names(arn, facts)


@pytest.mark.parametrize("key", MEANT)
def test_a_star_crosses_slashes(key: str) -> None:
    """A slash has no meaning in an ARN."""
    assert _names(KEYS, f"arn:aws:s3:::amzn-s3-demo-bucket/{key}")


@pytest.mark.parametrize("key", NOT_MEANT)
def test_a_star_is_no_more_than_what_stands_there(key: str) -> None:
    """The slashes around it have to be there."""
    assert _names(KEYS, f"arn:aws:s3:::amzn-s3-demo-bucket/{key}") is False


@pytest.mark.parametrize(
    ("pattern", "arn", "expected"),
    [
        ("*", "arn:aws:s3:::b/k", True),
        ("*", "*", True),
        ("arn:aws:s3:::*", "*", False),
        ("arn:aws:s3:::b", "arn:aws:s3:::b", True),
        ("arn:aws:s3:::b", "arn:aws:s3:::B", False),
        ("arn:aws:s3:::b", "arn:aws:s3:::b/k", False),
        ("arn:aws:s3:::b?", "arn:aws:s3:::b1", True),
        ("arn:aws:s3:::b?", "arn:aws:s3:::b", False),
        # The resource part is matched as a whole, colons in it or not.
        ("arn:aws:s3:::b/*/z", "arn:aws:s3:::b/a:b/z", True),
        ("arn:aws:logs:*:1:log-group:/aws/*:x", "arn:aws:logs:eu:1:log-group:/aws/a:y:x", True),
        # A star before it stays in its segment …
        ("arn:aws:lambda:eu-*-1:1:function:f", "arn:aws:lambda:eu-west-1:1:function:f", True),
        ("arn:aws:lambda:eu-*-1:1:function:f", "arn:aws:lambda:eu-x:y-1:1:function:f", False),
        ("arn:aws:lambda:*:1:function:f", "arn:aws:lambda::1:function:f", True),
        # … but as the last character of one it may go beyond.
        ("arn:aws:lambda:*:function:f", "arn:aws:lambda:eu-west-1:1:function:f", True),
        ("arn:aws:*:f", "arn:aws:lambda:eu-west-1:1:function:f", True),
        ("arn:aws:s3:*", "arn:aws:s3:::b/k", True),
        ("arn:*", "arn:aws:s3:::b/k", True),
        ("arn:aws:**:f", "arn:aws:lambda:eu-west-1:1:function:f", True),
        ("arn:aws:s3", "arn:aws:s3:::b/k", False),
        # What stands before a star and what stands behind it are not the same characters.
        ("arn:aws:s3:::ab*b", "arn:aws:s3:::ab", False),
        ("arn:aws:s3:::ab*b", "arn:aws:s3:::abb", True),
        ("arn:aws:s3:::b/*/z", "arn:aws:s3:::b/line\nline/z", True),
    ],
)
def test_segments_of_an_arn(pattern: str, arn: str, *, expected: bool) -> None:
    """Stars stay in the segments that colons make, but for the last character of one."""
    assert expected == _names(pattern, arn)


def test_a_short_arn_of_an_identity_means_all_that_follows() -> None:
    """IAM reads what is missing as a star, and says so in its refusals: "arn:x:s3:*:*:*"."""
    assert _names("arn:aws:s3", "arn:aws:s3:::b/k", padded=True)
    assert _names("arn:aws:lambda", "arn:aws:s3:::b/k", padded=True) is False


def test_case_counts_in_texts_and_not_in_actions() -> None:
    """Actions are compared without it."""
    assert _matches("S3:get*", "s3:GetObject", folded=True)
    assert _matches("S3:get*", "s3:GetObject") is False


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("home/${aws:username}/*", "home/alice/x", True),
        ("home/${AWS:UserName}/*", "home/alice/x", True),
        ("home/${aws:username}/*", "home/bob/x", False),
        ("b-${aws:PrincipalTag/team, 'company-wide'}", "b-yellow", True),
        ("b-${aws:PrincipalTag/none, 'company-wide'}", "b-company-wide", True),
        ("b-${aws:PrincipalTag/none}", "b-", None),
        # Only a key with a single value is a variable.
        ("b-${aws:TagKeys}", "b-a", None),
        ("${*}", "*", True),
        ("${*}", "a", False),
        ("${?}", "a", False),
        ("${$}{aws:username}", "${aws:username}", True),
        ("${aws:username", "${aws:username", True),
    ],
)
def test_variables(pattern: str, text: str, *, expected: bool | None) -> None:
    """They stand for values of the request; without a value and a default nothing is known."""
    assert expected is _matches(pattern, text, ALICE)


def test_wildcards_in_a_value_are_characters() -> None:
    """Who calls himself * is not everybody."""
    assert _matches("home/${aws:username}", "home/bob", Facts({"aws:username": "*"})) is False


def test_without_variables_they_are_text() -> None:
    """Version 2008-10-17 knows none."""
    assert TextPattern("${aws:username}", variables=False).matches("${aws:username}", ALICE)
    assert not TextPattern("${aws:username}", variables=False).matches("alice", ALICE)


def test_a_variable_before_the_fifth_colon_names_nothing() -> None:
    """It can only stand in the part that names the resource."""
    facts = Facts({"aws:PrincipalAccount": "1"})
    assert _names("arn:aws:sqs:eu:${aws:PrincipalAccount}:q", "arn:aws:sqs:eu:1:q", facts) is None


def test_arns_compared_part_by_part() -> None:
    """ArnLike: "The first asterisk matches only us-east-2 and fails on the rest"."""
    pattern = ArnPattern("arn:aws:someservice:*:111122223333:finance/*", variables=True)
    there = "arn:aws:someservice:us-east-2:111122223333:finance/document.txt"
    other = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"
    assert pattern.is_like(there, NONE)
    assert not pattern.is_like(other, NONE)
    assert _matches("arn:aws:someservice:*:111122223333:finance/*", other)
    assert not ArnPattern("*", variables=True).is_like(there, NONE)
    assert not pattern.is_like("no ARN", NONE)


@given(pattern=PLAIN, text=PLAIN)
def test_as_fnmatch_matches(pattern: str, text: str) -> None:
    """Plain patterns mean what they mean in a shell."""
    expected = fnmatch.fnmatchcase(text, pattern)
    assert expected == _matches(pattern, text)


@given(resource=PLAIN, text=PLAIN)
def test_the_resource_part_as_fnmatch_matches(resource: str, text: str) -> None:
    """Likewise, behind a head without wildcards."""
    expected = fnmatch.fnmatchcase(text, resource)
    assert expected == _names(f"arn:aws:s3:::{resource}", f"arn:aws:s3:::{text}")


@given(pattern=PLAIN, text=PLAIN)
def test_arns_as_backtracking_finds(pattern: str, text: str) -> None:
    """Where stars may go is what an expression that tries everything says."""
    *head, tail = re.sub(r"\*+", "*", pattern).split(":", 5)
    inside = any(part.rstrip("*").count("*") + part.count("?") for part in head)
    beyond = "[^:]*" if inside else ".*"
    said = "".join(
        "".join({"*": beyond, "?": "[^:]"}.get(one, one) for one in part) + ":" for part in head
    )
    said += tail.replace("*", ".*").replace("?", ".")
    expected = re.fullmatch(f"(?s:{said})", text) is not None
    assert expected == _names(pattern, text)


def test_a_star_in_braces_is_one_without_variables() -> None:
    """``${*}`` is no variable in Version 2008-10-17, and so it is text around a star."""
    assert TextPattern("a${*}", variables=False).matches("a${bc}", NONE)
    assert not TextPattern("a${*}", variables=True).matches("a${bc}", NONE)


@pytest.mark.parametrize(
    "text", ["${" * 200_000, "${" + ", '" * 200_000 + "}", "${a" + " ," * 200_000]
)
def test_hostile_variables_take_no_time(text: str) -> None:
    """Half a million characters that begin variables, and end none."""
    began = time.process_time()
    _matches(text, "a")
    _names(f"arn:aws:s3:::{text}", "arn:aws:s3:::a")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "pattern", ["*" * 10_000, "*a" * 10_000, "*a" * 40 + "*", "?" * 10_000, "*?a" * 5_000]
)
@pytest.mark.parametrize("text", ["a" * 5_000 + "b", "a:" * 2_500 + "b"])
def test_hostile_patterns_take_no_time(pattern: str, text: str) -> None:
    """Ten thousand stars are read and matched in well under a second."""
    began = time.process_time()
    _matches(pattern + "c", text)
    _names(f"arn:*:{pattern}c", text)
    _names(f"{pattern}:{pattern}:{pattern}c", text)
    assert time.process_time() - began < 5
