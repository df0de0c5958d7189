"""Pages that a person merely visits, in a real browser: what they do to an emulator, and what not."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from emulator import embedded
from testbed.aws import Aws
from tests.browser.conftest import Console
from tests.support import attacks
from tests.support.attacks import BUCKET, EVIL, Pages, Victim


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Pages, Browser]]:
    with attacks.world() as made:
        yield made


@pytest.fixture(scope="module")
def pages(world: tuple[Pages, Browser]) -> Pages:
    return world[0]


@pytest.fixture(scope="module")
def visitor(world: tuple[Pages, Browser]) -> Browser:
    return world[1]


@pytest.fixture(scope="module")
def guarded(
    tmp_path_factory: pytest.TempPathFactory, pages: Pages, visitor: Browser
) -> Iterator[Victim]:
    """An emulator as it is by default."""
    yield from _victim(tmp_path_factory.mktemp("guarded"), pages, visitor)


@pytest.fixture(scope="module")
def unguarded(
    tmp_path_factory: pytest.TempPathFactory, pages: Pages, visitor: Browser
) -> Iterator[Victim]:
    """The same without its guard: what an attack can do where nothing stands before it."""
    yield from _victim(tmp_path_factory.mktemp("unguarded"), pages, visitor, guard="off")


def _victim(
    state_dir: Path, pages: Pages, visitor: Browser, *, guard: str = "on"
) -> Iterator[Victim]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STANDALONE_ORIGIN_GUARD", guard)
        record = embedded.start(state_dir, port=None, tied=True)
    try:
        aws = Aws(endpoint=record.endpoint)
        attacks.prepare(aws)
        yield Victim(aws, record.port, pages, visitor)
    finally:
        embedded.stop(state_dir)


@pytest.mark.parametrize("attack", attacks.ATTACKS, ids=lambda one: one.__name__)
def test_an_attack_is_one_and_fails(
    unguarded: Victim, guarded: Victim, attack: Callable[[Victim], bool]
) -> None:
    """Each reaches its aim without the guard, and not with it."""
    assert attack(unguarded)
    assert not attack(guarded)


def test_a_presigned_address_opens(guarded: Victim) -> None:
    """From the address bar; a script in the object has no say over the emulator."""
    page_in_bucket = b"<title>quiet</title><p>hello<script>document.title = 'ran'</script>"
    guarded.aws.s3.put_object(
        Bucket=BUCKET, Key="page.html", Body=page_in_bucket, ContentType="text/html"
    )
    address = guarded.aws.s3.generate_presigned_url(
        "get_object", Params={"Bucket": BUCKET, "Key": "page.html"}
    )
    page = guarded.browser.new_page()
    answer = page.goto(address)
    assert answer is not None
    assert 200 == answer.status
    assert "hello" == page.inner_text("p")
    assert "quiet" == page.title()
    assert "sandbox" == answer.headers["content-security-policy"]
    assert "nosniff" == answer.headers["x-content-type-options"]
    page.close()


def _fetched(victim: Victim, address: str, options: str = "{}") -> str:
    """What a page of the other origin gets from *address*, or ``refused``."""
    script = f"""<script>fetch("{address}", {options}).then(one => one.text()).then(
      text => document.title = "done " + text, () => document.title = "done refused")</script>"""
    return victim.visited(script)


def test_a_bucket_that_allows_an_origin_is_open_to_it(guarded: Victim) -> None:
    """By its CORS configuration, as on AWS: for that origin and that method."""
    address = f"{guarded.url}/{BUCKET}/victim.txt"
    assert "refused" == _fetched(guarded, address)
    rule = {
        "AllowedOrigins": [f"http://{EVIL}:*"],
        "AllowedMethods": ["GET"],
        "AllowedHeaders": ["*"],
    }
    guarded.aws.s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [rule]})
    try:
        assert "mine" == _fetched(guarded, address)
        assert "refused" == _fetched(guarded, address, '{method: "DELETE"}')
        assert guarded.object_of("victim.txt")
    finally:
        guarded.aws.s3.delete_bucket_cors(Bucket=BUCKET)


def test_an_api_that_allows_an_origin_is_open_to_it(guarded: Victim) -> None:
    """The user's own web page may call the API if the API says so."""
    open_api, closed_api = (_mock_api(guarded.aws, cors=cors) for cors in (True, False))
    base = f"{guarded.url}/_aws/execute-api"
    options = """{method: "POST", headers: {"Content-Type": "application/json"}, body: "{}"}"""
    assert '{"tea": 1}' == _fetched(guarded, f"{base}/{open_api}/prod/tea", options)
    assert "refused" == _fetched(guarded, f"{base}/{closed_api}/prod/tea", options)


def _mock_api(aws: Aws, *, cors: bool) -> str:
    """An API that answers by itself, with or without a method for preflights."""
    api = aws.apigateway
    api_id = api.create_rest_api(name="tea")["id"]
    root = api.get_resources(restApiId=api_id)["items"][0]["id"]
    resource = api.create_resource(restApiId=api_id, parentId=root, pathPart="tea")["id"]
    for method in ("POST", "OPTIONS") if cors else ("POST",):
        at = {"restApiId": api_id, "resourceId": resource, "httpMethod": method}
        headers = {"Origin": "'*'", "Methods": "'POST'", "Headers": "'Content-Type'"}
        named = {
            f"method.response.header.Access-Control-Allow-{name}": value
            for name, value in headers.items()
        }
        api.put_method(**at, authorizationType="NONE")
        api.put_method_response(
            **at, statusCode="200", responseParameters=dict.fromkeys(named, True)
        )
        api.put_integration(
            **at, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
        )
        api.put_integration_response(
            **at,
            statusCode="200",
            responseParameters=named,
            responseTemplates={"application/json": '{"tea": 1}'},
        )
    api.create_deployment(restApiId=api_id, stageName="prod")
    return api_id


WEBSOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport="


def test_the_console_takes_no_websocket_of_another_page(
    console: Console, pages: Pages, visitor: Browser
) -> None:
    """Nor is its polling read, nor the console shown within another page."""
    address = console.url.replace("http", "ws") + WEBSOCKET + "websocket"
    page = visitor.new_page()
    page.goto(
        pages.put(
            f"""<script>const one = new WebSocket("{address}");
            one.onopen = () => document.title = "done open";
            one.onerror = () => document.title = "done refused";</script>"""
        )
    )
    page.wait_for_function("document.title.startsWith('done')")
    assert "done refused" == page.title()
    page.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": f"http://{EVIL}"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ],
    ids=json.dumps,
)
@pytest.mark.parametrize("path", ["/", WEBSOCKET + "polling"])
def test_the_console_answers_no_other_page(
    console: Console, headers: dict[str, str], path: str
) -> None:
    """403, and no header that would let it read the answer."""
    request = urllib.request.Request(console.url + path, headers=headers)  # noqa: S310 - ours
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)  # noqa: S310 - likewise
    assert 403 == refused.value.code
    assert "Access-Control-Allow-Origin" not in refused.value.headers
    refused.value.close()


def test_a_link_to_the_console_is_followed(console: Console) -> None:
    """From a page of documentation, or a chat."""
    headers = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }
    request = urllib.request.Request(console.url, headers=headers)  # noqa: S310 - ours
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - likewise
        assert 200 == answer.status
