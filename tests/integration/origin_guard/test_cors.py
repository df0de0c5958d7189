"""Pages elsewhere that may: those that an API, a function URL or a bucket allows itself."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support import functions, rest_api
from tests.support.raw_http import Answer, send
from tests.support.testbeds import ProvisionedTestbed

PAGE = "http://app.example"
OTHER = "http://evil.example"
SIMPLE = ("Content-Type", "text/plain")
FETCH = (("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors"))
HELLO = """
def handler(event, context):
    return {"statusCode": 200, "body": event["requestContext"]["http"]["method"]}
"""


def cors(
    place: ProvisionedTestbed, method: str, target: str, origin: str, *more: Any, **where: Any
) -> Answer:
    return send(place.endpoint, method, target, ("Origin", origin), *FETCH, *more, **where)


@pytest.mark.parametrize("allowed", [PAGE, "*"])
def test_an_api_that_allows_a_page_is_reached(guarded: ProvisionedTestbed, allowed: str) -> None:
    """Preflight and request are answered with the API's own headers, and no others."""
    target = rest_api.make(guarded.aws, allowed)
    asks = ("Access-Control-Request-Method", "POST")
    for answer in (
        cors(guarded, "OPTIONS", target, PAGE, asks),
        cors(guarded, "POST", target, PAGE, SIMPLE, body="{}"),
    ):
        assert (200, [allowed]) == (
            answer.status,
            answer.headers.get_all("Access-Control-Allow-Origin"),
        )
        assert None is answer.headers["Access-Control-Allow-Credentials"]


def test_an_api_that_allows_another_page_is_not(guarded: ProvisionedTestbed) -> None:
    """A request that needs no preflight on AWS is refused by what the preflight would say."""
    target = rest_api.make(guarded.aws, PAGE)
    for origin in (OTHER, "null", f"{PAGE}.evil.example", f"{PAGE}:81"):
        assert 403 == cors(guarded, "POST", target, origin, SIMPLE, body="{}").status


