"""Every page at three widths, light and dark: what the eye would stumble over is not there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from console import links
from console.frame import THEME_COOKIE
from dev.screenshots import TOUR_SEEN
from grading import show
from tests.browser.conftest import Console, violations
from tests.browser.learning import Machines
from tests.browser.test_everyone import addresses, settled
from tests.unit.grading.examples import ALTERED, FULL, GRADE, LAB

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

__all__ = ["addresses"]  # a fixture

LOOK = Path(__file__).with_name("geometry.js").read_text(encoding="utf-8")
WIDTHS = (390, 1280, 1920)
VIEWS = list(itertools.product(WIDTHS, ("light", "dark")))

# A defect, and how it is told. Each is planted into a page of the console's own.
PLANTED = {
    "cut": "<div style='width:60px;overflow:hidden;white-space:nowrap'>much too long a text</div>",
    "out of its box": "<div style='width:60px;white-space:nowrap'>much too long a text</div>",
    "overlapped: <b>": "<div style='height:1px'><b>one</b></div><i>other</i>",
    "parted: <button.ask>": "<div style='display:flex;flex-wrap:wrap;width:60px'>"
    "<span>some word</span><button class=ask>?</button></div>",
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


@pytest.mark.parametrize("width", WIDTHS[1:])
def test_what_stands_beside_each_other_is_on_a_line(page: Page, width: int) -> None:
    """The header's tools, none of them alone on a line; the labels of the options of a run."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/")
    page.get_by_text("Options", exact=True).click()
    projector = page.get_by_role("button", name="Projector")
    theme = page.get_by_role("button", name="Light or dark")
    assert 1 == len({_top(one) for one in (projector, theme)})
    labels = [page.get_by_text(name, exact=True) for name in ("Longest side in pixels", "Format")]
    assert 1 == len({_top(one) for one in [*labels, page.get_by_text("Mode", exact=True)]})


def _top(one: Locator) -> int:
    expect(one).to_be_visible()
    box = one.bounding_box()
    assert box is not None
    return round(box["y"])


def test_two_that_are_compared_are_seen_whole(seen: Page, machines: Machines) -> None:
    """Long names of states are broken between their words, and no column is out of the view."""
    fork = {
        "StartAt": "WasItSuccessful",
        "States": {
            "WasItSuccessful": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "SuccessState"}],
                "Default": "FailState",
            },
            "SuccessState": {"Type": "Succeed"},
            "FailState": {"Type": "Fail"},
        },
    }
    machine = machines.make(fork)
    one, two = (machines.run(machine, {"n": n}).arn for n in (1, 2))
    seen.goto(links.comparison(one, two))
    table = seen.get_by_role("table", name="States")
    expect(table.get_by_role("button", name="WasItSuccessful")).to_be_visible()
    around = "one => [one.parentElement.scrollWidth, one.parentElement.clientWidth]"
    inside, room = table.evaluate(around)
    assert inside <= room
    assert [] == faults(seen)


def test_an_address_without_a_page_leads_back(seen: Page) -> None:
    """It is a page of the console, says 404, and has the navigation."""
    answer = seen.goto("/no-such-page")
    assert answer is not None
    assert 404 == answer.status
    expect(seen.get_by_role("heading", name="There is no such page")).to_be_visible()
    expect(seen.get_by_text("/no-such-page")).to_be_visible()
    assert ([], []) == (faults(seen), violations(seen))
    seen.get_by_role("navigation").get_by_role("link", name="Objects").click()
    expect(seen.get_by_role("heading", name="Objects", level=1)).to_be_visible()


def test_pages_of_grades_are_seen_whole(seen: Page, tmp_path: Path) -> None:
    """One grade's, and a class's: no word of a heading is broken."""
    of_class = show.index(LAB, [GRADE, ALTERED, FULL], 6, lambda grade: grade.name)
    for number, text in enumerate((show.page(GRADE), show.page(ALTERED), of_class)):
        made = tmp_path / f"{number}.html"
        made.write_text(str(text), encoding="utf-8")
        seen.goto(made.as_uri())
        assert [] == faults(seen)
    heading = seen.get_by_role("columnheader", name="submission")
    assert 1 == heading.evaluate(
        "one => { const range = document.createRange(); range.selectNodeContents(one);"
        " return range.getClientRects().length; }"
    )
