from __future__ import annotations

import pytest

from localstack_standalone.definitions import text
from localstack_standalone.definitions.diagnostic import Diagnostic

DOUBLE_QUOTE = "was expecting double-quote to start field name"
KINDS = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


def _refused(definition: str) -> Diagnostic:
    found = text.read(definition)
    assert isinstance(found, Diagnostic)
    return found


def test_what_is_no_json_is_told_as_aws_tells_it() -> None:
    """Recorded, October 2025."""
    location = '[Source: (String)"not a definition"; line: 1, column: 4]'
    words = f"Unrecognized token 'not': was expecting {KINDS}"
    expected = Diagnostic("INVALID_JSON_DESCRIPTION", f"{words}\n at {location}", location)
    assert expected == _refused("not a definition")


@pytest.mark.parametrize("definition", [" ", "[]", '"text"', "1"])
def test_what_is_no_object_is_no_definition(definition: str) -> None:
    """Recorded for the blank; it has no location."""
    message = "Definition must be a valid JSON object"
    assert Diagnostic("SCHEMA_VALIDATION_FAILED", message) == _refused(definition)


@pytest.mark.parametrize(
    ("definition", "words", "line", "column"),
    [
        (
            '{\n "a": 1,\n}',
            f"Unexpected character ('}}' (code 125)): {DOUBLE_QUOTE}",
            3,
            2,
        ),
        (
            '{"a" 1}',
            (
                "Unexpected character ('1' (code 49)): was expecting a colon to separate field "
                "name and value"
            ),
            1,
            7,
        ),
        (
            '{"a": 1 "b": 2}',
            (
                "Unexpected character ('\"' (code 34)): was expecting comma to separate Object or "
                "Array entries"
            ),
            1,
            10,
        ),
        ('{"a": ]}', f"Unexpected character (']' (code 93)): expected a valid value {KINDS}", 1, 8),
        ('{"a": NaN}', f"Unrecognized token 'NaN': was expecting {KINDS}", 1, 10),
        ('{"a": 1', "Unexpected end-of-input", 1, 8),
    ],
)
def test_the_place_is_behind_what_was_read(
    definition: str, words: str, line: int, column: int
) -> None:
    """Jackson's messages, and its line and column."""
    found = _refused(definition)
    assert (words, True) == (
        found.message.partition("\n")[0],
        str(found.location).endswith(f"; line: {line}, column: {column}]"),
    ), found


def test_a_long_definition_is_cut() -> None:
    """Jackson shows 500 characters of what it read from, and says how many it left out."""
    assert "[truncated 100 chars]; line: 1" in str(_refused("x" * 600).location)


def test_a_name_that_comes_twice_is_remembered() -> None:
    """The last one counts, as for AWS."""
    found = text.read('{"States": {"A": 1, "B": 2, "A": 3}}')
    assert isinstance(found, text.Members)
    assert (["A"], 3) == (found["States"].repeated, found["States"]["A"])
