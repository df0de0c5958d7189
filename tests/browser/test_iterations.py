"""Executions with iterations, branches and nested executions."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from console import links
from tests.browser.conftest import violations
from tests.browser.learning import Machines

EACH = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "Check",
                "States": {
                    "Check": {
                        "Type": "Choice",
                        "Choices": [{"Variable": "$", "NumericEquals": 7, "Next": "Bad"}],
                        "Default": "Good",
                    },
                    "Good": {"Type": "Pass", "End": True},
                    "Bad": {"Type": "Fail", "Error": "Seven", "Cause": "unlucky"},
                },
            },
            "End": True,
        }
    },
}
BOTH = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}}
                for name in ("Left", "Right")
            ],
            "End": True,
        }
    },
}
ECHO = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
# Of the whole page: header, graph, a page of iterations and one of events.
MOST_ELEMENTS = 6_000


def test_a_thousand_iterations_are_counted_and_a_page_of_them_is_drawn(
    page: Page, machines: Machines
) -> None:
    """Each opens: its states in graph, timeline and data; axe finds nothing."""
    seen = machines.run(machines.make(EACH), [*range(8, 1008)])
    page.goto(f"/executions/{seen.arn}")
    expect(page.get_by_text("SUCCEEDED").first).to_be_visible()  # before its history is there
    expect(page.get_by_text("1,000 iterations: 1,000 succeeded")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Iteration [0-9]+"))).to_have_count(25)
    assert page.evaluate("() => document.querySelectorAll('*').length") < MOST_ELEMENTS
    expect(page.locator(".gantt li")).to_have_count(3)
    page.get_by_role("button", name="After →").click()
    page.get_by_role("button", name="Iteration 31 ").click()
    expect(page.get_by_role("heading", name="Good")).to_be_visible()
    expect(page.get_by_label("Input", exact=True)).to_have_text(re.compile("^\\s*39\\s*$"))
    expect(page.get_by_text("1 to 100 of")).to_be_visible()
    page.get_by_role("button", name="Later events →").click()
    expect(page.get_by_text("101 to 200 of")).to_be_visible()
    assert [] == violations(page)


def test_the_iteration_that_failed_is_open(page: Page, machines: Machines) -> None:
    """And found by its status among those that succeeded or were given up."""
    seen = machines.run(machines.make(EACH), [*range(20)])
    page.goto(f"/executions/{seen.arn}")
    expect(page.get_by_text(re.compile(r"\d+ iterations: .*1 failed"))).to_be_visible()
    expect(page.locator("[data-state=Bad]")).to_have_class(re.compile("FAILED"))
    page.get_by_role("group", name="Filter Each by status").get_by_text("Failed").click()
    listed = page.get_by_role("button", name=re.compile("Iteration [0-9]+"))
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("Iteration 7")


def test_branches_are_called_by_their_first_state(page: Page, machines: Machines) -> None:
    """Each opens."""
    seen = machines.run(machines.make(BOTH), {})
    page.goto(f"/executions/{seen.arn}")
    expect(page.get_by_text("2 branches: 2 succeeded")).to_be_visible()
    page.get_by_role("button", name="Branch Right").click()
    expect(page.get_by_role("heading", name="Right")).to_be_visible()


def test_a_nested_execution_leads_there_and_back(page: Page, machines: Machines) -> None:
    """The task names its child; the child names its parent, as AWS has parents say it."""
    child = machines.make(ECHO)
    nesting = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {
            "StateMachineArn": child,
            "Input": {"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"},
        },
        "End": True,
    }
    parent = machines.run(machines.make({"StartAt": "Nest", "States": {"Nest": nesting}}), {})
    page.goto(f"/executions/{parent.arn}")
    page.get_by_role("link", name=re.compile("^Nested execution")).click()
    expect(page.locator("[data-state=Only]")).to_have_class(re.compile("SUCCEEDED"))
    page.get_by_role("link", name=f"started by {parent.name}").click()
    expect(page.get_by_role("heading", name=f"Execution {parent.name}")).to_be_visible()


def test_the_list_is_of_any_machine(page: Page, machines: Machines) -> None:
    """And each line leads to its execution."""
    machine = machines.make(ECHO)
    seen = machines.run(machine, {})
    page.goto("/executions")
    page.get_by_label("State machine", exact=True).select_option(machine)
    page.get_by_role("link", name=seen.name).click()
    expect(page.get_by_role("heading", name=f"Execution {seen.name}")).to_be_visible()
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_role("heading", name=re.compile("^Execution "))).not_to_contain_text(
        seen.name
    )
    assert 2 == len(machines.executions(machine))
    assert links.executions(machine)
