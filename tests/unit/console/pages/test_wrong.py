"""The page Try it wrong, drawn without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console import mistakes
from console.pages import wrong
from tests.support.shown import read

if TYPE_CHECKING:
    from console.watch import WatchedTestbed


def test_each_mistake_says_what_should_happen(watch: WatchedTestbed) -> None:
    """What is sent, and the command that sends it, stand there too."""
    text = read(lambda: wrong.draw(watch)).text
    for mistake in mistakes.everything():
        assert f"What should happen: {mistake.expected}" in text
    assert "with an object of 0 bytes" in text
    assert len(mistakes.everything()) == text.count("curl -sS")
