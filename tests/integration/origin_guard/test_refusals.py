"""What the emulator refuses a web page, over HTTP, and what it gives to everybody else."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest

from tests.support.raw_http import send
from tests.support.testbeds import ProvisionedTestbed

EVIL = ("Origin", "http://evil.example")
# Who sends a request, as browsers say it.
PAGES = {
    "foreign": [EVIL],
    "another port": [("Origin", "http://localhost:3000"), ("Sec-Fetch-Site", "same-site")],
    "a sandboxed frame": [("Origin", "null"), ("Sec-Fetch-Site", "cross-site")],
    "two origins": [EVIL, ("Origin", "http://127.0.0.1")],
    "an image": [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")],
    "a link": [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")],
    "an old browser": [("Referer", "http://evil.example/page")],
    "our own page": [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors")],
    "a contradiction": [EVIL, ("Sec-Fetch-Site", "same-origin")],
}
FUNCTIONS = "/2015-03-31/functions"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
UPLOAD = ("Content-Type", "multipart/form-data; boundary=b")
ZIPPED = '{"FunctionName": "evil", "Runtime": "python3.13", "Code": {"ZipFile": ""}}'


def form(key: str) -> str:
    fields = {"key": key, "Content-Type": "text/html", "file": "<script>1</script>"}
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return "".join([*parts, "--b--\r\n"])


@pytest.fixture
def key(guarded: ProvisionedTestbed) -> Iterator[str]:
    """An object that must outlive the test as it is."""
    key = f"{uuid.uuid4().hex}.html"
    s3, bucket = guarded.aws.s3, guarded.outputs.original_bucket
    s3.put_object(Bucket=bucket, Key=key, Body=b"<script>1</script>", ContentType="text/html")
    yield key
    assert b"<script>1</script>" == s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    users = [one["UserName"] for one in guarded.aws.iam.list_users()["Users"]]
    assert "evil" not in users
    # Without a signature it would be in the default region.
    assert {"Functions": []} == json.loads(send(guarded.endpoint, "GET", FUNCTIONS).body)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_gets_403_from_everything(guarded: ProvisionedTestbed, key: str, page: str) -> None:
    """Control planes, objects, form uploads, deletions, LocalStack's own addresses, upgrades."""
    bucket = guarded.outputs.original_bucket
    delete = f"<Delete><Object><Key>{key}</Key></Object></Delete>"
    requests = [
        ("GET", "/", (), ""),
        ("GET", FUNCTIONS, (), ""),
        ("POST", FUNCTIONS, (("Content-Type", "text/plain"),), ZIPPED),
        ("OPTIONS", FUNCTIONS, (("Access-Control-Request-Method", "POST"),), ""),
        ("GET", f"/{bucket}", (), ""),
        ("GET", f"/{bucket}/{key}", (), ""),
        ("PUT", f"/{bucket}/{key}", (), "changed"),
        ("DELETE", f"/{bucket}/{key}", (), ""),
        ("OPTIONS", f"/{bucket}/{key}", (("Access-Control-Request-Method", "PUT"),), ""),
        ("POST", f"/{bucket}", (UPLOAD,), form(key)),
        ("POST", f"/{bucket}?delete", (("Content-Type", "text/plain"),), delete),
        ("POST", "/", (FORM,), "Action=CreateUser&UserName=evil&Version=2010-05-08"),
        ("GET", "/?Action=CreateUser&UserName=evil&Version=2010-05-08", (), ""),
        ("GET", "/_localstack/health", (), ""),
        ("GET", "/_aws/lambda/init", (), ""),
        ("GET", "/", (("Upgrade", "websocket"), ("Connection", "Upgrade"), *WEBSOCKET), ""),
    ]
    seen = {
        (method, target): send(
            guarded.endpoint, method, target, *headers, *PAGES[page], body=body
        ).status
        for method, target, headers, body in requests
    }
    assert dict.fromkeys(seen, 403) == seen


WEBSOCKET = (("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="))


@pytest.mark.parametrize("page", sorted(PAGES.keys() - {"our own page"}))
def test_a_foreign_page_gets_403_from_an_api_without_cors(
    guarded: ProvisionedTestbed, page: str
) -> None:
    """Nothing is started, whatever the media type."""
    target = guarded.outputs.api_url.removeprefix(guarded.endpoint)
    for media_type in ("application/json", "text/plain"):
        headers = (("Content-Type", media_type), *PAGES[page])
        answer = send(guarded.endpoint, "POST", target, *headers, body='{"key": "a.png"}')
        assert 403 == answer.status
        assert "STANDALONE_ORIGIN_GUARD" in json.loads(answer.body)["message"]
        assert None is answer.headers["Access-Control-Allow-Origin"]


