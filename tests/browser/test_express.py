"""Executions of Express machines, which their log group tells."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from console import links
from tests.browser.conftest import violations
from tests.browser.learning import Machines
from tests.browser.test_geometry import faults

ECHO = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
BROKEN = {
    "StartAt": "First",
    "States": {
        "First": {"Type": "Pass", "Next": "No"},
        "No": {"Type": "Fail", "Error": "Bad", "Cause": "why"},
    },
}

Make = Callable[..., str]


@pytest.fixture
def make(machines: Machines) -> Iterator[Make]:
    """Makes Express machines that log to a group of their own."""
    logs: Any = machines.place.aws.logs
    group = f"/aws/vendedlogs/states/{uuid.uuid4().hex[:8]}-Logs"
    logs.create_log_group(logGroupName=group)
    (told,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]

    def made(definition: dict[str, Any], level: str = "ALL", *, data: bool = True) -> str:
        configuration = {
            "level": level,
            "includeExecutionData": data,
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": told["arn"]}}],
        }
        return machines.make(definition, type="EXPRESS", loggingConfiguration=configuration)

    yield made
    logs.delete_log_group(logGroupName=group)


def start(machines: Machines, machine: str, given: Any) -> None:
    machines.place.aws.stepfunctions.start_execution(
        stateMachineArn=machine, name="mine", input=json.dumps(given)
    )


def test_an_execution_is_listed_and_opens_from_the_log(
    page: Page, machines: Machines, make: Make
) -> None:
    """With its input, its output, its states and its events; it says where they were read."""
    machine = make(ECHO)
    start(machines, machine, {"key": "a.png"})
    page.goto(links.executions(machine))
    expect(page.get_by_text("Read from the log group /aws/vendedlogs/states/")).to_be_visible()
    row = page.get_by_role("row", name="SUCCEEDED a.png mine")
    expect(row).to_contain_text("ms")
    expect(row.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_role("button", name="Compare the two")).to_be_hidden()
    assert ([], []) == (violations(page), faults(page))
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Execution mine", exact=True)).to_be_visible()
    expect(page.get_by_text("Read from the log group")).to_be_visible()
    page.get_by_text("Output of the execution").click()
    expect(page.get_by_label("Output of the execution")).to_contain_text('"a.png"')
    expect(page.get_by_label("Input", exact=True)).to_contain_text('"a.png"')
    expect(page.locator("[data-state=Only].SUCCEEDED")).to_be_visible()
    events = page.get_by_role("table", name="Events").locator("tbody tr")
    expect(events).to_have_count(4)
    expect(events.last).to_contain_text("ExecutionSucceeded")
    assert ([], []) == (violations(page), faults(page))
    page.get_by_role("link", name="Run again").click()
    expect(page.get_by_label("Input", exact=True)).to_have_value('{\n  "key": "a.png"\n}')


def test_the_answer_leads_to_its_log(page: Page, make: Make) -> None:
    """An execution that was run from here."""
    page.goto(links.new_execution(make(ECHO)))
    page.get_by_label("Input", exact=True).fill('{"typed": 1}')
    page.get_by_role("button", name="Start").click()
    page.get_by_role("link", name="Its events, from the log").click()
    expect(page.locator("[data-state=Only].SUCCEEDED")).to_be_visible()


def test_what_a_level_leaves_out_is_said(page: Page, machines: Machines, make: Make) -> None:
    """At ERROR the failures alone are known, without data neither inputs nor outputs."""
    machine = make(BROKEN, "ERROR", data=False)
    start(machines, machine, {})
    page.goto(links.executions(machine))
    page.get_by_role("row", name="FAILED mine Bad").get_by_role("link").click()
    expect(page.get_by_text("Its level ERROR logs failures alone")).to_be_visible()
    expect(page.get_by_text("Inputs and outputs are not logged")).to_be_visible()
    expect(page.get_by_role("heading", name="Bad")).to_be_visible()
    expect(page.get_by_text("first logged")).to_be_visible()
    expect(page.locator("[data-state=No].FAILED")).to_be_visible()


def test_a_machine_that_logs_nothing_says_how_it_would(page: Page, machines: Machines) -> None:
    """With the commands; and its list leads to where one is run."""
    page.goto(links.executions(machines.make(ECHO, type="EXPRESS")))
    expect(page.get_by_role("heading", name="It logs nothing")).to_be_visible()
    page.get_by_text("Show me the command").click()
    expect(page.get_by_text("update-state-machine").first).to_be_visible()
    assert ([], []) == (violations(page), faults(page))
    page.get_by_role("link", name="New execution").click()
    page.wait_for_url(re.compile("/new"))
