"""Faults that are on, as the console shows them."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from testbed import faults
from tests.browser.conftest import start_console, stop_console, violations
from tests.e2e.client import Client, png
from tests.support.testbeds import ProvisionedTestbed

RULE = {"operation": "s3:PutObject", "kind": "throttling", "first": 1, "name": "bad-day"}


def test_faults_are_told_where_runs_are_looked_at(
    private_testbed: ProvisionedTestbed, browser: Browser, tmp_path: Path
) -> None:
    """On the pages of runs as long as they are on; at the invocation that had one for ever."""
    client = Client(private_testbed)
    key = client.key("a.png")
    client.upload(key, png())
    faults.put(private_testbed.endpoint, [RULE])
    name = client.run(key).name
    console = start_console(private_testbed, tmp_path / "console.log")
    try:
        page = browser.new_page(base_url=console.url)
        notice = page.get_by_text("Faults on: s3:PutObject 100% throttling.")
        for address in ("/", f"/executions/{name}"):
            page.goto(address)
            expect(notice).to_be_visible()
            assert [] == violations(page)
        mark = page.get_by_text("s3:PutObject: SlowDown (injected by bad-day)")
        expect(mark).to_be_visible()
        faults.remove(private_testbed.endpoint)
        expect(notice).to_be_hidden()
        expect(mark).to_be_visible()
        page.close()
    finally:
        stop_console(console)
