"""A run in slow motion, from the page Run."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from testbed import waiting
from tests.browser.conftest import Console, violations

STOPS = [
    ("Held at API Gateway", "API", "working"),
    ("Held at Lambda", "MACHINE", "working"),
    ("Held at S3", "MACHINE", "working"),
    ("WasResizeSuccessful (Choice) was entered", "FUNCTION", "done"),
    ("SuccessState (Succeed) was entered", "FUNCTION", "done"),
]


def begin(page: Page) -> None:
    page.goto("/")
    page.get_by_text("Options").click()
    page.get_by_label("Slow motion").check()
    page.get_by_role("button", name="Send", exact=True).click()


def test_a_run_is_held_at_each_station_until_a_key_is_pressed(page: Page) -> None:
    """The stations show how far it came; by button, then by the key n."""
    begin(page)
    for number, (words, station, light) in enumerate(STOPS):
        expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
        expect(page.locator(f"[data-station={station}]")).to_have_attribute("data-status", light)
        if number == 0:
            assert [] == violations(page)
            page.get_by_role("button", name="Go on (n)").click()
        else:
            page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Before and after")).to_be_visible()
    expect(page.get_by_role("button", name="Go on (n)")).to_be_hidden()


def test_a_run_goes_on_when_its_page_is_closed(page: Page, console: Console) -> None:
    """Nothing is held when nobody is watching."""
    sfn, machine = console.testbed.aws.stepfunctions, console.testbed.outputs.state_machine_arn

    def running() -> list[str]:
        listed = sfn.list_executions(stateMachineArn=machine, statusFilter="RUNNING")
        return [one["name"] for one in listed["executions"]]

    begin(page)
    page.get_by_role("button", name="Go on (n)").click()
    expect(page.get_by_role("status").filter(has_text="Held at Lambda")).to_be_visible()
    (held,) = running()
    page.goto("about:blank")
    waiting.until(
        lambda: (True if held not in running() else None, "it runs"),
        "the end of a run whose page is gone",
        timeout_s=60,
    )