def test_a_form_is_no_cors_request(guarded: ProvisionedTestbed) -> None:
    """A navigation's answer is shown, not read: no API allows that."""
    headers = (("Origin", PAGE), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"))
    target = rest_api.make(guarded.aws, "*")
    assert 403 == send(guarded.endpoint, "POST", target, SIMPLE, *headers, body="{}").status


def test_an_api_without_options_is_reached_by_no_page(guarded: ProvisionedTestbed) -> None:
    """Nothing says that a page may."""
    target = rest_api.make(guarded.aws, None)
    assert 403 == cors(guarded, "POST", target, PAGE, SIMPLE, body="{}").status
    assert 200 == send(guarded.endpoint, "POST", target, SIMPLE, body="{}").status


def test_an_apis_own_page_may_use_it(guarded: ProvisionedTestbed) -> None:
    """Of one origin with the API, as on AWS; under its own name, too."""
    target = rest_api.make(guarded.aws, None)
    api = target.split("/")[3]
    name = f"{api}.execute-api.localhost:{urlsplit(guarded.endpoint).port}"
    for host, where in ((urlsplit(guarded.endpoint).netloc, target), (name, "/prod/")):
        own = (("Origin", f"http://{host}"), ("Sec-Fetch-Site", "same-origin"), SIMPLE)
        assert 200 == send(guarded.endpoint, "POST", where, *own, body="{}", host=host).status


def test_an_apis_name_leads_to_nothing_else(guarded: ProvisionedTestbed) -> None:
    """LocalStack's own addresses are served under every name; the guard knows them under each."""
    api = rest_api.make(guarded.aws, "*").split("/")[3]
    for target in ("/_localstack/health", "/_aws/lambda/init"):
        host = f"{api}.execute-api.localhost"
        assert 403 == cors(guarded, "GET", target, PAGE, host=host).status


@pytest.fixture
def bucket(guarded: ProvisionedTestbed) -> str:
    """A bucket whose rule lets PAGE read."""
    name = f"cors-{uuid.uuid4().hex}"
    s3 = guarded.aws.s3
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"})
    s3.put_object(Bucket=name, Key="a.txt", Body=b"hello")
    s3.put_bucket_cors(
        Bucket=name,
        CORSConfiguration={"CORSRules": [{"AllowedOrigins": [PAGE], "AllowedMethods": ["GET"]}]},
    )
    return name


def test_a_bucket_lets_in_whom_its_rules_name(guarded: ProvisionedTestbed, bucket: str) -> None:
    """Origin and method count; the answers are S3's, preflight requests' as well."""
    asks = ("Access-Control-Request-Method", "GET")
    puts = ("Access-Control-Request-Method", "PUT")
    for host, target in ((None, f"/{bucket}/a.txt"), (f"{bucket}.s3.localhost", "/a.txt")):
        read = cors(guarded, "GET", target, PAGE, host=host)
        assert (200, b"hello", PAGE) == (
            read.status,
            read.body,
            read.headers["Access-Control-Allow-Origin"],
        )
        asked = cors(guarded, "OPTIONS", target, PAGE, asks, host=host)
        assert (200, "GET") == (asked.status, asked.headers["Access-Control-Allow-Methods"])
        refused = cors(guarded, "OPTIONS", target, PAGE, puts, host=host)
        assert 403 == refused.status
        assert "<Code>AccessForbidden</Code>" in refused.text
        assert 403 == cors(guarded, "PUT", target, PAGE, body="changed", host=host).status
        assert 403 == cors(guarded, "GET", target, OTHER, host=host).status
        assert 403 == cors(guarded, "GET", target, "null", host=host).status
    deletion = cors(guarded, "POST", f"/{bucket}?delete", PAGE, SIMPLE, body="<Delete/>")
    assert 403 == deletion.status


def function_url(
    place: ProvisionedTestbed, *, by_path: bool, **settings: Any
) -> tuple[str | None, str]:
    """Host and path of a function's URL: as it is told, or by LocalStack's name."""
    name = functions.make(place.aws, HELLO)
    made = place.aws.lambda_.create_function_url_config(
        FunctionName=name, AuthType="NONE", **settings
    )
    path = urlsplit(made["FunctionUrl"]).path
    if by_path:
        return None, path
    return f"{path.split('/')[-2]}.lambda-url.ca-central-1.localhost", "/"


@pytest.mark.parametrize("by_path", [True, False])
def test_a_function_url_lets_in_whom_its_configuration_names(
    guarded: ProvisionedTestbed, *, by_path: bool
) -> None:
    """Lambda answers a preflight in the function's place, and adds the headers to its answers."""
    host, path = function_url(
        guarded,
        by_path=by_path,
        Cors={"AllowOrigins": [PAGE], "AllowMethods": ["POST"], "MaxAge": 60},
    )
    asks = ("Access-Control-Request-Method", "POST")
    asked = cors(guarded, "OPTIONS", path, PAGE, asks, host=host)
    assert (200, b"") == (asked.status, asked.body)
    posted = cors(guarded, "POST", path, PAGE, SIMPLE, body="hello", host=host)
    assert (200, b"POST") == (posted.status, posted.body)
    for answer in (asked, posted):
        named = {name for name in answer.headers if name.startswith("Access-Control-")}
        assert [PAGE] == answer.headers.get_all("Access-Control-Allow-Origin")
        assert {"Allow-Origin", "Allow-Methods", "Max-Age"} == {
            name.removeprefix("Access-Control-") for name in named
        }
    assert 403 == cors(guarded, "POST", path, OTHER, SIMPLE, body="hello", host=host).status
    assert 403 == cors(guarded, "GET", path, PAGE, host=host).status


@pytest.mark.parametrize("by_path", [True, False])
def test_a_function_url_without_cors_is_reached_by_no_page(
    guarded: ProvisionedTestbed, *, by_path: bool
) -> None:
    """And by every program."""
    host, path = function_url(guarded, by_path=by_path)
    assert 403 == cors(guarded, "POST", path, PAGE, SIMPLE, body="hello", host=host).status
    called = send(guarded.endpoint, "POST", path, SIMPLE, body="hello", host=host)
    assert b"POST" == called.body
    assert "Content-Security-Policy" not in called.headers


def test_the_refusal_is_json_that_a_person_reads(guarded: ProvisionedTestbed) -> None:
    """What was refused, and what to do."""
    answer = cors(guarded, "GET", "/2015-03-31/functions", OTHER)
    said = json.loads(answer.body)
    assert "AccessDenied" == said["__type"]
    assert said["message"].startswith(f"A web page ('{OTHER}') may not use this emulator.")
