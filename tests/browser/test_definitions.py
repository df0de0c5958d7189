"""The page Definitions."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from console import links
from tests.browser.conftest import start_console, stop_console, violations
from tests.browser.learning import Machines
from tests.support.testbeds import ProvisionedTestbed

TWO = {
    "StartAt": "First",
    "States": {
        "First": {"Type": "Pass", "Result": {"n": 1}, "Next": "Second"},
        "Second": {"Type": "Succeed"},
    },
}
WAITING = {"StartAt": "Long", "States": {"Long": {"Type": "Wait", "Seconds": 600, "End": True}}}
EXPRESS = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}


@pytest.fixture
def machine(machines: Machines) -> str:
    return machines.make(TWO)


def opened(page: Page, arn: str) -> None:
    page.goto(links.definition(arn))
    expect(page.get_by_text("✓ Valid, as it is deployed")).to_be_visible()


def type_instead(page: Page, text: str) -> None:
    """Replace what stands in the editor."""
    page.get_by_label("Definition (Amazon States Language)").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_any_machine_is_chosen(page: Page, machine: str) -> None:
    """From a list; the address is that machine's."""
    page.goto("/definitions")
    expect(page.get_by_text("✓ Valid, as it is deployed")).to_be_visible()
    expect(page.locator("[data-state=ResizeImage]")).to_be_visible()
    page.get_by_label("State machine", exact=True).select_option(machine)
    page.wait_for_url(re.compile("machine=arn"))
    expect(page.locator("[data-state=Second]")).to_be_visible()
    expect(page.locator(".cm-content")).to_contain_text('"StartAt": "First"')


def test_a_state_chosen_in_the_graph_marks_its_lines(page: Page, machine: str) -> None:
    """By mouse and by keyboard; axe finds nothing."""
    opened(page, machine)
    page.locator("[data-state=Second]").click()
    lines = page.locator(".cm-line.of-state")
    expect(lines).to_have_text([re.compile('"Second": {'), re.compile("Succeed"), re.compile("}")])
    page.get_by_role("button", name=re.compile("^First")).focus()
    page.keyboard.press("Enter")
    expect(lines.first).to_contain_text('"First": {')
    expect(page.locator("[data-state=First]")).to_have_class(re.compile("selected"))
    assert [] == violations(page)


def test_the_line_of_the_cursor_chooses_its_state(page: Page, machine: str) -> None:
    """By mouse and by keyboard."""
    opened(page, machine)
    page.locator(".cm-line", has_text='"Succeed"').click()
    expect(page.locator("[data-state=Second]")).to_have_class(re.compile("selected"))
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    expect(page.locator("[data-state=First]")).to_have_class(re.compile("selected"))
    expect(page.locator(".cm-line.of-state").first).to_contain_text('"First": {')


def test_a_mistake_is_told_below_its_line(page: Page, machine: str) -> None:
    """In Step Functions' words; mended, it is gone, and so is the way back."""
    opened(page, machine)
    wrong = json.dumps(TWO, indent=2).replace('"Next": "Second"', '"Next": "Third"')
    type_instead(page, wrong)
    below = page.locator(".cm-line", has_text='"Third"').locator(".mistake")
    expect(below).to_contain_text("MISSING_TRANSITION_TARGET")
    expect(page.get_by_text("The graph is of the last text without an error.")).to_be_visible()
    number = wrong[: wrong.index("Third")].count("\n") + 1
    expect(page.locator(".mistakes")).to_contain_text(f"Line {number}: ")
    assert [] == violations(page)
    page.get_by_role("button", name="Back to what is deployed").click()
    expect(page.get_by_text("✓ Valid, as it is deployed")).to_be_visible()
    expect(page.locator(".mistake")).to_have_count(0)


def test_what_is_no_json_is_told_with_line_and_column(page: Page, machine: str) -> None:
    """While one types."""
    opened(page, machine)
    type_instead(page, '{\n"StartAt" "A"\n}')
    below = page.locator(".cm-line", has_text='"StartAt"').locator(".mistake")
    expect(below).to_contain_text("Expecting ':' delimiter (line 2, column 11)")


