"""The course's slides, as a teacher turns them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dev import slides
from tests.browser.conftest import violations

SOURCE = (
    "# Course\n\nHello.\n\n## One\n\nShown. " + "Long and spoken. " * 20 + "\n\n## Two\n\n- end\n"
)


@pytest.fixture
def deck(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page from a file, in a browser that asks nobody else."""
    path = tmp_path / "deck.html"
    path.write_text(slides.page(slides.slides(SOURCE)), encoding="utf-8")
    page = browser.new_page(bypass_csp=True)  # axe is put into the page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    page.close()
    assert [path.as_uri()] == [url.partition("#")[0] for url in asked]


def test_keys_turn_the_slides(deck: Page) -> None:
    """One at a time, there and back, and no further than the last."""
    one, two = deck.get_by_role("heading", name="One"), deck.get_by_role("heading", name="Two")
    expect(deck.get_by_role("heading", name="Course")).to_be_visible()
    expect(one).to_be_hidden()
    deck.keyboard.press("ArrowRight")
    expect(one).to_be_visible()
    deck.keyboard.press("End")
    expect(two).to_be_visible()
    deck.keyboard.press("ArrowRight")
    expect(two).to_be_visible()
    expect(deck).to_have_url(re.compile("#3$"))
    deck.keyboard.press("ArrowLeft")
    expect(one).to_be_visible()
    assert [] == violations(deck)


def test_notes_and_all_slides_are_a_key_away(deck: Page) -> None:
    """And neither is in the way before."""
    deck.keyboard.press("ArrowRight")
    notes = deck.get_by_label("Notes")
    expect(notes).to_be_hidden()
    deck.keyboard.press("n")
    expect(notes).to_be_visible()
    deck.keyboard.press("a")
    expect(deck.get_by_role("heading")).to_have_count(3)
    expect(deck.get_by_role("heading", name="Course")).to_be_visible()
    assert [] == violations(deck)


def test_all_of_it_is_printed(deck: Page) -> None:
    """Each slide, with its notes, in light colours."""
    deck.emulate_media(media="print")
    for name in ("Course", "One", "Two"):
        expect(deck.get_by_role("heading", name=name)).to_be_visible()
    expect(deck.get_by_label("Notes")).to_be_visible()
