"""A function's URL: what CreateFunctionUrlConfig answers, and what the function is told."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.conftest import Emulator
from tests.support import functions, node_wheels
from tests.support.raw_http import send

ECHO = """
import json

def handler(event, context):
    if event["rawPath"] == "/own":
        return json.loads(event["body"])
    return {"statusCode": 201, "headers": {"X-Tea": "green"}, "body": json.dumps(event)}
"""
NODE = "fetch(process.argv[1]).then(a => a.text()).then(t => console.log(JSON.parse(t).rawPath))"


@pytest.fixture(scope="module")
def function(emulator: Emulator) -> Iterator[str]:
    """A function that tells its event, and at /own answers what it is told."""
    name = functions.make(emulator.aws, ECHO)
    yield name
    emulator.aws.lambda_.delete_function(FunctionName=name)


@pytest.fixture(scope="module")
def url(emulator: Emulator, function: str) -> str:
    made = emulator.aws.lambda_.create_function_url_config(FunctionName=function, AuthType="NONE")
    return made["FunctionUrl"]


def event_of(answer: requests.Response) -> Any:
    assert 201 == answer.status_code, answer.text
    return answer.json()


def test_the_address_is_one_of_the_emulator_s_own_name(emulator: Emulator, url: str) -> None:
    """With the id in its path: no name has to be looked up."""
    assert url.startswith(f"{emulator.endpoint}/_aws/lambda-url/")
    assert url.endswith("/")


def test_every_operation_tells_the_same_address(
    emulator: Emulator, function: str, url: str
) -> None:
    """Get, List and Update."""
    client = emulator.aws.lambda_
    assert url == client.get_function_url_config(FunctionName=function)["FunctionUrl"]
    [listed] = client.list_function_url_configs(FunctionName=function)["FunctionUrlConfigs"]
    changed = client.update_function_url_config(FunctionName=function, AuthType="NONE")
    assert (url, url) == (listed["FunctionUrl"], changed["FunctionUrl"])


def test_python_and_requests_call_it_as_it_stands(url: str) -> None:
    """Without any setting."""
    with urllib.request.urlopen(f"{url}tea", timeout=20) as answer:  # noqa: S310 - the emulator's
        assert "/tea" == json.load(answer)["rawPath"]
    answered = requests.get(f"{url}tea", timeout=20)
    assert ("green", "/tea") == (answered.headers["X-Tea"], event_of(answered)["rawPath"])


@pytest.mark.parametrize("tool", ["curl", "node"])
def test_other_tools_call_it_as_it_stands(url: str, tool: str) -> None:
    found = shutil.which("curl") if tool == "curl" else node_wheels.installed()["nodejs22.x"]
    assert found, "install curl: other tests need it too"
    words = ["-sS", f"{url}tea"] if tool == "curl" else ["-e", NODE, f"{url}tea"]
    done = subprocess.run([found, *words], capture_output=True, text=True, timeout=60, check=True)
    assert "/tea" in done.stdout


def test_the_function_is_told_the_path_behind_its_id(url: str) -> None:
    """As on AWS, where nothing is before it; without the last slash, too."""
    for asked, told in (("", "/"), ("a/b%20c", "/a/b c"), ("?x=1", "/")):
        event = event_of(requests.get(f"{url}{asked}", timeout=20))
        assert told == event["rawPath"] == event["requestContext"]["http"]["path"]
    assert "/" == event_of(requests.get(url.rstrip("/"), timeout=20))["rawPath"]


def test_the_event_has_aws_form(url: str) -> None:
    """Version 2.0: cookies, joined headers and parameters, the time, who asked."""
    query = [("a", "1"), ("a", "2"), ("b", "")]
    event = event_of(requests.get(url, params=query, cookies={"x": "1", "y": "2"}, timeout=20))
    assert ("2.0", "$default", "a=1&a=2&b=") == (
        event["version"],
        event["routeKey"],
        event["rawQueryString"],
    )
    assert {"a": "1,2", "b": ""} == event["queryStringParameters"]
    assert ["x=1", "y=2"] == sorted(event["cookies"])
    assert "cookie" not in event["headers"]
    context, identity = event["requestContext"], url.split("/")[-2]
    assert (identity, identity, "GET", "127.0.0.1") == (
        context["apiId"],
        context["domainPrefix"],
        context["http"]["method"],
        context["http"]["sourceIp"],
    )
    assert context["domainName"].startswith(f"{identity}.lambda-url.ca-central-1.localhost:")
    assert "127.0.0.1" == event["headers"]["x-forwarded-for"]
    plain = event_of(requests.get(url, timeout=20))
    assert not {"body", "cookies", "queryStringParameters"} & plain.keys()


def test_a_header_that_comes_twice_is_one(emulator: Emulator, url: str) -> None:
    """With a comma between."""
    target = url.removeprefix(emulator.endpoint)
    answer = send(emulator.endpoint, "GET", target, ("X-Tea", "green"), ("X-Tea", "black"))
    assert "green,black" == json.loads(answer.body)["headers"]["x-tea"]


@pytest.mark.parametrize(
    ("media_type", "body", "is_base64"),
    [
        ("application/json", '{"tea": "grün"}'.encode(), False),
        ("text/plain; charset=utf-8", b"tea", False),
        ("application/problem+json", b"{}", False),
        ("application/json", b"\xff", True),
        ("image/png", b"\x89PNG", True),
        ("application/x-www-form-urlencoded", b"a=1", True),
    ],
)
def test_a_body_that_is_no_text_is_in_base64(
    url: str, media_type: str, body: bytes, *, is_base64: bool
) -> None:
    """By its media type, and by what it is."""
    headers = {"Content-Type": media_type}
    event = event_of(requests.post(url, data=body, headers=headers, timeout=20))
    told = base64.b64decode(event["body"]) if is_base64 else event["body"].encode()
    assert (is_base64, body) == (event["isBase64Encoded"], told)


@pytest.mark.parametrize(
    ("result", "status", "body"),
    [
        ({"statusCode": 418, "body": "tea"}, 418, b"tea"),
        ({"statusCode": 204, "body": None}, 204, b""),
        ({"statusCode": 200, "body": "dGVh", "isBase64Encoded": True}, 200, b"tea"),
        ({"tea": "green"}, 200, b'{"tea":"green"}'),
    ],
)
def test_the_result_is_the_answer(url: str, result: Any, status: int, body: bytes) -> None:
    """With a status it is the answer's description, without it is the body."""
    answer = requests.post(f"{url}own", json=result, timeout=20)
    assert (status, body) == (answer.status_code, answer.content)


