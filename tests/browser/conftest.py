"""A real Chromium, a console of the tests' own, and a testbed behind it."""

from __future__ import annotations

import dataclasses
import gzip
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from dev import chromium
from dev.screenshots import TOUR_SEEN
from localstack_standalone.launcher import ports
from testbed import settings, waiting
from tests.browser.learning import Machines
from tests.support.testbeds import ProvisionedTestbed

AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js.gz"
# WCAG 2.2 at level AA, and what axe calls best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STARTED_WITHIN_S = 30
STEP_MS = 20_000

expect.set_options(timeout=STEP_MS)


@dataclasses.dataclass(frozen=True)
class Console:
    """A console that runs.

    Attributes:
        url: without a slash at its end.
        process: whom to interrupt.
        testbed: that it shows.
    """

    url: str
    process: subprocess.Popen[bytes]
    testbed: ProvisionedTestbed


def start_console(place: ProvisionedTestbed, log: Path, **more: str) -> Console:
    """Start the console of *place*'s state folder, as `make console` does, and wait for it.

    Args:
        place: whose testbed it shows.
        log: where its output goes.
        more: settings of its own.
    """
    port = ports.free_port()
    environment = os.environ | {
        "STATE_DIR": str(place.state_dir),
        "CONSOLE_PORT": str(port),
        "TARGET": place.outputs.target,
        **more,
    }
    environment.pop("PYTEST_CURRENT_TEST", None)  # NiceGUI would take the console for a test
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.console"],
            cwd=settings.ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    console = Console(f"http://127.0.0.1:{port}", process, place)
    waiting.until(
        lambda: _answers(console, log), "the console", timeout_s=STARTED_WITHIN_S, interval_s=0.1
    )
    return console


def _answers(console: Console, log: Path) -> tuple[bool | None, str]:
    assert console.process.poll() is None, log.read_text()
    try:
        with urllib.request.urlopen(console.url, timeout=5) as response:  # noqa: S310 - our own
            return (True if response.status == 200 else None), f"status {response.status}"
    except urllib.error.URLError as error:
        return None, str(error)


def stop_console(console: Console) -> None:
    console.process.terminate()
    console.process.wait(timeout=20)


@pytest.fixture(scope="session")
def console(
    testbed: ProvisionedTestbed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    """The console of the session's testbed."""
    started = start_console(testbed, tmp_path_factory.mktemp("console") / "console.log")
    yield started
    stop_console(started)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = chromium.launch(playwright)
    yield started
    started.close()


@pytest.fixture
def context(browser: Browser, console: Console) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1366, "height": 900}, base_url=console.url)
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    made.add_init_script(TOUR_SEEN)
    made.set_default_timeout(STEP_MS)
    yield made
    made.close()


@dataclasses.dataclass
class Watched:
    """What went wrong in a page, and what it asked for elsewhere."""

    errors: list[str] = dataclasses.field(default_factory=list)
    strangers: list[str] = dataclasses.field(default_factory=list)


@pytest.fixture
def page(context: BrowserContext, console: Console) -> Iterator[Page]:
    """A page that must neither fail nor ask anybody but the console."""
    made = context.new_page()
    watched = watch(made, console)
    yield made
    assert [] == watched.errors
    assert [] == watched.strangers


def watch(page: Page, console: Console) -> Watched:
    watched = Watched()
    own = re.compile(rf"(?:http|ws){re.escape(console.url.removeprefix('http'))}/|data:|blob:")
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on(
        "request",
        lambda request: None if own.match(request.url) else watched.strangers.append(request.url),
    )
    page.on(
        "websocket", lambda one: None if own.match(one.url) else watched.strangers.append(one.url)
    )
    return watched


def violations(page: Page) -> list[str]:
    """What axe finds wrong in *page* as it stands: rule, where, and what it says."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(gzip.decompress(AXE.read_bytes()).decode())
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    assert found["passes"], "axe has looked at nothing"
    return [
        f"{one['id']}: {node['target']}: {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.fixture
def machines(console: Console) -> Iterator[Machines]:
    """State machines beside the pipeline's."""
    made = Machines(console.testbed)
    yield made
    made.clean()
