"""What differs between two JSON values."""

from __future__ import annotations

from typing import Any

import pytest

from views import differences
from views.differences import NOTHING


def told(before: Any, after: Any) -> list[str]:
    return [
        f"{line.mark.symbol}{'  ' * line.depth}{line.text}"
        for line in differences.lines(before, after)
    ]


def test_names_are_kept_changed_added_and_removed() -> None:
    """Each in its own line, in the order of what was before, then of what came."""
    before = {"a": 1, "b": 2, "c": {"d": 1}}
    after = {"z": [1], "c": {"d": 1}, "b": 3}
    assert told(before, after) == [
        " {",
        '-  "a": 1',
        '~  "b": 2 → 3',
        '   "c": {',
        '     "d": 1',
        "   }",
        '+  "z": [',
        "+    1",
        "+  ]",
        " }",
    ]


def test_lists_are_compared_by_their_places() -> None:
    """What is longer has more."""
    assert told([1, {"a": 1}], [1, {"a": 2}, None]) == [
        " [",
        "   1",
        "   {",
        '~    "a": 1 → 2',
        "   }",
        "+  null",
        " ]",
    ]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (NOTHING, {"a": 1}, ["+{", '+  "a": 1', "+}"]),
        (None, NOTHING, ["-null"]),
        (1, True, ["~1 → true"]),
        ("x" * 50, "y", [f'-"{"x" * 50}"', '+"y"']),
        ({}, [], ["-{}", "+[]"]),
        ("two,\nlines,", "two,\nlines,", [' "two,\\nlines,"']),
    ],
)
def test_what_is_another_kind_of_value_is_told(before: Any, after: Any, lines: list[str]) -> None:
    """True is no 1, nothing is no null, a text that ends with a comma keeps it."""
    assert told(before, after) == lines


def test_changes_are_counted_in_words() -> None:
    """Nothing is said where nothing changed."""
    assert "2 lines added, 1 line removed" == differences.counted(
        differences.lines({"a": 1}, {"b": 1, "c": 1})
    )
    assert not differences.counted(differences.lines(1, 1))


def test_what_is_the_same_far_from_a_change_is_left_out() -> None:
    """And counted; where nothing changed, all of it stays."""
    before = list(range(20))
    assert [" [", "   0", "   1", "   … 14 lines the same", "   16", "   17"] == (
        told(before, [*before[:-1], 0])[:6]
    )
    assert 22 == len(told(before, before))


def test_what_is_too_long_is_cut_and_says_so() -> None:
    """A page is to stay quick, and nobody is to take a part for the whole."""
    found = differences.lines([], list(range(1000)))
    *shown, last = differences.cut(found)
    assert (differences.MOST_LINES, "… 602 lines more") == (len(shown), last.text)
    assert "1000 lines added" == differences.counted(found)
    assert shown == differences.cut(shown)