NOT_OURS = ["evil.example", "127.0.0.1.evil.example", "localhost.localstack.cloud", "169.254.1.1"]


@pytest.mark.parametrize("host", NOT_OURS)
def test_a_name_of_somebody_elses_gets_421(guarded: ProvisionedTestbed, host: str) -> None:
    """DNS rebinding reads nothing: not functions, objects, buckets nor LocalStack's own state."""
    for target in (FUNCTIONS, "/", f"/{guarded.outputs.original_bucket}", HEALTH):
        answer = send(guarded.endpoint, "GET", target, host=f"{host}:4566")
        assert 421 == answer.status
        assert "ALLOWED_HOSTS" in json.loads(answer.body)["message"]


HEALTH = "/_localstack/health"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.:1", "[::1]:4566", "127.0.0.1", "x.localhost:4566"]
)
def test_our_names_are_served(guarded: ProvisionedTestbed, host: str) -> None:
    """In every spelling."""
    assert 200 == send(guarded.endpoint, "GET", HEALTH, host=host).status


def test_a_request_without_a_name_is_no_browsers(guarded: ProvisionedTestbed) -> None:
    """HTTP/1.0 needs no Host header."""
    assert 200 == send(guarded.endpoint, "GET", HEALTH, host="", version="1.0").status


def test_an_absolute_target_is_looked_at_as_well(guarded: ProvisionedTestbed) -> None:
    """RFC 9112 3.2.2: its authority goes before the Host header."""
    seen = [
        send(guarded.endpoint, "GET", f"http://{name}{HEALTH}").status
        for name in ("evil.example", "localhost:4566")
    ]
    assert [421, 200] == seen


def test_two_names_are_refused(guarded: ProvisionedTestbed) -> None:
    """RFC 9112 3.2: 400, or 421 where the server leaves it to us."""
    answer = send(guarded.endpoint, "GET", HEALTH, ("Host", "localhost"), host="localhost")
    assert answer.status in (400, 421)


def test_a_link_changes_nothing(guarded: ProvisionedTestbed, key: str) -> None:
    """`GET /?Action=…` without a signature is answered as AWS does; a forged one can only read.

    A name and a password, which an address can hold, are no signature.
    """
    target = "/?Action=CreateUser&UserName=evil&Version=2010-05-08"
    forged = "&X-Amz-Signature=0&X-Amz-Credential=a/20260101/us-east-1/iam/aws4_request"
    basic = ("Authorization", "Basic ZXZpbDpldmls")
    for query, more in (("", ()), (forged, ()), ("", (basic,))):
        headers = (("Sec-Fetch-Site", "none"), *more)
        answer = send(guarded.endpoint, "GET", target + query, *headers)
        assert 403 == answer.status
        assert "<Code>MissingAuthenticationToken</Code>" in answer.text


def test_what_is_served_runs_nothing(guarded: ProvisionedTestbed, key: str) -> None:
    """Objects, presigned ones of another type, lists, errors, health: sandboxed, not guessed."""
    bucket, s3 = guarded.outputs.original_bucket, guarded.aws.s3
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": key}})
    presigned = s3.generate_presigned_url(
        "get_object", {"Bucket": bucket, "Key": key, "ResponseContentType": "image/svg+xml"}
    ).removeprefix(guarded.endpoint)
    asked = [
        (None, f"/{bucket}/{key}", 200),
        (None, presigned, 200),
        (f"{bucket}.s3.localhost", f"/{key}", 200),
        (f"{bucket}.s3-website.localhost", "/", 200),
        (f"{bucket}.s3-website.localhost", "/no-such", 404),
        (None, f"/{bucket}/no-such", 404),
        (None, f"/{bucket}", 200),
        (None, HEALTH, 200),
        ("evil.example", "/", 421),
    ]
    for host, target, status in asked:
        answer = send(guarded.endpoint, "GET", target, ("Sec-Fetch-Site", "none"), host=host)
        seen = answer.headers["Content-Security-Policy"], answer.headers["X-Content-Type-Options"]
        assert (status, "sandbox", "nosniff") == (answer.status, *seen), target


def test_the_pipeline_runs_as_before(guarded: ProvisionedTestbed) -> None:
    """API Gateway's and Step Functions' own calls, over loopback or in memory, are let through."""
    target = guarded.outputs.api_url.removeprefix(guarded.endpoint)
    json_type = ("Content-Type", "application/json")
    answer = send(guarded.endpoint, "POST", target, json_type, body='{"key": "no-such.png"}')
    assert 200 == answer.status
    assert None is answer.headers["Content-Security-Policy"]
    assert "executionArn" in json.loads(answer.body)
