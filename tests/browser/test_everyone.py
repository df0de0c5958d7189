"""Every page, for everyone: light and dark, small and large, with a keyboard or a screen reader."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from console.frame import THEME_COOKIE
from console.pages import PAGES
from tests.browser.conftest import Console, violations, watch
from tests.e2e.client import Client, png

WIDTHS = [390, 1366, 1920]


@pytest.fixture(scope="module")
def addresses(console: Console) -> Iterator[list[str]]:
    """Every page of the console, that of an execution included."""
    client = Client(console.testbed)
    key = client.key("everyone.png")
    client.upload(key, png())
    name = client.run(key).arn.rpartition(":")[2]
    yield [page.route.format(name=name) for page in PAGES]
    client.clean()


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, browser: Browser, console: Console) -> Iterator[Page]:
    context = browser.new_context(base_url=console.url)
    context.add_cookies([{"name": THEME_COOKIE, "value": request.param, "url": console.url}])
    page = context.new_page()
    watched = watch(page, console)
    yield page
    context.close()
    assert ([], []) == (watched.errors, watched.strangers)


def settled(page: Page, address: str) -> None:
    """Open *address* and wait until what it loads is there."""
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if address.startswith("/executions/"):
        expect(page.get_by_label("Log lines").get_by_role("listitem").last).to_be_visible()
    elif address == "/executions":
        expect(page.locator("tbody tr").first).to_be_visible()
    elif address == "/objects":
        expect(page.locator("section").first.get_by_role("listitem").first).to_be_visible()
    elif address == "/resources":
        expect(page.get_by_text("10 things")).to_be_visible()
    elif address == "/definitions":
        expect(page.get_by_text("✓ Valid, as it is deployed")).to_be_visible()
    elif address == "/new":
        expect(page.get_by_role("button", name="Start")).to_be_visible()
    elif address == "/compare":
        expect(page.get_by_text("Choose two executions.")).to_be_visible()
    elif address == "/state":
        expect(page.get_by_role("button", name="Test", exact=True)).to_be_visible()


def test_axe_finds_no_violation(themed: Page, addresses: list[str]) -> None:
    """WCAG 2.2 AA and axe's best practices, with everything unfolded."""
    for address in addresses:
        settled(themed, address)
        for fold in themed.locator("summary").all():
            fold.click()
        assert [] == violations(themed), address


def test_axe_finds_no_violation_behind_a_run(themed: Page) -> None:
    """Stations, a result and a refusal are looked at as well."""
    themed.goto("/")
    themed.get_by_role("button", name="Send").click()
    expect(themed.get_by_role("heading", name="Before and after")).to_be_visible()
    assert [] == violations(themed)
    themed.goto("/wrong")
    themed.get_by_role("button", name="Try: Unknown key").click()
    expect(themed.get_by_text("✓ As it should")).to_be_visible()
    assert [] == violations(themed)


def test_axe_finds_no_violation_in_a_question(themed: Page, addresses: list[str]) -> None:
    """The dialog before a deletion."""
    settled(themed, "/objects")
    themed.get_by_role("button", name="Delete").first.click()
    expect(themed.get_by_role("button", name="Keep it")).to_be_visible()
    assert [] == violations(themed)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_window(
    browser: Browser, console: Console, addresses: list[str], width: int
) -> None:
    """From a telephone to a projector, nothing has to be scrolled sideways to be read."""
    page = browser.new_page(viewport={"width": width, "height": 900}, base_url=console.url)
    for address in addresses:
        settled(page, address)
        assert width == page.evaluate("() => document.documentElement.scrollWidth"), address
    page.close()


def test_light_and_dark_are_remembered(page: Page) -> None:
    """What is chosen on one page holds on the next."""
    page.goto("/")
    dark = page.evaluate("() => document.body.classList.contains('body--dark')")
    page.get_by_role("button", name="Light or dark").click()
    other = "body--light" if dark else "body--dark"
    expect(page.locator(f"body.{other}")).to_be_visible()
    page.goto("/wrong")
    expect(page.locator(f"body.{other}")).to_be_visible()


def test_another_host_name_is_not_served(page: Page) -> None:
    """A stranger's page whose name points to 127.0.0.1 gets nothing."""
    answer = page.request.get("/", headers={"Host": f"{uuid.uuid4().hex}.example"})
    assert 400 == answer.status
