"""Pages of somebody else's, in a real browser, against the emulator and the console.

Each attack is made twice: on an emulator without its guard, where it must succeed, so that it is an
attack, and on one as it comes. TARGET=docker makes them on containers.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from dev import chromium
from targets.docker import container
from tests.browser.conftest import STEP_MS, Console
from tests.conftest import started
from tests.support import functions, rest_api, website
from tests.support.testbeds import ProvisionedTestbed
from tests.support.website import Website

EVIL, APP, REBOUND = "evil.example", "app.example", "rebound.example"
DONE = "document.title = 'done'"
# A function that can only be run by whoever made it.
CODE = "def handler(event, context):\n    return 'ran on this machine'\n"


@pytest.fixture(scope="module")
def site() -> Iterator[Website]:
    with website.serving() as served:
        yield served


@dataclasses.dataclass(frozen=True)
class Victim:
    """A testbed, whether it is guarded, and the browser of its developer."""

    place: ProvisionedTestbed
    guarded: bool
    browser: Browser


@pytest.fixture(scope="module", params=["guarded", "open"])
def victim(
    request: pytest.FixtureRequest,
    playwright: Playwright,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Victim]:
    guarded = request.param == "guarded"
    switch = {} if guarded else {"STANDALONE_ORIGIN_GUARD": "off"}
    for place in started(tmp_path_factory.mktemp("victim"), **switch):
        browser = chromium.launch(playwright, *arguments(place))
        yield Victim(place, guarded, browser)
        browser.close()


def at(place: ProvisionedTestbed, name: str = "localhost") -> str:
    """Base URL of *place* in its developer's browser.

    LocalStack trusts pages from the port that it listens on, a container's usually published as
    the same.
    """
    port = container.PORT if place.outputs.target == "docker" else urlsplit(place.endpoint).port
    return f"http://{name}:{port}"


def arguments(place: ProvisionedTestbed) -> list[str]:
    """For a browser that finds *place* under its names, and strangers on this machine."""
    names = [
        f"MAP {urlsplit(at(place, name)).netloc} {urlsplit(place.endpoint).netloc}"
        for name in ("localhost", REBOUND)
    ]
    names += [f"MAP {name} 127.0.0.1" for name in (EVIL, APP)]
    return [
        f"--host-resolver-rules={', '.join(names)}",
        # Chromium's own help, which others do not have, and a visitor can click away.
        "--disable-features=LocalNetworkAccessChecks",
    ]


as_it_comes = pytest.mark.parametrize("victim", ["guarded"], indirect=True)


@pytest.fixture
def tab(victim: Victim) -> Iterator[Page]:
    context = victim.browser.new_context()
    context.set_default_timeout(STEP_MS)
    yield context.new_page()
    context.close()


def has(place: ProvisionedTestbed, key: str) -> bool:
    listed = place.aws.s3.list_objects_v2(Bucket=place.outputs.original_bucket, Prefix=key)
    return listed["KeyCount"] == 1


def upload_form(place: ProvisionedTestbed, key: str, content: str) -> str:
    """A page that has its visitor's browser upload *content* and open it."""
    bucket = f"{at(place)}/{place.outputs.original_bucket}"
    return f"""
        <form method=post enctype=multipart/form-data action="{bucket}">
          <input name=key value="{key}"><input name=Content-Type value=text/html>
          <input name=success_action_redirect value="{bucket}/{key}"><input type=file name=file>
        </form>
        <script>
          const content = {json.dumps(content).replace("</", "<\\/")}
          const files = new DataTransfer()
          files.items.add(new File([content], 'x.html', {{type: 'text/html'}}))
          document.querySelector('[type=file]').files = files.files
          document.forms[0].submit()
        </script>"""


def run_function(name: str) -> str:
    """A page that makes a function on its own origin, runs it, and shows what that gave."""
    made = {
        "FunctionName": name,
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "Role": functions.ROLE,
        "Code": {"ZipFile": base64.b64encode(functions.zipped(CODE)).decode()},
    }
    return f"""<p>not run</p><script>(async () => {{
        const where = '/2015-03-31/functions'
        await fetch(where, {{method: 'POST', body: {json.dumps(json.dumps(made))}}})
        for (let left = 100; left; left--) {{
            const answer = await fetch(where + '/{name}/invocations', {{method: 'POST'}})
            if (answer.ok) {{ document.body.textContent = await answer.text(); break }}
            await new Promise(resolve => setTimeout(resolve, 100))
        }}
    }})()</script>"""


