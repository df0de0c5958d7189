"""The pages Executions and one execution."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from testbed import waiting
from tests.browser.conftest import Console, start_console, stop_console, violations
from tests.e2e.client import Client, png
from tests.support.testbeds import ProvisionedTestbed

PASS = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}


@pytest.fixture
def client(console: Console) -> Iterator[Client]:
    made = Client(console.testbed)
    yield made
    made.clean()


def succeeded(client: Client) -> str:
    """The name of an execution that went well."""
    key = client.key("a.png")
    client.upload(key, png())
    return client.run(key).arn.rpartition(":")[2]


def failed(client: Client) -> str:
    return client.run(client.key("missing.png")).arn.rpartition(":")[2]


def test_the_list_is_filtered_and_searched(page: Page, client: Client) -> None:
    """By status, and by name or key; each line leads to its execution."""
    good, bad = succeeded(client), failed(client)
    page.goto("/executions")
    expect(page.get_by_role("link", name=good)).to_be_visible()
    page.get_by_role("button", name="Failed").click()
    expect(page.get_by_role("link", name=good)).to_be_hidden()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=bad))
    expect(row).to_contain_text("NOT_FOUND")
    page.get_by_role("button", name="All").click()
    page.get_by_label("Search by name or key").fill(client.key("a.png"))
    expect(page.get_by_role("link", name=bad)).to_be_hidden()
    page.get_by_role("link", name=good).click()
    expect(page.get_by_role("heading", name=f"Execution {good}")).to_be_visible()


def test_the_list_is_live(page: Page, client: Client) -> None:
    """What starts meanwhile appears by itself."""
    page.goto("/executions")
    expect(page.get_by_text(re.compile(r"\d+ executions, page"))).to_be_visible()
    expect(page.get_by_role("link", name=failed(client))).to_be_visible()


def test_a_search_without_result_says_what_to_do(page: Page) -> None:
    """An empty state is no dead end."""
    page.goto("/executions")
    page.get_by_label("Search by name or key").fill(uuid.uuid4().hex)
    expect(page.get_by_role("heading", name="No execution to show")).to_be_visible()


def test_the_graph_stays_in_view(browser: Browser, console: Console, client: Client) -> None:
    """Beside a long column of a state it is there still, when that is read to its end."""
    page = browser.new_page(base_url=console.url, viewport={"width": 1280, "height": 700})
    page.goto(f"/executions/{succeeded(client)}")
    last = page.get_by_label("Log lines").get_by_role("listitem").last
    expect(last).to_be_visible()
    page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
    last.scroll_into_view_if_needed()
    graph = page.locator("svg.asl")
    expect(graph).to_be_in_viewport()
    page.close()


def test_times_say_their_zone(page: Page, client: Client) -> None:
    """In the list, on an execution's page and at each object, for people and for machines."""
    name = succeeded(client)
    for address in ("/executions", f"/executions/{name}", "/objects"):
        page.goto(address)
        shown = page.locator("time").first
        expect(shown).to_have_text(re.compile(r"\d{4}-\d\d-\d\d\s?\d\d:\d\d:\d\d UTC"))
        expect(shown).to_have_attribute("datetime", re.compile(r"^\d{4}-.*T.*Z$"))


def test_an_execution_is_told_whole(page: Page, client: Client) -> None:
    """Graph, timeline, events, input and output, and the log lines of this very invocation."""
    page.goto(f"/executions/{succeeded(client)}")
    graph = page.locator("svg.asl")
    expect(graph.locator(".state.SUCCEEDED")).to_have_count(3)
    expect(page.get_by_label("Log lines").get_by_role("listitem").last).to_contain_text("REPORT")
    expect(page.locator(".gantt li")).to_have_count(3)
    events = page.get_by_role("table", name="Events").get_by_role("row")
    expect(events).to_have_count(12)
    scheduled = events.filter(has_text="TaskScheduled")
    expect(scheduled).to_contain_text("ResizeImage")
    scheduled.get_by_text("TaskScheduled").click()
    expect(scheduled.get_by_text('"resource": "invoke"')).to_be_visible()
    expect(page.get_by_label("Input", exact=True)).to_contain_text(client.key("a.png"))
    expect(page.get_by_text("GetObject")).to_be_visible()
    expect(page.get_by_text("PutObject")).to_be_visible()


