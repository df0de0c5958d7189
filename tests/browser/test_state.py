"""The page States."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import violations


@pytest.fixture
def form(page: Page) -> Page:
    page.goto("/state")
    expect(page.get_by_text("4 states")).to_be_visible()
    return page


def test_a_mocked_result_is_followed_step_by_step(form: Page) -> None:
    """From the input to the output, with what each field changed; axe finds nothing."""
    form.get_by_label("What it calls").select_option("result")
    form.get_by_role("button", name="Test", exact=True).click()
    expect(form.get_by_text("leads to WasResizeSuccessful")).to_be_visible()
    expect(form.locator(".flow li.changed > p > b")).to_have_text(
        ["input", "Parameters", "result", "ResultPath", "output"]
    )
    expect(form.get_by_label("Data after output")).to_contain_text('"thumb-club2.png"')
    assert [] == violations(form)


def test_a_mocked_error_is_retried_or_caught(form: Page) -> None:
    """Which of them it is, is told."""
    form.get_by_label("What it calls").select_option("error")
    form.get_by_role("button", name="Test", exact=True).click()
    expect(form.get_by_text("↻ RETRIABLE")).to_be_visible()
    form.get_by_label("Error", exact=True).fill("ValueError: no")
    form.get_by_role("button", name="Test", exact=True).click()
    expect(
        form.get_by_text(re.compile(r"leads to FailState, caught by Catch\[0\]"))
    ).to_be_visible()


def test_another_state_is_called_for_real(form: Page) -> None:
    """A Choice takes no mock, and gets the input that was typed."""
    form.get_by_label("State", exact=True).select_option("WasResizeSuccessful")
    form.get_by_label("Input", exact=True).fill('{"success": true}')
    form.get_by_role("button", name="Test", exact=True).click()
    expect(form.get_by_text("leads to SuccessState")).to_be_visible()


def test_what_is_no_json_is_told(form: Page) -> None:
    """Nothing is asked of the testbed then."""
    form.get_by_label("Input", exact=True).fill("{")
    form.get_by_role("button", name="Test", exact=True).click()
    expect(form.get_by_text("the input is no JSON")).to_be_visible()