def test_a_visit_runs_no_code(victim: Victim, tab: Page, site: Website) -> None:
    """A form uploads a page, the page opens, its script makes a function and runs it."""
    place, guarded = victim.place, victim.guarded
    name = f"evil-{uuid.uuid4().hex[:8]}"
    page = upload_form(place, f"{name}.html", run_function(name))
    tab.goto(site.put("form.html", page, host=EVIL))
    tab.wait_for_url(f"{at(place)}/**")
    said = "may not use this emulator" if guarded else "ran on this machine"
    expect(tab.locator("body")).to_contain_text(said)
    assert guarded == (not has(place, f"{name}.html"))


def test_a_stored_page_runs_nothing(victim: Victim, tab: Page) -> None:
    """However it got there: opened by its address, it has no origin and no script."""
    place, guarded = victim.place, victim.guarded
    name = f"stored-{uuid.uuid4().hex[:8]}"
    place.aws.s3.put_object(
        Bucket=place.outputs.original_bucket,
        Key=f"{name}.html",
        Body=run_function(name).encode(),
        ContentType="text/html",
    )
    tab.goto(f"{at(place)}/{place.outputs.original_bucket}/{name}.html")
    expect(tab.locator("body")).to_contain_text("not run" if guarded else "ran on this machine")


def deletion(place: ProvisionedTestbed, key: str) -> str:
    """Script that deletes *key* in a request that a browser sends without asking."""
    body = f"<Delete><Object><Key>{key}</Key></Object></Delete>"
    target = f"{at(place)}/{place.outputs.original_bucket}?delete"
    sent = f"{{method: 'POST', mode: 'no-cors', body: {json.dumps(body)}}}"
    return f"fetch('{target}', {sent})".replace("</", "<\\/")


def from_script(place: ProvisionedTestbed, key: str) -> str:
    return f"<script>{deletion(place, key)}.finally(() => {DONE})</script>"


def framed(place: ProvisionedTestbed, key: str, attribute: str) -> str:
    """The same from a frame of no origin (``Origin: null``)."""
    told = f"<script>{deletion(place, key)}.finally(() => parent.postMessage('', '*'))</script>"
    frame = {"srcdoc": f"f.sandbox = 'allow-scripts'; f.srcdoc = {json.dumps(told)}"}.get(
        attribute, f"f.src = 'data:text/html,' + encodeURIComponent({json.dumps(told)})"
    )
    safe = frame.replace("</", "<\\/")
    return f"""<iframe></iframe><script>
        const f = document.querySelector('iframe'); {safe}
        onmessage = () => {DONE}</script>"""


DELETIONS: dict[str, tuple[str, Callable[[ProvisionedTestbed, str], str]]] = {
    "a script": (EVIL, from_script),
    "a page on another port": ("localhost", from_script),
    "a sandboxed frame": (EVIL, lambda place, key: framed(place, key, "srcdoc")),
    "a data: frame": (EVIL, lambda place, key: framed(place, key, "src")),
}


@pytest.mark.parametrize("attack", DELETIONS)
def test_a_page_deletes_nothing(victim: Victim, tab: Page, site: Website, attack: str) -> None:
    """`POST ?delete` as text needs no permission of the browser's."""
    place, guarded = victim.place, victim.guarded
    key = f"{uuid.uuid4().hex}.png"
    place.aws.s3.put_object(Bucket=place.outputs.original_bucket, Key=key, Body=b"mine")
    host, page = DELETIONS[attack]
    tab.goto(site.put("delete.html", page(place, key), host=host))
    expect(tab).to_have_title("done")
    assert guarded == has(place, key)


def test_an_image_makes_no_user(victim: Victim, tab: Page, site: Website) -> None:
    """`GET /?Action=…` is an operation in an address."""
    place, guarded = victim.place, victim.guarded
    name = f"evil-{uuid.uuid4().hex[:8]}"
    source = f"{at(place)}/?Action=CreateUser&UserName={name}&Version=2010-05-08"
    image = f'<img src="{source}" referrerpolicy=no-referrer onerror="{DONE}" onload="{DONE}">'
    tab.goto(site.put("image.html", image, host=EVIL))
    expect(tab).to_have_title("done")
    made = [user["UserName"] for user in place.aws.iam.list_users()["Users"]]
    assert guarded == (name not in made)


