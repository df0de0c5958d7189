"""The field for JSON."""

from __future__ import annotations

import pytest

from console import json_entry
from console.json_entry import JsonEntry
from tests.support.shown import read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": [1, null]}', ""),
        ('{"a": 1,\n "b"}', "no JSON: Expecting ':' delimiter (line 2, column 5)"),
        ("", "no JSON: Expecting value (line 1, column 1)"),
        ("[NaN]", "no JSON: there is no NaN"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(text: str, words: str) -> None:
    """What Python takes and JSON does not have, too."""
    assert words == json_entry.wrong(text)


def test_what_is_wrong_stands_below_the_field() -> None:
    """And belongs to it, for who cannot see where it stands."""
    shown = read(lambda: JsonEntry("Input", "{"))
    assert "✗ no JSON" in shown.text
    (described,) = shown.values("aria-describedby")
    assert described in [f"c{number}" for number in range(100)]
    assert "✓ JSON" in read(lambda: JsonEntry("Input", "{}")).text
