"""The page Try it wrong."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from console import mistakes
from tests.browser.conftest import Console


@pytest.mark.parametrize("mistake", mistakes.everything(), ids=lambda one: one.title)
def test_each_mistake_is_refused_as_announced(page: Page, mistake: mistakes.Mistake) -> None:
    """One click each; the card says whether it went as it should."""
    page.goto("/wrong")
    card = page.locator(f"[data-mistake='{mistake.title}']")
    card.get_by_role("button", name=f"Try: {mistake.title}").click()
    expect(card.get_by_text("✓ As it should")).to_be_visible()
    expect(card.get_by_role("status")).to_contain_text(mistake.code)


def test_all_are_tried_by_one_click(page: Page, console: Console) -> None:
    """And counted; of what was sent nothing stays."""
    page.goto("/wrong")
    page.get_by_role("button", name="Try all").click()
    number = len(mistakes.everything())
    expect(page.get_by_text(f"{number} of {number} were refused as they should be")).to_be_visible(
        timeout=60_000
    )
    s3, where = console.testbed.aws.s3, console.testbed.outputs
    listed = s3.list_objects_v2(Bucket=where.original_bucket, Prefix=mistakes.PREFIX)
    assert 0 == listed["KeyCount"]


def test_tries_are_one_row_of_the_list_of_executions(page: Page) -> None:
    """However often they are tried: a student's own executions stay in sight."""
    page.goto("/executions")
    expect(page.get_by_text(re.compile("page 1 of"))).to_be_visible()
    rows = page.get_by_role("row").filter(has_text="Tried wrong")
    before = rows.count()
    page.goto("/wrong")
    for title in ("Unknown key", "Empty file", "Unknown key"):
        page.get_by_role("button", name=f"Try: {title}").click()
        card = page.locator(f"[data-mistake='{title}']")
        expect(card.get_by_text("under way")).to_be_hidden()
        expect(card.get_by_text("✓ As it should")).to_be_visible()
    page.goto("/executions")
    expect(rows).to_have_count(before + 1)
    expect(rows.first).to_contain_text(re.compile(r"3\s*FAILED"))
