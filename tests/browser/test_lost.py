"""A testbed that goes away, and comes back."""

from __future__ import annotations

import signal
from pathlib import Path

from playwright.sync_api import Browser, expect

from localstack_standalone.launcher import emulator
from scripts import provision
from targets import embedded
from testbed import outputs
from testbed.aws import Aws
from tests.browser.conftest import start_console, stop_console, violations
from tests.support.testbeds import ProvisionedTestbed


def test_a_lost_testbed_shows_and_is_found_again(
    private_testbed: ProvisionedTestbed, browser: Browser, tmp_path: Path
) -> None:
    """Nobody reloads anything: the page says that it is gone, then goes on; Ctrl-C ends it."""
    console = start_console(private_testbed, tmp_path / "console.log")
    try:
        page = browser.new_page(base_url=console.url)
        page.goto("/executions")
        expect(page.get_by_text("0 executions, page 1 of 1")).to_be_visible()
        expect(page.get_by_role("heading", name="No execution to show")).to_be_visible()

        emulator.stop(private_testbed.state_dir)
        expect(page.get_by_role("heading", name="The testbed does not answer")).to_be_visible()
        assert [] == violations(page)

        record = emulator.start(private_testbed.state_dir, None, embedded.installed(), tied=True)
        made = provision.provision(Aws(record.endpoint), "embedded")
        outputs.write(private_testbed.state_dir, made)
        expect(page.get_by_role("heading", name="The testbed does not answer")).to_be_hidden()
        page.get_by_role("link", name="Run", exact=True).click()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="Before and after")).to_be_visible()
        page.close()

        console.process.send_signal(signal.SIGINT)
        assert 0 == console.process.wait(timeout=10)
        log = (tmp_path / "console.log").read_text()
        assert "Traceback" not in log, log
    finally:
        stop_console(console)