def test_a_state_is_chosen_by_mouse_or_keyboard(page: Page, client: Client) -> None:
    """The graph is a set of buttons."""
    page.goto(f"/executions/{failed(client)}")
    expect(page.get_by_text("A refusal, no crash")).to_be_visible()
    page.get_by_role("button", name="FailState").click()
    expect(page.get_by_role("heading", name="FailState")).to_be_visible()
    expect(page.get_by_text("NOT_FOUND:")).to_be_visible()
    page.get_by_role("button", name="WasResizeSuccessful").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="WasResizeSuccessful")).to_be_visible()


def test_it_can_be_run_again_and_shared(page: Page, client: Client) -> None:
    """The same input once more; the address is what is copied."""
    name = succeeded(client)
    page.goto(f"/executions/{name}")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.url == page.evaluate("() => navigator.clipboard.readText()")
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_role("heading", name=re.compile("^Execution "))).not_to_contain_text(name)
    expect(page.get_by_label("Input", exact=True)).to_contain_text(client.key("a.png"))


def test_a_trace_is_downloaded(page: Page, client: Client, tmp_path: Path) -> None:
    """As a page that needs nothing else, and as JSON."""
    name = succeeded(client)
    page.goto(f"/executions/{name}")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Trace as a page").click()
    saved.value.save_as(tmp_path / "trace.html")
    whole = (tmp_path / "trace.html").read_text()
    assert name in whole
    assert "http://www.w3.org" not in re.sub(r"<script.*", "", whole)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Trace as JSON").click()
    saved.value.save_as(tmp_path / "trace.json")
    assert name == json.loads((tmp_path / "trace.json").read_text())["execution"]["name"]


def test_an_unknown_execution_leads_back(page: Page) -> None:
    """A link to an execution of another testbed is no error page."""
    page.goto("/executions/no-such-name")
    expect(page.get_by_role("heading", name="This execution is not here")).to_be_visible()
    page.get_by_role("link", name="All executions").click()
    expect(page.get_by_role("heading", name="Executions")).to_be_visible()


def test_retries_are_seen_as_they_happen(
    private_testbed: ProvisionedTestbed, browser: Browser, tmp_path: Path
) -> None:
    """While Lambda throttles, each try is a bar of its own; when it does not any more, all ends."""
    client = Client(private_testbed)
    lambda_, name = private_testbed.aws.lambda_, private_testbed.outputs.function_name
    key = client.key("a.png")
    client.upload(key, png())
    have_it_retry(private_testbed)
    lambda_.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    execution = client.start(json.dumps({"key": key})).rpartition(":")[2]
    console = start_console(private_testbed, tmp_path / "console.log")
    try:
        page = browser.new_page(base_url=console.url)
        page.goto(f"/executions/{execution}")
        bars = page.locator(".gantt li")
        expect(bars.get_by_text("attempt 2: Lambda.TooManyRequestsException")).to_be_visible()
        expect(bars.get_by_text("attempt 1: Lambda.TooManyRequestsException")).to_be_visible()
        expect(bars.get_by_text("wait for attempt 2")).to_be_visible()
        started = page.get_by_role("row").filter(has_text="ExecutionStarted").first
        started.get_by_text("ExecutionStarted").click()
        page.get_by_text("Show me the command").first.click()
        expect(page.locator("[data-state=ResizeImage]")).to_have_class(re.compile("RUNNING"))
        run = browser.new_page(base_url=console.url)
        run.goto("/")
        run.get_by_role("button", name="Send").click()
        function = run.locator("[data-station=FUNCTION]")
        expect(function).to_have_attribute("data-status", "retrying")
        lambda_.delete_function_concurrency(FunctionName=name)
        expect(page.locator("[data-state=SuccessState]")).to_have_class(re.compile("SUCCEEDED"))
        # What was opened while it ran is open now, though all was drawn anew.
        expect(started.get_by_text('"roleArn"')).to_be_visible()
        expect(page.get_by_text("describe-execution").first).to_be_visible()
        expect(page.get_by_label("Log lines")).to_have_count(1)
        expect(page.get_by_role("heading", name="Attempt 1 ·")).to_be_visible()
        expect(function).to_have_attribute("data-status", "done", timeout=30_000)
        run.close()
        page.close()
    finally:
        stop_console(console)


