"""`make screenshots`: every page of the console, light and dark, to reports/screenshots.

With ``--docs`` the two that the README shows are made anew as well.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image
from playwright.sync_api import sync_playwright

from console import address
from console.files import SAMPLES
from console.frame import THEME_COOKIE
from dev import chromium
from scripts.console import read_port
from scripts.up import bring_up
from testbed import settings, terminal, waiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER: Final = settings.ROOT / "reports" / "screenshots"
DOCS: Final = settings.ROOT / "docs" / "images"
THEMES: Final = ("light", "dark")
# A telephone, a laptop, a projector.
WIDTHS_PX: Final = (390, 1366, 1920)
STARTED_WITHIN_S: Final = 30.0
STEP_MS: Final = 30_000
DOCS_SIZE: Final = (1600, 1000)
# The tour begins by itself in a browser that has not seen it.
TOUR_SEEN: Final = "location.protocol === 'http:' && localStorage.setItem('console-tour-seen', '1')"


def run_page(page: Page) -> None:
    """An image that went through."""
    page.goto("/")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("img", name="After: ").wait_for()


def executions_page(page: Page) -> None:
    """The list."""
    page.goto("/executions")
    page.locator("tbody tr b, tbody .opener").last.wait_for()


def execution_page(page: Page, status: str = "Succeeded") -> None:
    """The latest execution that ended so."""
    executions_page(page)
    page.get_by_role("button", name=status).click()
    page.locator("tbody tr b, tbody .opener").first.wait_for()
    if page.locator("tbody a").count() == 0:
        page.locator("tbody .opener").first.click()  # all of them were tried together
    page.locator("tbody a").first.click()
    page.get_by_label("Log lines").get_by_role("listitem").last.wait_for()


def failed_page(page: Page) -> None:
    """An execution that failed."""
    execution_page(page, "Failed")


def definitions_page(page: Page) -> None:
    """The pipeline's definition, with a state chosen."""
    page.goto("/definitions")
    page.get_by_text("Valid, as it is deployed").wait_for()
    page.locator("[data-state=WasResizeSuccessful]").click()
    page.locator(".of-state").first.wait_for()


def new_page(page: Page) -> None:
    """An input that is no JSON yet."""
    page.goto("/new")
    page.get_by_label("Input", exact=True).fill('{"key": "club2.png",')
    page.get_by_text("no JSON").wait_for()


def flow_page(page: Page) -> None:
    """The data flow of a task in an execution."""
    execution_page(page)
    page.get_by_role("button", name="Data flow of ResizeImage").click()
    page.locator(".flow li").last.wait_for()


def compare_page(page: Page) -> None:
    """Two that were tried together."""
    executions_page(page)
    page.locator("tbody .opener").first.click()
    page.locator("tr.inner input").nth(1).wait_for()
    for number in range(2):
        page.locator("tbody input").nth(number).check()
    page.get_by_role("button", name="Compare the two").click()
    page.get_by_text("Where they part").wait_for()


def objects_page(page: Page) -> None:
    """Both buckets."""
    page.goto("/objects")
    page.get_by_role("button", name="Delete").first.wait_for()
    page.wait_for_load_state("networkidle")


def many_page(page: Page) -> None:
    """The samples as a batch, one of which is none of the images."""
    page.goto("/many")
    chosen = [*sorted(SAMPLES.glob("*.*")), settings.ROOT / "Makefile"]
    page.get_by_label("Images", exact=True).set_input_files(chosen)
    page.get_by_text("All are through").wait_for()
    page.wait_for_load_state("networkidle")


def resources_page(page: Page) -> None:
    """What is provisioned."""
    page.goto("/resources")
    page.locator("svg.asl").wait_for()


def state_page(page: Page) -> None:
    """A state, tested with a mocked result."""
    page.goto("/state")
    page.get_by_label("What it calls").select_option("result")
    page.get_by_role("button", name="Test").click()
    page.get_by_text("leads to").wait_for()


