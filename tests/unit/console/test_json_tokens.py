"""JSON, laid out and cut into what is coloured alike."""

from __future__ import annotations

import pytest

from console import json_tokens


def test_keys_texts_and_numbers_are_told_apart() -> None:
    """What is inside a text is a part of it, whatever it looks like."""
    text = '{"a<b": [1, true, "<script>\\"x: 2"]}'
    found = [(kind, token) for kind, token in json_tokens.tokens(text) if kind]
    expected = [("k", '"a<b"'), ("n", "1"), ("n", "true"), ("s", '"<script>\\"x: 2"')]
    assert expected == found


@pytest.mark.parametrize("text", ["<b>", "", "{", "key=club2.png"])
def test_what_is_no_json_stays_as_it_is(text: str) -> None:
    """It is one token without a colour."""
    assert [("", text)] == list(json_tokens.tokens(text))


def test_json_is_laid_out() -> None:
    """A line for each value, letters beyond ASCII as they are."""
    laid_out = "".join(token for _, token in json_tokens.tokens('{"a":"\\u2663"}'))
    assert '{\n  "a": "♣"\n}' == laid_out