def have_it_retry(place: ProvisionedTestbed) -> None:
    """Every second and for a minute, so that a slow machine does not end it before it is seen."""
    sfn, arn = place.aws.stepfunctions, place.outputs.state_machine_arn
    machine = json.loads(sfn.describe_state_machine(stateMachineArn=arn)["definition"])
    machine["States"]["ResizeImage"]["Retry"] = [
        {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 60}
    ]
    sfn.update_state_machine(stateMachineArn=arn, definition=json.dumps(machine))


def test_a_thousand_are_listed_within_a_second(
    private_testbed: ProvisionedTestbed, browser: Browser, tmp_path: Path
) -> None:
    """From the address to the rows; later pages and the search are as quick."""
    start_a_thousand(private_testbed)
    console = start_console(private_testbed, tmp_path / "console.log")
    try:
        page = browser.new_page(base_url=console.url)
        page.goto("/resources")  # the browser has the console's own files after this
        expect(page.get_by_text("10 things")).to_be_visible()
        started = time.monotonic()
        page.goto("/executions")
        expect(page.get_by_text("1,000 executions, page 1 of 40")).to_be_visible()
        expect(page.locator("tbody tr")).to_have_count(25)
        took_s = time.monotonic() - started
        page.get_by_role("button", name="Earlier").click()
        expect(page.get_by_text("page 2 of 40")).to_be_visible()
        assert [] == violations(page)
        page.close()
    finally:
        stop_console(console)
    print(f"a thousand executions: {took_s:.2f} s")
    assert took_s < 1


def start_a_thousand(place: ProvisionedTestbed) -> None:
    """Executions that only pass, for they are to be listed."""
    sfn, arn = place.aws.stepfunctions, place.outputs.state_machine_arn
    sfn.update_state_machine(stateMachineArn=arn, definition=json.dumps(PASS))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: sfn.start_execution(stateMachineArn=arn), range(1000)))

    def ended() -> tuple[bool | None, str]:
        running = sfn.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]
        return (None if running else True), f"{len(running)} run"

    waiting.until(ended, "the end of a thousand executions", timeout_s=60, interval_s=0.5)


def test_a_failed_one_is_redriven(page: Page, client: Client) -> None:
    """It goes on under the same name, live; its Fail state fails again, as on AWS."""
    name = failed(client)
    page.goto(f"/executions/{name}")
    events = page.get_by_role("table", name="Events").get_by_role("row")
    expect(events.last).to_contain_text("ExecutionFailed")
    expect(page.get_by_text("redriven")).to_have_count(0)
    page.get_by_role("button", name="Redrive").click()
    expect(page.get_by_text("redriven once")).to_be_visible()
    expect(events.filter(has_text="ExecutionRedriven")).to_have_count(1)
    expect(events.last).to_contain_text("ExecutionFailed")
    page.get_by_role("button", name="Redrive").click()
    expect(page.get_by_text("redriven twice")).to_be_visible()
    assert [] == violations(page)


def test_one_that_succeeded_cannot_be_redriven(page: Page, client: Client) -> None:
    """There is no button that the testbed would refuse."""
    page.goto(f"/executions/{succeeded(client)}")
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    expect(page.get_by_role("button", name="Redrive")).to_have_count(0)