def wrong_page(page: Page) -> None:
    """All mistakes, tried."""
    page.goto("/wrong")
    page.get_by_role("button", name="Try all").click()
    page.get_by_text("were refused as they should be").wait_for()


# Each page, and how it comes to what is worth showing. In this order: the mistakes give the list
# something that failed.
SHOTS: Final[Mapping[str, Callable[[Page], None]]] = {
    "run": run_page,
    "wrong": wrong_page,
    "many": many_page,
    "executions": executions_page,
    "execution": execution_page,
    "failed": failed_page,
    "flow": flow_page,
    "compare": compare_page,
    "new": new_page,
    "definitions": definitions_page,
    "objects": objects_page,
    "state": state_page,
    "resources": resources_page,
}


def main() -> None:
    """Take them all.

    Raises:
        TestbedError: there is no Chromium, or the testbed or the console cannot be started.
    """
    chromium.find()
    wanted = settings.load()
    bring_up(wanted)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serving(wanted) as url, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for theme in THEMES:
            for width_px in WIDTHS_PX:
                with terminal.step(f"{theme}, {width_px} px wide"):
                    _take(browser, url, theme, width_px)
        if "--docs" in sys.argv[1:]:
            _for_docs(browser, url)
        browser.close()
    terminal.out.print(f"in {FOLDER.relative_to(settings.ROOT)}")


@contextlib.contextmanager
def serving(wanted: settings.Settings) -> Iterator[str]:
    """A console on a port of its own; gives its address."""
    port = read_port({"CONSOLE_PORT": "auto"})
    environment = os.environ | {"CONSOLE_PORT": str(port), "STATE_DIR": str(wanted.state_dir)}
    command = [sys.executable, "-m", "scripts.console"]
    with subprocess.Popen(command, cwd=settings.ROOT, env=environment) as process:
        url = address(port)
        try:
            waiting.until(
                lambda: _answers(url), "the console", timeout_s=STARTED_WITHIN_S, interval_s=0.1
            )
            yield url
        finally:
            process.terminate()


def _answers(url: str) -> tuple[bool | None, str]:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own console
            return True, "it answers"
    except urllib.error.URLError as error:
        return None, str(error)


def _take(browser: Browser, url: str, theme: str, width_px: int) -> None:
    with _page(browser, url, theme, (width_px, 900)) as page:
        for name, show in SHOTS.items():
            show(page)
            path = FOLDER / f"{name}-{theme}-{width_px}.png"
            page.screenshot(path=path, full_page=True, animations="disabled")


@contextlib.contextmanager
def _page(browser: Browser, url: str, theme: str, size: tuple[int, int]) -> Iterator[Page]:
    width, height = size
    context = browser.new_context(base_url=url, viewport={"width": width, "height": height})
    context.set_default_timeout(STEP_MS)
    context.add_init_script(TOUR_SEEN)
    context.add_cookies([{"name": THEME_COOKIE, "value": theme, "url": url}])
    yield context.new_page()
    context.close()


def _for_docs(browser: Browser, url: str) -> None:
    """The README's two, of few colours: a picture in a repository stays in it for ever."""
    DOCS.mkdir(parents=True, exist_ok=True)
    with _page(browser, url, "light", DOCS_SIZE) as page:
        run_page(page)
        page.locator("[data-station=API]").scroll_into_view_if_needed()
        page.evaluate("() => document.querySelector('.stations').scrollIntoView()")
        page.evaluate("() => window.scrollBy(0, -90)")
        _reduced(page, DOCS / "console-run.png")
    with _page(browser, url, "dark", DOCS_SIZE) as page:
        failed_page(page)
        _reduced(page, DOCS / "console-execution.png")


def _reduced(page: Page, path: Path) -> None:
    page.screenshot(path=path, animations="disabled")
    with Image.open(path) as image:
        few = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    terminal.run(main)
