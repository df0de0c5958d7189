"""The data flow of a state in an execution."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import violations
from tests.browser.learning import Machines

FLOW = {
    "StartAt": "Shape",
    "States": {
        "Shape": {
            "Type": "Pass",
            "InputPath": "$.in",
            "Parameters": {"b.$": "$.a", "c": 2},
            "ResultPath": "$.made",
            "OutputPath": "$.made",
            "Next": "Chance",
        },
        "Chance": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()"}, "End": True},
    },
}
JSONATA = {
    "QueryLanguage": "JSONata",
    "StartAt": "Keep",
    "States": {
        "Keep": {"Type": "Pass", "Assign": {"kept": "{% $states.input.n %}"}, "Next": "Use"},
        "Use": {"Type": "Pass", "Output": {"twice": "{% $kept * 2 %}"}, "End": True},
    },
}


@pytest.fixture
def flow(page: Page, machines: Machines) -> Page:
    seen = machines.run(machines.make(FLOW), {"in": {"a": 1}, "other": True})
    page.goto(f"/executions/{seen.arn}")
    return page


def follow(page: Page, name: str) -> None:
    page.locator(f"[data-state={name}]").click()
    page.get_by_role("button", name=f"Data flow of {name}").click()
    expect(page.get_by_role("heading", name=f"Data flow of {name}")).to_be_visible()


def test_each_field_is_shown_with_what_it_changed(flow: Page) -> None:
    """Side by side, against what it works on; changes have a sign; axe finds nothing."""
    follow(flow, "Shape")
    steps = flow.locator(".flow > li")
    expect(steps.locator("p > b")).to_have_text(
        ["input", "InputPath", "Parameters", "ResultSelector", "ResultPath", "output"]
    )
    parameters = steps.filter(has=flow.locator("b", has_text="Parameters"))
    expect(parameters.locator(".line.removed")).to_contain_text(['removed: "a": 1'])
    expect(parameters.locator(".line.added")).to_contain_text(['added: "b": 1', 'added: "c": 2'])
    whole = steps.filter(has=flow.locator("b", has_text="ResultPath"))
    expect(whole.locator(".line.added").first).to_contain_text('"made": {')
    expect(whole.locator(".sign").filter(has_text="+").first).to_be_visible()
    expect(flow.get_by_text("is not the one of the execution")).to_have_count(0)
    assert [] == violations(flow)


def test_what_is_new_each_time_is_told(flow: Page) -> None:
    """Nobody is to take the random number of a test for the one that was."""
    follow(flow, "Chance")
    expect(flow.get_by_text("is not the one of the execution")).to_be_visible()


def test_jsonata_and_variables_are_followed(page: Page, machines: Machines) -> None:
    """A state reads what was assigned before it."""
    seen = machines.run(machines.make(JSONATA), {"n": 21})
    page.goto(f"/executions/{seen.arn}")
    follow(page, "Use")
    expect(page.get_by_label("Data after output")).to_contain_text('"twice": 42')
    expect(page.get_by_text("is not the one of the execution")).to_have_count(0)


def test_a_task_is_followed_without_a_call(page: Page, machines: Machines) -> None:
    """Its result of then stands for the function."""
    outputs = machines.place.outputs
    seen = machines.run(outputs.state_machine_arn, {"key": "no-such.png"})
    page.goto(f"/executions/{seen.name}")
    expect(page.get_by_label("Log lines").get_by_text("REPORT")).to_be_visible()
    follow(page, "ResizeImage")
    expect(page.locator(".flow li > p > b", has_text="Parameters")).to_be_visible()
    expect(page.get_by_label("Data after output")).to_contain_text("NOT_FOUND")
    expect(page.get_by_text("Nothing was called.")).to_be_visible()
