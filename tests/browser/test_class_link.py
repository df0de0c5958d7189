"""The link for a class: closed unless asked for, and then to look on alone."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Console, start_console, stop_console, violations
from tests.e2e.client import Client, png
from tests.support.testbeds import ProvisionedTestbed

# Another address of this machine's loopback, as another one of a network would be.
SHARED = "127.0.0.2"


def listening(console: Console) -> set[str]:
    """The addresses on which the console's process listens."""
    found = psutil.Process(console.process.pid).net_connections("inet")
    return {one.laddr.ip for one in found if one.status == psutil.CONN_LISTEN}


@pytest.fixture(scope="module")
def shared(
    testbed: ProvisionedTestbed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    """A console whose class may look on."""
    log = tmp_path_factory.mktemp("shared") / "console.log"
    started = start_console(testbed, log, CONSOLE_SHARE=SHARED)
    yield started
    stop_console(started)


@pytest.fixture(scope="module")
def link(shared: Console, browser: Browser) -> str:
    """As the teacher's page shows it."""
    page = browser.new_page(base_url=shared.url)
    page.goto("/class")
    shown = page.get_by_role("link", name=f"http://{SHARED}:")
    found = shown.get_attribute("href")
    page.close()
    assert found is not None
    return found


def ask(link: str, method: str, path: str, **headers: str) -> tuple[int, str]:
    """Status and body, from the shared address; *path* is below its root."""
    host = link.split("/")[2]
    connection = http.client.HTTPConnection(host, timeout=20)
    body = json.dumps({"files": []}) if method == "POST" else None
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, text


def test_nothing_listens_elsewhere_by_default(console: Console, page: Page) -> None:
    """127.0.0.1 alone; the page says so, and how to open it."""
    assert {"127.0.0.1"} == listening(console)
    page.goto("/class")
    expect(page.get_by_role("heading", name="Nothing is open")).to_be_visible()
    expect(page.get_by_text("make console CONSOLE_SHARE=")).to_be_visible()
    assert [] == violations(page)


def test_the_teacher_sees_what_is_open_and_a_code(shared: Console, browser: Browser) -> None:
    """Address, link, QR code; to whom, and what it is not."""
    assert {"127.0.0.1", SHARED} == listening(shared)
    page = browser.new_page(base_url=shared.url)
    page.goto("/class")
    expect(page.get_by_role("heading", name=f"Open on {SHARED}")).to_be_visible()
    code = page.get_by_role("img", name="QR code of the link").locator("svg")
    expect(code).to_be_visible()
    width, height, drawn = code.evaluate(
        "svg => [svg, svg, svg.lastElementChild].map((one, n) => "
        "one.getBoundingClientRect()[n === 1 ? 'height' : 'width'])"
    )
    assert abs(width - height) < 1  # and nothing of it is empty but the border of four modules
    assert drawn > 0.78 * width
    expect(page.get_by_text("It is not encrypted")).to_be_visible()
    assert [] == violations(page)
    page.close()


def test_a_student_looks_on(shared: Console, browser: Browser, link: str) -> None:
    """The list, an execution with what it was about, and the latest one."""
    client = Client(shared.testbed)
    key = client.key("class.png")
    client.upload(key, png())
    name = client.run(key).arn.rpartition(":")[2]
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    assert [] == violations(page)
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=f"Trace of {name}")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(key)
    page.goto(f"{link}latest")
    expect(page.get_by_role("heading", name=f"Trace of {name}")).to_be_visible()
    context.close()
    client.clean()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_changed_there(link: str, method: str) -> None:
    """Whatever the path: that of a page, or of the console's own."""
    path = "/" + link.split("/", 3)[3]
    for asked in (path, "/batches/batch-00000000/files", "/"):
        assert 405 == ask(link, method, asked)[0]


@pytest.mark.parametrize(
    "path", ["/", "/executions", "/_nicegui_ws/socket.io/?EIO=4&transport=polling", "/objects"]
)
def test_the_consoles_own_pages_are_not_there(link: str, path: str) -> None:
    """Neither those nor what they talk through."""
    assert 404 == ask(link, "GET", path)[0]


def test_without_the_secret_or_under_another_name_nothing_is_there(link: str) -> None:
    """A guess is not told from a page that never was; a name that is pointed here is refused."""
    assert 404 == ask(link, "GET", "/wrong-secret/")[0]
    path = "/" + link.split("/", 3)[3]
    assert 200 == ask(link, "GET", path)[0]
    assert 400 == ask(link, "GET", path, Host="evil.example")[0]
    assert 404 == ask(link, "GET", f"{path}executions/no-such-execution")[0]


def test_the_console_itself_does_not_answer_to_the_other_address(shared: Console) -> None:
    """Its guards are as they were."""
    host = shared.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("GET", "/", headers={"Host": f"{SHARED}:1"})
    assert 400 == connection.getresponse().status
    connection.close()
