"""Projector mode: large type, one thing at a time, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import violations


def now(page: Page, place: str) -> None:
    expect(page.get_by_role("region", name="Projector mode")).to_contain_text(place)


def size(page: Page) -> float:
    found: float = page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)")
    return found


def test_one_thing_at_a_time_and_large(page: Page) -> None:
    """From the choice to the result by arrow keys; Esc brings the page back as it was."""
    page.goto("/")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    small = size(page)
    page.get_by_role("button", name="Projector").click()
    now(page, "1 of 5")
    assert size(page) >= 1.3 * small
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.locator("[data-station=API]")).to_be_hidden()
    page.get_by_role("button", name="Send", exact=True).click()
    page.keyboard.press("ArrowRight")
    now(page, "2 of")
    expect(page.locator("[data-station=API]")).to_have_attribute("data-status", "done")
    expect(page.locator("[data-station=API]")).to_be_visible()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_hidden()
    assert [] == violations(page)
    for _ in range(4):
        page.keyboard.press("PageDown")
    expect(page.get_by_role("heading", name="Before and after")).to_be_visible()
    now(page, "6 of 6")
    page.keyboard.press("ArrowRight")
    now(page, "6 of 6")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-station=STORAGE]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation")).to_be_visible()
    expect(page.locator("[data-station=API]")).to_be_visible()
    assert small == size(page)


@pytest.mark.parametrize("address", ["/?projector", "/resources?projector"])
def test_a_link_begins_with_it_and_it_goes_from_page_to_page(page: Page, address: str) -> None:
    """On every page; whoever has left it does not meet it again."""
    page.goto(address)
    now(page, "1 of")
    page.goto("/wrong")
    now(page, "1 of")
    page.get_by_role("button", name="Leave the projector mode").click()
    expect(page.get_by_role("navigation")).to_be_visible()
    page.reload()
    expect(page.get_by_role("navigation")).to_be_visible()
    expect(page.get_by_role("region", name="Projector mode")).to_have_count(0)


def test_who_writes_is_not_interrupted(page: Page) -> None:
    """An arrow in a field moves in the field."""
    page.goto("/state?projector")
    field = page.get_by_label("Input", exact=True)
    field.focus()
    page.keyboard.press("ArrowRight")
    now(page, "1 of")