def test_a_rebound_name_reads_nothing(victim: Victim, tab: Page) -> None:
    """A page whose name points here meanwhile is of one origin with the emulator."""
    place, guarded = victim.place, victim.guarded
    base = at(place, REBOUND)
    script = (
        "<script>fetch('/2015-03-31/functions', {referrerPolicy: 'no-referrer'})"
        ".then(answer => answer.text()).then(text => document.body.textContent = text)</script>"
    )
    # Its first visit was answered by somebody else.
    tab.route(
        f"{base}/first.html",
        lambda route: route.fulfill(body=f"<body>{script}", content_type="text/html"),
    )
    tab.goto(f"{base}/first.html")
    said = "is no name of this emulator" if guarded else '"Functions"'
    expect(tab.locator("body")).to_contain_text(said)
    tab.goto(f"{base}/{place.outputs.original_bucket}")
    said = "is no name of this emulator" if guarded else "ListBucketResult"
    expect(tab.locator("body")).to_contain_text(said)


@as_it_comes
def test_a_presigned_address_opens(victim: Victim, tab: Page) -> None:
    """In the address bar, and again when it is loaded anew; under either name."""
    place = victim.place
    s3, bucket = place.aws.s3, place.outputs.original_bucket
    s3.put_object(Bucket=bucket, Key="a.txt", Body=b"a presigned hello", ContentType="text/plain")
    url = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "a.txt"})
    tab.goto(url)
    expect(tab.locator("body")).to_have_text("a presigned hello")
    again = tab.reload()
    assert again is not None
    assert 200 == again.status
    tab.goto(f"{at(place)}/{bucket}/a.txt")
    expect(tab.locator("body")).to_have_text("a presigned hello")


def show(url: str, options: str = "{}") -> str:
    """A page that shows what *url* gives it."""
    return f"""<body><script>fetch('{url}', {options}).then(answer => answer.text())
        .then(text => document.body.textContent = text, error => document.body.textContent = error)
        </script>"""


@as_it_comes
def test_an_own_page_calls_an_api_that_allows_it(victim: Victim, tab: Page, site: Website) -> None:
    """With a preflight and without; a page that the API does not name gets nothing."""
    place = victim.place
    target = rest_api.make(place.aws, f"http://{APP}:{site.port}", answer="hello from the API")
    url = f"{at(place)}{target}"
    for media_type in ("application/json", "text/plain"):
        options = f"{{method: 'POST', body: '{{}}', headers: {{'Content-Type': '{media_type}'}}}}"
        tab.goto(site.put("app.html", show(url, options), host=APP))
        expect(tab.locator("body")).to_contain_text("hello from the API")
        tab.goto(site.put("app.html", show(url, options), host=EVIL))
        expect(tab.locator("body")).to_contain_text("Failed to fetch")


@as_it_comes
def test_an_own_page_reads_a_bucket_that_allows_it(
    victim: Victim, tab: Page, site: Website
) -> None:
    """And another page does not."""
    place = victim.place
    s3, bucket = place.aws.s3, f"cors-{uuid.uuid4().hex}"
    s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
    )
    s3.put_object(Bucket=bucket, Key="a.txt", Body=b"hello from S3")
    rule = {"AllowedOrigins": [f"http://{APP}:{site.port}"], "AllowedMethods": ["GET"]}
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})  # type: ignore[list-item]  # it is one
    page = show(f"{at(place)}/{bucket}/a.txt", "{headers: {Range: 'bytes=0-4'}}")
    tab.goto(site.put("bucket.html", page, host=APP))
    expect(tab.locator("body")).to_have_text("hello")
    tab.goto(site.put("bucket.html", page, host=EVIL))
    expect(tab.locator("body")).to_contain_text("Failed to fetch")


@as_it_comes
def test_the_consoles_websocket_is_its_own(console: Console, tab: Page, site: Website) -> None:
    """A foreign page gets neither its websocket nor its polling, and no permission to read."""
    place = urlsplit(console.url).netloc
    channel = "/_nicegui_ws/socket.io/?EIO=4&transport="
    page = f"""<body><script>
        const socket = new WebSocket('ws://{place}{channel}websocket')
        socket.onopen = () => document.body.textContent = 'open'
        socket.onerror = () => document.body.textContent = 'refused'
        </script>"""
    tab.goto(site.put("socket.html", page, host=EVIL))
    expect(tab.locator("body")).to_have_text("refused")
    answer = tab.request.get(f"{console.url}{channel}polling", headers={"Origin": f"http://{EVIL}"})
    assert (403, None) == (answer.status, answer.headers.get("access-control-allow-origin"))
    own = tab.request.get(f"{console.url}{channel}polling", headers={"Origin": console.url})
    assert 200 == own.status
