"""Invocations that wait for the machine are seen on every page."""

from __future__ import annotations

import concurrent.futures
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Console
from tests.support import functions

BUSY = """
import time
def handler(event, context):
    end = time.process_time() + 0.3
    while time.process_time() < end:
        pass
"""


def test_who_waits_is_counted_in_the_header(page: Page, console: Console) -> None:
    """While more run than the machine bears, and no longer."""
    aws = console.place.aws
    name = functions.make(aws, BUSY, Timeout=60)
    page.goto("/")
    expect(page.locator(".queued")).to_have_count(0)
    with concurrent.futures.ThreadPoolExecutor(60) as pool:
        pending = [pool.submit(aws.patient_lambda.invoke, FunctionName=name) for _ in range(60)]
        expect(page.locator(".queued")).to_have_text(re.compile(r"^\d+ waiting$"))
        for one in pending:
            one.result()
    expect(page.locator(".queued")).to_have_count(0)
    aws.lambda_.delete_function(FunctionName=name)
