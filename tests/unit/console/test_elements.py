"""The elements that pages are made of, as the browser is told of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from console import elements
from tests.support.shown import MARKUP, read


@pytest.mark.parametrize(
    "draw",
    [
        lambda: elements.text(MARKUP),
        lambda: elements.button(MARKUP, lambda: None),
        lambda: elements.link(MARKUP, "/"),
        lambda: elements.Chip(MARKUP),
        lambda: elements.code(MARKUP, "label"),
        lambda: elements.folded(MARKUP, "content"),
        lambda: elements.facts({"name": MARKUP}),
        lambda: elements.facts({MARKUP: "value"}),
        lambda: elements.command(MARKUP),
        lambda: elements.empty(MARKUP, ""),
        lambda: elements.empty("", MARKUP),
        lambda: elements.field(MARKUP, elements.entry(lambda _: None, kind="text")),
        lambda: elements.chooser({"": MARKUP}, lambda _: None),
    ],
)
def test_markup_is_text(draw: Callable[[], object]) -> None:
    """It stands there as it was written, and is no element."""
    shown = read(draw)
    assert MARKUP in shown.text
    assert "img" not in [tag for tag, _ in shown.elements]


def test_a_fact_that_is_unknown_is_left_out() -> None:
    """Neither its name nor an empty value stands there."""
    assert "name" not in read(lambda: elements.facts({"name": None})).text
