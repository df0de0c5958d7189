"""The page New execution."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from console import links
from tests.browser.conftest import violations
from tests.browser.learning import Machines

ECHO = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
BROKEN = {"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "Bad", "Cause": "why"}}}


def test_an_execution_is_started_with_what_was_typed(page: Page, machines: Machines) -> None:
    """Under the name that was given, and its page is shown."""
    page.goto(links.new_execution(machines.make(ECHO)))
    page.get_by_label("Input", exact=True).fill('{"typed": 1}')
    page.get_by_label("Name").fill("of-my-own")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Execution of-my-own")).to_be_visible()
    expect(page.get_by_label("Output", exact=True)).to_contain_text('"typed": 1')


def test_what_is_no_json_is_told_as_it_is_typed(page: Page, machines: Machines) -> None:
    """With line and column; it is not sent. What was typed stays, whatever the page draws."""
    machine = machines.make(ECHO)
    page.goto(links.new_execution(machine))
    field = page.get_by_label("Input", exact=True)
    field.fill('{"a": 1,\n "b"}')
    expect(page.get_by_text("Expecting ':' delimiter (line 2, column 5)")).to_be_visible()
    assert [] == violations(page)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="It was not started")).to_be_visible()
    expect(field).to_have_value('{"a": 1,\n "b"}')
    assert [] == machines.executions(machine)
    field.fill("[]")
    expect(page.get_by_text("✓ JSON")).to_be_visible()


def test_inputs_of_before_are_offered(page: Page, machines: Machines) -> None:
    """The latest first, each once; the one that is chosen stands in the field, as often as that."""
    machine = machines.make(ECHO)
    for given in ({"n": 1}, {"n": 2}, {"n": 2}):
        machines.run(machine, given)
    page.goto(links.new_execution(machine))
    used = page.get_by_label("Inputs used before")
    expect(used.get_by_role("option")).to_have_text(["choose one", '{"n": 2}', '{"n": 1}'])
    field = page.get_by_label("Input", exact=True)
    expect(field).to_have_value('{\n  "n": 2\n}')
    used.select_option("1")
    expect(field).to_have_value('{\n  "n": 1\n}')
    field.fill("{}")
    used.select_option("0")
    used.select_option("1")
    expect(field).to_have_value('{\n  "n": 1\n}')


def test_an_execution_is_run_with_another_input(page: Page, machines: Machines) -> None:
    """From its page, with its own input to begin with."""
    machine = machines.make(ECHO)
    seen = machines.run(machine, {"n": 1})
    machines.run(machine, {"n": 2})
    page.goto(f"/executions/{seen.arn}")
    page.get_by_role("link", name="Run with another input").click()
    expect(page.get_by_label("Input", exact=True)).to_have_value('{\n  "n": 1\n}')


def test_an_express_machine_shows_its_answer(page: Page, machines: Machines) -> None:
    """And what it was given from here is offered again."""
    machine = machines.make(ECHO, type="EXPRESS")
    page.goto(links.new_execution(machine))
    page.get_by_label("Input", exact=True).fill('{"typed": 1}')
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_label("Output", exact=True)).to_contain_text('"typed": 1')
    expect(page.get_by_text("keeps no history")).to_be_visible()
    assert [] == violations(page)
    page.reload()
    expect(page.get_by_label("Inputs used before")).to_contain_text('{"typed": 1}')


def test_an_express_machine_that_fails_says_why(page: Page, machines: Machines) -> None:
    """Its error and cause are in the answer."""
    page.goto(links.new_execution(machines.make(BROKEN, type="EXPRESS")))
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Bad: why")).to_be_visible()


def test_a_machine_that_is_gone_is_named(page: Page) -> None:
    """With those that there are."""
    page.goto(links.new_execution("arn:gone"))
    expect(page.get_by_text("there is no state machine arn:gone")).to_be_visible()
