"""The page that compares two executions."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from console import links
from tests.browser.conftest import violations
from tests.browser.learning import Machines

FORK = {
    "StartAt": "Prepare",
    "States": {
        "Prepare": {"Type": "Pass", "Next": "Which"},
        "Which": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.n", "NumericGreaterThan": 1, "Next": "Big"}],
            "Default": "Small",
        },
        "Big": {"Type": "Fail", "Error": "TooBig"},
        "Small": {"Type": "Succeed"},
    },
}


def test_two_are_marked_in_the_list_and_compared(page: Page, machines: Machines) -> None:
    """Where they part is told in words; each state has what differs; axe finds nothing."""
    machine = machines.make(FORK)
    small, big = machines.run(machine, {"n": 1}), machines.run(machine, {"n": 2})
    page.goto(links.executions(machine))
    button = page.get_by_role("button", name="Compare the two")
    expect(page.get_by_label(f"Compare {small.name}")).to_be_visible()
    expect(button).to_be_disabled()
    page.get_by_label(f"Compare {small.name}").check()
    expect(button).to_be_disabled()
    page.get_by_label(f"Compare {big.name}").check()
    expect(button).to_be_enabled()
    expect(page.get_by_label(f"Compare {small.name}")).to_be_checked()
    assert [] == violations(page)
    button.click()
    expect(page.get_by_text("They were given different inputs.")).to_be_visible()
    expect(page.get_by_text("Prepare differs first: input, output.")).to_be_visible()
    expect(
        page.get_by_text("Their paths part behind Which: the first goes to Small and the second")
    ).to_be_visible()
    expect(page.get_by_label("Input of Prepare")).to_contain_text("1 → 2")
    page.get_by_role("button", name="Big").click()
    expect(page.get_by_text("Only the second execution entered it.")).to_be_visible()
    expect(page.get_by_label("Error of Big")).to_contain_text("TooBig")
    assert [] == violations(page)


def test_what_is_the_same_is_told_to_be(page: Page, machines: Machines) -> None:
    """And can be left out of the list."""
    machine = machines.make(FORK)
    first, second = machines.run(machine, {"n": 1}), machines.run(machine, {"n": 1})
    page.goto(links.comparison(first.arn, second.arn))
    expect(page.get_by_text("No state differs")).to_be_visible()
    rows = page.get_by_role("table", name="States").locator("tbody tr")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Only what differs").click()
    expect(rows).to_have_count(0)


def test_the_second_is_chosen_on_the_page(page: Page, machines: Machines) -> None:
    """Whoever comes from an execution has the first."""
    machine = machines.make(FORK)
    first, second = machines.run(machine, {"n": 1}), machines.run(machine, {"n": 2})
    page.goto(f"/executions/{first.arn}")
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("Choose two executions.")).to_be_visible()
    page.get_by_label("Second execution").select_option(second.arn)
    page.wait_for_url(re.compile("second="))
    expect(page.get_by_text("Where they part")).to_be_visible()


def test_a_third_that_is_marked_takes_the_place_of_the_first(
    page: Page, machines: Machines
) -> None:
    """Two are compared, never three."""
    machine = machines.make(FORK)
    one, two, three = (machines.run(machine, {"n": n}) for n in (0, 1, 2))
    page.goto(links.executions(machine))
    for each in (one, two, three):
        page.get_by_label(f"Compare {each.name}").click()
    expect(page.get_by_label(f"Compare {one.name}")).not_to_be_checked()
    for each in (two, three):
        expect(page.get_by_label(f"Compare {each.name}")).to_be_checked()
