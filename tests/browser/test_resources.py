"""The page Resources."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Page, expect

from testbed import names
from tests.browser.conftest import Console
from tests.support import functions

COMPUTING = """
    import time
    def handler(event, context):
        end = time.process_time() + 0.5
        while time.process_time() < end:
            pass
"""


def test_everything_provisioned_is_described(page: Page, console: Console) -> None:
    """With what defines it: the ASL and its graph, the mapping template, the policies."""
    page.goto("/resources")
    for name in (
        "Testbed",
        f"API {names.API}",
        f"State machine {names.STATE_MACHINE}",
        f"Function {names.FUNCTION}",
        f"Bucket {names.ORIGINAL_BUCKET}",
        f"Bucket {names.RESIZED_BUCKET}",
        f"Role {names.FUNCTION_ROLE}",
    ):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_text("Mapping template for application/json").click()
    template = page.get_by_label("Mapping template for application/json")
    expect(template).to_contain_text("$util.escapeJavaScript")
    page.get_by_text("Definition (Amazon States Language)").click()
    expect(page.get_by_label("Definition")).to_contain_text('"StartAt": "ResizeImage"')
    expect(page.locator("svg.asl [data-state]")).to_have_count(4)
    page.get_by_text("Policy permissions").last.click()
    expect(page.get_by_label("Policy permissions").last).to_contain_text("s3:GetObject")


def test_who_waits_for_an_environment_is_told(page: Page, console: Console) -> None:
    """While more is asked of Lambda than the machine bears, the header says how many wait."""
    aws = console.testbed.aws
    name = functions.make(aws, COMPUTING, Timeout=60)
    page.goto("/resources")
    expect(page.get_by_text("0 at work")).to_be_visible()
    told = page.get_by_text(re.compile(r"^[1-9]\d* waiting$"))
    expect(told).to_be_hidden()
    with ThreadPoolExecutor(40) as pool:
        answers = [pool.submit(functions.invoke, aws, name) for _ in range(40)]
        expect(told).to_be_visible()
        assert {None} == {answer.result().error for answer in answers}
    expect(told).to_be_hidden()
    aws.lambda_.delete_function(FunctionName=name)


def test_a_command_is_shown_and_copied(page: Page, console: Console) -> None:
    """What is shown is what a shell takes."""
    page.goto("/resources")
    machine = page.locator("section").filter(has_text=f"State machine {names.STATE_MACHINE}")
    machine.get_by_text("Show me the command").click()
    machine.get_by_role("button", name="Copy the command awslocal").click()
    expect(machine.get_by_role("button").get_by_text("Copied")).to_be_visible()
    arn = console.testbed.outputs.state_machine_arn
    expected = f"awslocal stepfunctions describe-state-machine --state-machine-arn {arn}"
    assert expected == page.evaluate("() => navigator.clipboard.readText()")
