"""What strangers write is shown as text: keys, causes, log lines, names of states."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from testbed import names
from tests.browser.conftest import Console, start_console, stop_console
from tests.e2e.client import Client, png
from tests.support.testbeds import ProvisionedTestbed

# Markup, an entity, and the ends of a comment and of a CDATA section.
MARKUP = "<img src=x onerror='window.ran = 1'> &lt; --> ]]>"
# With the other quote too, which Chromium does not send in the name of a file.
QUOTED = f'"{MARKUP}"'
SENT, REFUSED = f"!{MARKUP}.png", f"no image {MARKUP}.png"
KEY, MISSING, STATE = f"!{QUOTED}.png", f"missing {QUOTED}.png", f"Fail {QUOTED}"


@pytest.fixture
def marked(private_testbed: ProvisionedTestbed, tmp_path: Path) -> Iterator[Console]:
    """A console of a testbed in which everything that can bear markup bears it."""
    aws, outputs = private_testbed.aws, private_testbed.outputs
    aws.s3.put_object(Bucket=outputs.original_bucket, Key=KEY, Body=png())
    arn = outputs.state_machine_arn
    deployed = aws.stepfunctions.describe_state_machine(stateMachineArn=arn)
    machine = json.loads(deployed["definition"])
    machine["States"]["FailState"] |= {"Error": QUOTED, "Cause": QUOTED}
    definition = json.dumps(machine).replace('"FailState"', json.dumps(STATE))
    aws.stepfunctions.update_state_machine(stateMachineArn=arn, definition=definition)
    function = outputs.function_name
    known = aws.lambda_.get_function_configuration(FunctionName=function)["Environment"]
    variables = known["Variables"] | {"TITLE": QUOTED}
    aws.lambda_.update_function_configuration(
        FunctionName=function, Environment={"Variables": variables}
    )
    client = Client(private_testbed)
    client.run(KEY)
    client.run(MISSING)
    console = start_console(private_testbed, tmp_path / "console.log")
    yield console
    stop_console(console)


def test_markup_is_text_on_every_page(marked: Console, browser: Browser, tmp_path: Path) -> None:
    """It is read as it was written; nothing of it becomes an element, nothing of it runs."""
    page = browser.new_page(base_url=marked.url)
    looks = (refused_run, run, failed_execution, execution, executions, objects, resources, wrong)
    for look in looks:
        look(page, tmp_path)
        assert 0 == page.locator("img[src=x]").count(), look
        assert page.evaluate("() => window.ran === undefined"), look
    page.close()


def send(page: Page, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    page.goto("/")
    page.get_by_label("one of your own").set_input_files(path)
    expect(page.get_by_role("status").get_by_text(path.name)).to_be_visible()
    page.get_by_role("button", name="Send").click()


def refused_run(page: Page, folder: Path) -> None:
    """The key in the request and the graph's state; code and cause where they arose."""
    send(page, folder / REFUSED, b"no image" * 40)
    function = page.locator("[data-station=FUNCTION]")
    expect(function.get_by_role("alert")).to_contain_text(QUOTED)
    expect(page.get_by_label("Request", exact=True)).to_contain_text(json.dumps(REFUSED))


def run(page: Page, folder: Path) -> None:
    """The key below S3 and both pictures."""
    send(page, folder / SENT, png())
    expect(page.get_by_role("heading", name="Before and after")).to_be_visible()
    expect(page.get_by_text(f"s3://{names.ORIGINAL_BUCKET}/{SENT}", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name=f"Before: {SENT}")).to_be_visible()


def failed_execution(page: Page, _: Path) -> None:
    """Cause, event, log line, bar and state; the state is chosen by its very name."""
    page.goto("/executions")
    page.get_by_role("link", name=MISSING).click()
    for shown in (".banner", ".gantt", "table", ".log"):
        expect(page.locator(shown).last).to_contain_text("<img src=x")
    page.locator("svg.asl [data-state]").last.click()
    expect(page.get_by_role("heading", name=STATE)).to_be_visible()


def execution(page: Page, _: Path) -> None:
    """Input, output, and what was read and written."""
    page.goto("/executions")
    page.get_by_role("link", name=KEY).click()
    expect(page.get_by_label("Input", exact=True)).to_contain_text(json.dumps(KEY))
    expect(page.get_by_text(f"s3://{names.ORIGINAL_BUCKET}/{KEY}")).to_be_visible()


def executions(page: Page, _: Path) -> None:
    """The key in the list."""
    page.goto("/executions")
    expect(page.get_by_text(KEY, exact=True)).to_be_visible()


def objects(page: Page, _: Path) -> None:
    """The key of an object, and the question before it is deleted."""
    page.goto("/objects")
    expect(page.get_by_text(KEY, exact=True)).to_be_visible()
    page.get_by_role("button", name=f"Delete {KEY}").click()
    expect(page.get_by_role("heading", name=f"Delete {KEY}?")).to_be_visible()


def resources(page: Page, _: Path) -> None:
    """The definition, its graph, and the function's environment variables."""
    page.goto("/resources")
    page.get_by_text("Environment variables").click()
    expect(page.get_by_label("Environment variables")).to_contain_text(json.dumps(QUOTED))
    expect(page.locator("svg.asl")).to_contain_text("<img src=x")
    page.get_by_text("Definition (Amazon States Language)").click()
    expect(page.get_by_label("Definition")).to_contain_text(json.dumps(STATE))


def wrong(page: Page, _: Path) -> None:
    """Code and cause of what was not refused as it should be."""
    page.goto("/wrong")
    page.get_by_role("button", name="Try: Unknown key").click()
    expect(page.get_by_text(f"Lambda refuses it: {QUOTED}")).to_be_visible()
    expect(page.get_by_text(QUOTED, exact=True)).to_be_visible()
