from __future__ import annotations

from typing import Any

import pytest

from localstack_standalone.velocity import java


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"message": "tea", "more": {"n": None}}, "{message=tea, more={n=null}}"),
        ([1, "a", True], "[1, a, true]"),
        (java.of_json([1, "a", {"b": [2]}]), '[1,"a",{"b":[2]}]'),
        (java.of_json({"b": [{"c": 5}]}), '{b=[{"c":5}]}'),
        (java.MapEntry("a", 1), "a=1"),
        (2.0, "2.0"),
    ],
)
def test_a_value_prints_as_java_has_it(value: Any, shown: str) -> None:
    """By toString, but that arrays of JSON print as JSON."""
    assert shown == java.text(value)


@pytest.mark.parametrize(
    ("value", "arguments", "parts"),
    [
        ("a,b,,", (",",), ["a", "b"]),
        ("a,b,,", (",", -1), ["a", "b", "", ""]),
        ("a,b,c", (",", 2), ["a", "b,c"]),
        ("boo:and:foo", ("o",), ["b", "", ":and:f"]),
        (",a", (",",), ["", "a"]),
        ("abc", ("",), ["a", "b", "c"]),
    ],
)
def test_a_text_is_split_as_java_does(
    value: str, arguments: tuple[Any, ...], parts: list[str]
) -> None:
    """The examples of String.split, and its rules for empty texts at the ends."""
    split = java.method(value, "split")
    assert split is not None
    assert parts == split(*arguments)


@pytest.mark.parametrize(
    ("old", "new", "replaced"),
    [(r"\\'", "'", "bob's"), ("b", r"\$", r"$o$\'s"), ("(o)", "<$1>", r"b<o>b\'s")],
)
def test_a_replacement_has_groups_and_escapes(old: str, new: str, replaced: str) -> None:
    r"""Matcher.replaceAll: `$1` is a group, `\$` a dollar."""
    replace = java.method(r"bob\'s", "replaceAll")
    assert replace is not None
    assert replaced == replace(old, new)
