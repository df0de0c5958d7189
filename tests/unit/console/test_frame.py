"""The shell around every page, drawn without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from nicegui import ui

from console import elements, frame
from console.page import Page
from console.pages import PAGES
from console.watch import Deployment, WatchedTestbed
from testbed.errors import NotRunningError
from testbed.faults import FaultInForce
from tests.support.shown import Reader, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


async def content(_: WatchedTestbed, **names: str) -> None:
    elements.text(f"content {names}")


def drawn(watch: WatchedTestbed, page: Page, **names: str) -> Reader:
    return read(lambda: frame.draw(page, watch, **names))


def current(shown: Reader) -> Iterator[object]:
    """Where the navigation says that one is."""
    return (one["href"] for _, one in shown.elements if one.get("aria-current") == "page")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_the_navigation_says_where_one_is(watch: WatchedTestbed, page: Page) -> None:
    """On a page without an entry of its own, it is the one that the page names."""
    inner = Page(route=page.route, title="T", draw=content, below=page.below)
    assert [page.below or page.route] == list(current(drawn(watch, inner)))


def test_what_a_route_names_stands_in_the_title_and_reaches_the_content(
    watch: WatchedTestbed,
) -> None:
    """So an address leads to one thing."""
    page = Page(route="/{name}", title="The {name}", draw=content, below="/")
    shown = drawn(watch, page, name="{x}")
    assert "The {x}" in shown.text
    assert "content {'name': '{x}'}" in shown.text


def test_a_lost_testbed_is_told_on_every_page() -> None:
    """With the reason and what to do; the page itself is there."""

    def find() -> Deployment:
        raise NotRunningError("nothing runs")

    text = drawn(WatchedTestbed(find), Page(route="/", title="T", draw=content)).text
    assert "✗ lost no testbed" in text
    assert "looking for the testbed" in text
    assert "content" in text


def test_a_testbed_that_is_up_is_named(watch: WatchedTestbed) -> None:
    """By where it runs."""
    assert "✓ up aws" in drawn(watch, Page(route="/", title="T", draw=content)).text


def test_faults_that_are_on_are_told_on_every_page(watch: WatchedTestbed) -> None:
    """Nobody is to take them for the pipeline's own; how they are switched off, too."""
    rule = FaultInForce(
        name="r", operation="s3:PutObject", kind="throttling", rate=0.05, seed=7, calls=0, hits=0
    )
    watch.faults = (rule,)
    text = drawn(watch, Page(route="/", title="T", draw=content)).text
    assert "Faults on: s3:PutObject 5% throttling." in text
    assert "make fault OFF=1" in text


def test_a_testbed_that_is_slow_is_waited_for(
    watch: WatchedTestbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NiceGUI's own three seconds would make a page of a busy machine a server error."""
    given: list[dict[str, Any]] = []

    def registers(_route: str, **how: Any) -> Callable[[object], None]:
        given.append(how)
        return lambda _: None

    monkeypatch.setattr(ui, "page", registers)
    frame.serve(PAGES[0], watch)
    assert [{"response_timeout": 60.0}] == given