def test_the_result_sets_cookies(url: str) -> None:
    """Each in a header of its own."""
    result = {"statusCode": 200, "cookies": ["a=1; Path=/", "b=2"], "body": "tea"}
    answer = requests.post(f"{url}own", json=result, timeout=20)
    assert {"a": "1", "b": "2"} == answer.cookies.get_dict()


def test_a_name_of_its_own_leads_there_too(emulator: Emulator, url: str) -> None:
    """LocalStack's form, for browsers and curl: by the Host header."""
    identity = url.split("/")[-2]
    host = f"{identity}.lambda-url.ca-central-1.localhost"
    answer = send(emulator.endpoint, "GET", "/_aws/x", host=host)
    event = json.loads(answer.body)
    assert ("/_aws/x", host) == (event["rawPath"], event["requestContext"]["domainName"])


def test_what_is_nowhere_is_forbidden(emulator: Emulator) -> None:
    """As on AWS, which does not tell what there is."""
    answer = requests.get(f"{emulator.endpoint}/_aws/lambda-url/nowhere/", timeout=20)
    assert 403 == answer.status_code


def test_a_url_that_would_stream_is_refused(emulator: Emulator) -> None:
    """It would answer all at once, in silence."""
    name = functions.make(emulator.aws, ECHO)
    with pytest.raises(ClientError, match="RESPONSE_STREAM is not in this emulator"):
        emulator.aws.lambda_.create_function_url_config(
            FunctionName=name, AuthType="NONE", InvokeMode="RESPONSE_STREAM"
        )
    emulator.aws.lambda_.delete_function(FunctionName=name)


def test_a_streamed_invocation_is_refused(emulator: Emulator) -> None:
    """At once and by name: a client does not try again."""
    name = functions.make(emulator.aws, ECHO)
    with pytest.raises(ClientError, match="InvokeWithResponseStream is not in this") as refused:
        emulator.aws.lambda_.invoke_with_response_stream(FunctionName=name)
    assert 400 == refused.value.response["ResponseMetadata"]["HTTPStatusCode"]
    assert 0 == refused.value.response["ResponseMetadata"]["RetryAttempts"]
    emulator.aws.lambda_.delete_function(FunctionName=name)


def test_a_body_that_invoke_would_not_take_is_refused(url: str) -> None:
    """6 MB, unread."""
    answer = requests.post(url, data=b"a" * 6_291_457, timeout=20)
    assert 413 == answer.status_code
