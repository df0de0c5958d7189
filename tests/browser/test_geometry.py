"""Every page at three widths, light and dark: what the eye would stumble over is not there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from console.frame import THEME_COOKIE
from dev.screenshots import TOUR_SEEN
from tests.browser.conftest import Console
from tests.browser.test_everyone import addresses, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["addresses"]  # a fixture

LOOK = Path(__file__).with_name("geometry.js").read_text(encoding="utf-8")
WIDTHS = (390, 1280, 1920)
VIEWS = list(itertools.product(WIDTHS, ("light", "dark")))

# A defect, and how it is told. Each is planted into a page of the console's own.
PLANTED = {
    "cut": "<div style='width:60px;overflow:hidden;white-space:nowrap'>much too long a text</div>",
    "out of its box": "<div style='width:60px;white-space:nowrap'>much too long a text</div>",
    "overlapped: <b>": "<div style='height:1px'><b>one</b></div><i>other</i>",
    "out of the window": "<p style='position:absolute;left:calc(100vw - 20px);top:300px;"
    "white-space:nowrap'>beyond</p>",
    "scrolls sideways": "<div style='width:60px;overflow-x:auto;white-space:nowrap'>too long</div>"
    "<div style='width:60px;overflow-x:auto;white-space:nowrap'>much too long a text</div>",
    "too narrow": "<input style='width:20px;padding:0'>",
    "on a line": "<svg width=200 height=90><path class=line d='M0 40L200 40'/>"
    "<text class=label x=20 y=45>label</text></svg>",
    "on a state": "<svg width=200 height=90><rect class=box width=90 height=90 />"
    "<text class=label x=20 y=45>label</text></svg>",
    "out of its state": "<svg width=200 height=90><g class=state>"
    "<rect class=box width=30 height=90 />"
    "<text x=5 y=45>much too long</text></g></svg>",
    "out of its drawing": "<svg width=60 height=90><text x=5 y=45>much too long</text></svg>",
    "overlapped: <text>": "<svg width=200 height=90><text x=5 y=45>one text</text>"
    "<text x=25 y=49>another</text></svg>",
}


@pytest.fixture(params=VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def seen(request: pytest.FixtureRequest, browser: Browser, console: Console) -> Iterator[Page]:
    """A page as somebody sees it."""
    width, theme = request.param
    context = browser.new_context(
        base_url=console.url, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    context.add_init_script(TOUR_SEEN)
    context.add_cookies([{"name": THEME_COOKIE, "value": theme, "url": console.url}])
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    """What is wrong with how *page* stands, a sentence each."""
    found: list[str] = page.evaluate(LOOK)
    return found


def test_nothing_is_cut_covered_or_out_of_its_box(seen: Page, addresses: list[str]) -> None:
    """As a page comes, and with all that can be opened open."""
    wrong = {}
    for address in addresses:
        settled(seen, address)
        wrong[address] = faults(seen)
        seen.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        wrong[f"{address}, opened"] = faults(seen)
    assert {} == {address: told for address, told in wrong.items() if told}


@pytest.mark.parametrize("defect", PLANTED)
def test_a_planted_defect_is_found(page: Page, defect: str) -> None:
    """The check can fail, for each thing that it looks for."""
    page.goto("/wrong")
    before = faults(page)
    page.evaluate(
        "html => document.querySelector('.nicegui-content')"
        ".insertAdjacentHTML('afterbegin', `<div>${html}</div>`)",
        PLANTED[defect],
    )
    new = [fault for fault in faults(page) if fault not in before]
    assert [fault for fault in new if fault.startswith(defect)], new