def test_an_edited_graph_is_drawn_anew(page: Page, machine: str) -> None:
    """As soon as it is without an error."""
    opened(page, machine)
    type_instead(page, json.dumps(TWO, indent=2).replace("Second", "Other"))
    expect(page.locator("[data-state=Other]")).to_be_visible()
    expect(page.get_by_text("✓ Valid, not deployed")).to_be_visible()


def test_the_keyboard_leaves_the_editor(page: Page, machine: str) -> None:
    """By Esc and Tab, as the page says; Tab alone indents."""
    opened(page, machine)
    page.get_by_label("Definition (Amazon States Language)").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="New execution")).to_be_focused()


def test_a_copy_runs_and_the_machine_stays_as_it_is(
    page: Page, machine: str, machines: Machines
) -> None:
    """The copy has what was typed, shows its execution, and goes when that has ended."""
    before = machines.definition(machine)
    opened(page, machine)
    type_instead(page, json.dumps(TWO, indent=2).replace('"n": 1', '"n": 2'))
    expect(page.get_by_text("✓ Valid, not deployed")).to_be_visible()
    page.get_by_label("Input of the copy").fill('{"mine": true}')
    page.get_by_role("button", name="Run a copy").click()
    page.wait_for_url(re.compile("/executions/arn"))
    expect(page.get_by_text("a copy, removed when it has ended, of")).to_be_visible()
    page.locator("[data-state=First]").click()
    expect(page.get_by_label("Output", exact=True)).to_contain_text('"n": 2')
    expect(page.get_by_label("Input", exact=True)).to_contain_text('"mine": true')
    machines.wait_until_no_copy_is_left()
    assert (before, []) == (machines.definition(machine), machines.executions(machine))
    page.reload()  # what became of it is still there
    expect(page.locator("[data-state=Second]")).to_have_class(re.compile("SUCCEEDED"))
    page.get_by_role("link", name=machine.rpartition(":")[2]).click()
    expect(page.get_by_text("✓ Valid, not deployed")).to_be_visible()
    expect(page.locator(".cm-content")).to_contain_text('"n": 2')


def test_a_copy_that_is_refused_says_why(page: Page, machine: str, machines: Machines) -> None:
    """And nothing is left of it."""
    opened(page, machine)
    type_instead(page, "{}")
    page.get_by_role("button", name="Run a copy").click()
    expect(page.get_by_role("heading", name="The copy was not run")).to_be_visible()
    expect(page.get_by_text("InvalidDefinition")).to_be_visible()
    assert [] == machines.copies()


def test_an_express_copy_shows_its_answer(page: Page, machines: Machines) -> None:
    """There is no execution to be looked at later."""
    opened(page, machines.make(EXPRESS, type="EXPRESS"))
    page.get_by_label("Input of the copy").fill('{"mine": true}')
    page.get_by_role("button", name="Run a copy").click()
    expect(page.get_by_label("Output", exact=True)).to_contain_text('"mine": true')
    expect(page.get_by_text("keeps no history")).to_be_visible()
    assert [] == machines.copies()


def test_a_console_that_stops_removes_its_copies(
    private_testbed: ProvisionedTestbed, browser: Browser, tmp_path: Path
) -> None:
    """What runs of them is stopped; the machine and what it runs are left alone."""
    machines = Machines(private_testbed)
    machine = machines.make(WAITING)
    sfn = private_testbed.aws.stepfunctions
    own = sfn.start_execution(stateMachineArn=machine)["executionArn"]
    console = start_console(private_testbed, tmp_path / "console.log")
    try:
        page = browser.new_page(base_url=console.url)
        page.goto(links.definition(machine))
        page.get_by_role("button", name="Run a copy").click()
        page.wait_for_url(re.compile("/executions/arn"))
        expect(page.locator("[data-state=Long]")).to_have_class(re.compile("RUNNING"))
        assert 1 == len(machines.copies())
        page.close()
    finally:
        stop_console(console)
    machines.wait_until_no_copy_is_left()
    assert "RUNNING" == sfn.describe_execution(executionArn=own)["status"]
