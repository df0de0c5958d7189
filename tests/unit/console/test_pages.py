"""What the pages declare of themselves."""

from __future__ import annotations

from console.pages import PAGES


def test_every_page_is_reached_by_the_navigation() -> None:
    """By an entry of its own, or by that of the page that it names."""
    entries = {page.route for page in PAGES if not page.below}
    assert {page.below for page in PAGES if page.below} <= entries


def test_no_two_pages_share_a_route_or_a_title() -> None:
    """A tab and an address tell one page."""
    assert len(PAGES) == len({page.route for page in PAGES}) == len({page.title for page in PAGES})
