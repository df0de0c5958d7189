"""Differences, as the browser is told of them."""

from __future__ import annotations

from client.tested_state import Step
from console import difference_elements
from tests.support.shown import MARKUP, read


def test_each_change_has_a_sign_and_a_word() -> None:
    """Colour alone tells nothing; what is markup is text."""
    shown = read(lambda: difference_elements.difference({"a": 1}, {"a": MARKUP * 3}, "Data"))
    assert {"line kept", "line removed", "line added"} <= set(shown.values("class"))
    assert "added: " in shown.text
    assert "removed: " in shown.text
    assert "img" not in [tag for tag, _ in shown.elements]


def test_each_step_is_told_against_what_it_was_made_of() -> None:
    """One that changed nothing says so; a result is new."""
    steps = (
        Step("input", {"a": 1}, changed=True),
        Step("InputPath", {"a": 1}, changed=False),
        Step("Parameters", {"a": 1, "b": 2}, changed=True),
        Step("result", {"r": 1}, changed=True),
        Step("ResultPath", {"a": 1, "r": {"r": 1}}, changed=True),
    )
    text = read(lambda: difference_elements.flow(steps)).text
    assert "what it got" in text
    assert "the same as input" in text
    assert "against InputPath: 1 line added" in text
    assert "result new" in text
    assert "against input: 3 lines added" in text
