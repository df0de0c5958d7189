"""What explains: question marks, glossaries, the command in three ways, the tour."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from console import tour
from tests.browser.conftest import STEP_MS, Console, violations, watch
from tests.e2e.client import Client, png


def test_a_question_mark_explains_and_links_to_aws(page: Page) -> None:
    """By keyboard: it opens, Esc closes it, and the focus is where it was."""
    page.goto("/")
    asked = page.get_by_role("button", name="What is API Gateway?")
    sentence = page.get_by_text("The front door: it checks a request")
    expect(sentence).to_be_hidden()
    asked.focus()
    page.keyboard.press("Enter")
    expect(sentence).to_be_visible()
    link = page.get_by_role("link", name="AWS documentation of API Gateway")
    expect(link).to_have_attribute("href", re.compile("^https://docs.aws.amazon.com/apigateway/"))
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    page.keyboard.press("Escape")
    expect(sentence).to_be_hidden()
    expect(asked).to_be_focused()
    asked.click()
    expect(sentence).to_be_visible()
    assert [] == violations(page)


def test_an_error_is_explained_where_it_stands(page: Page, console: Console) -> None:
    """On the page of its execution; the fields of the events, too."""
    client = Client(console.testbed)
    name = client.run(client.key("missing.png")).arn.rpartition(":")[2]
    page.goto(f"/executions/{name}")
    page.get_by_role("button", name="What is NOT_FOUND?").click()
    expect(page.get_by_text("The bucket has no object of this key")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("What the fields mean").click()
    expect(page.get_by_text("The event that it follows")).to_be_visible()
    assert [] == violations(page)


def test_the_fields_of_the_definition_are_explained(page: Page) -> None:
    page.goto("/resources")
    page.get_by_text("What the definition's fields mean").click()
    expect(page.get_by_text("To which state an error leads")).to_be_visible()


def test_a_command_is_shown_in_three_ways(page: Page, console: Console) -> None:
    """Each can be copied alone."""
    client = Client(console.testbed)
    key = client.key("a.png")
    client.upload(key, png())
    name = client.run(key).arn.rpartition(":")[2]
    page.goto(f"/executions/{name}")
    page.get_by_text("Show me the command").first.click()
    for begin in ("awslocal stepfunctions", "import boto3", "curl -sS --aws-sigv4"):
        expect(page.locator("code").filter(has_text=begin).first).to_be_visible()
    copy = page.get_by_role("button", name="Copy the command import boto3").first
    copy.click()
    expect(copy).to_have_text("Copied")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("import boto3\n\nprint(boto3.client('stepfunctions')")
    client.clean()


@pytest.fixture
def newcomer(browser: Browser, console: Console) -> Iterator[Page]:
    """A page of a browser that was never here."""
    context = browser.new_context(viewport={"width": 1366, "height": 900}, base_url=console.url)
    context.set_default_timeout(STEP_MS)
    made = context.new_page()
    watched = watch(made, console)
    yield made
    context.close()
    assert [] == watched.errors


def test_the_tour_leads_through_the_first_run_and_is_shown_once(newcomer: Page) -> None:
    """Each step points at something that is there; at the end it is over."""
    newcomer.goto("/")
    for number, step in enumerate(tour.STEPS, start=1):
        shown = newcomer.get_by_role("dialog", name=f"Tour: {step.title}")
        expect(shown).to_contain_text(f"{number} of {len(tour.STEPS)}")
        expect(newcomer.locator(f"{step.target}.toured")).to_be_visible()
        if number == 2:
            assert [] == violations(newcomer)
            newcomer.get_by_role("button", name="Send", exact=True).click()
            expect(newcomer.get_by_role("heading", name="Before and after")).to_be_visible()
        name = "Done" if number == len(tour.STEPS) else "Next"
        shown.get_by_role("button", name=name).click()
    expect(newcomer.get_by_role("dialog")).to_have_count(0)
    expect(newcomer.locator(".toured")).to_have_count(0)
    newcomer.reload()
    expect(newcomer.get_by_role("button", name="Send", exact=True)).to_be_visible()
    expect(newcomer.get_by_role("dialog")).to_have_count(0)


def test_the_tour_can_be_left_and_started_again(newcomer: Page) -> None:
    """By Esc, or by its button; it does not come back by itself."""
    newcomer.goto("/")
    expect(newcomer.get_by_role("dialog", name="Tour: 1.")).to_be_visible()
    newcomer.keyboard.press("Escape")
    expect(newcomer.get_by_role("dialog")).to_have_count(0)
    again = newcomer.get_by_role("button", name="Show me around")
    expect(again).to_be_focused()
    newcomer.keyboard.press("Enter")
    expect(newcomer.get_by_role("button", name="Next")).to_be_focused()
    newcomer.get_by_role("button", name="Leave the tour").click()
    expect(newcomer.get_by_role("dialog")).to_have_count(0)
