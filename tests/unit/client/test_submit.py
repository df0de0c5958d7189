from __future__ import annotations

import dataclasses
import io
import json
from typing import TYPE_CHECKING

import pytest

from client import submit
from client.submit import Request
from runs.call import ApiError
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from pathlib import Path

    from botocore.stub import Stubber

    from testbed.aws import Aws
    from testbed.outputs import Outputs
    from tests.unit.conftest import FakeApi


def test_a_plain_request_is_the_assignments_own_body() -> None:
    """Options that nobody asked for are not sent: the function's defaults apply."""
    assert '{"key": "club2.png"}' == Request(key="club2.png").body()


def test_options_are_sent_under_the_functions_names() -> None:
    """Size is a number, format and mode are texts."""
    body = Request(key="a", size=64, format="webp", mode="copy").body()
    assert {"key": "a", "size": 64, "format": "webp", "mode": "copy"} == json.loads(body)


def test_the_body_arrives_as_it_was_given(api: FakeApi) -> None:
    """Bytes that are no JSON are the API's to judge, not the client's."""
    submit.post(api.outputs, b'{ "key" :\n"caf\xc3\xa9" ')
    assert (b'{ "key" :\n"caf\xc3\xa9" ', "application/json") == (api.received, api.content_type)


def test_a_started_execution_is_named(api: FakeApi) -> None:
    """By its ARN, in the API's whole answer."""
    response = submit.post(api.outputs, Request(key="bob's ♣.png").body())
    assert "arn:e" == response.execution_arn
    assert (200, {"executionArn": "arn:e", "startDate": 1.5}) == (
        response.status,
        json.loads(response.body),
    )
    assert {"key": "bob's ♣.png"} == json.loads(api.received)


def test_a_key_is_sent_as_a_string_of_http(api: FakeApi) -> None:
    """In quotes, as the draft of Idempotency-Key asks for; without one there is no header."""
    keyed = submit.post(api.outputs, "{}", key="k-1")
    submit.post(api.outputs, "{}")
    assert ['"k-1"', None] == api.keys
    assert {"Idempotency-Key": '"k-1"'} == keyed.request_headers


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (400, b'{"message": "Invalid request body"}', "answered 400, not 200: {"),
        (500, b"", "answered 500, not 200: (an empty body)"),
        (200, b'{"__type": "AccessDenied"}', "answered 200, without an executionArn: {"),
        (200, b"[]", "answered 200, without an executionArn: []"),
        (200, b"<html>", "answered 200, which is not JSON: <html>"),
    ],
)
def test_any_other_answer_is_an_error_that_shows_it(
    api: FakeApi, status: int, body: bytes, message: str
) -> None:
    """A 200 alone is no success: an unmapped error of the service may hide in it."""
    api.status, api.body = status, body
    response = submit.post(api.outputs, Request(key="a").body())
    with pytest.raises(ApiError) as caught:
        _ = response.execution_arn
    assert message in str(caught.value)
    assert status == caught.value.response.status


def test_a_long_answer_is_shown_in_part(api: FakeApi) -> None:
    """A page of HTML does not push the message off the screen."""
    api.status, api.body = 502, b"x" * 10_000
    response = submit.post(api.outputs, Request(key="a").body())
    with pytest.raises(ApiError) as caught:
        _ = response.execution_arn
    assert len(str(caught.value)) < 800


def test_nobody_there_is_an_error_that_names_the_address(outputs: Outputs) -> None:
    """A testbed that is down is told from one that refuses."""
    with pytest.raises(TestbedError, match=r"http://127\.0\.0\.1:9/prod/process got no answer"):
        submit.post(outputs, Request(key="a").body())


def test_a_proxy_of_the_environment_is_not_asked_for_loopback(
    api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a company's proxy the testbed works as anywhere."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert 200 == submit.post(api.outputs, "{}").status


@pytest.mark.parametrize("key", ["", "\udce9.png"])
def test_a_key_that_no_object_can_have_is_refused(aws: Aws, outputs: Outputs, key: str) -> None:
    """An empty key, or one whose bytes were no UTF-8 on the command line."""
    with pytest.raises(TestbedError, match="the key"):
        submit.upload(aws, outputs, key=key, content=b"content")


def test_an_upload_takes_the_key_literally(aws: Aws, outputs: Outputs, s3: Stubber) -> None:
    """Nothing is escaped or trimmed on the way to S3; the type is guessed from the name."""
    expected = {
        "Bucket": "originals",
        "Key": " a+b %20/'♣'.png",
        "Body": b"content",
        "ContentType": "image/png",
    }
    s3.add_response("put_object", {}, expected)
    submit.upload(aws, outputs, key=" a+b %20/'♣'.png", content=b"content")


def test_a_file_is_uploaded(aws: Aws, outputs: Outputs, s3: Stubber, tmp_path: Path) -> None:
    """The key decides the object's name, whatever the file is called."""
    (tmp_path / "some file").write_bytes(b"content")
    s3.add_response("put_object", {})
    submit.upload_file(aws, outputs, key="club2.png", path=tmp_path / "some file")


@pytest.mark.parametrize("name", ["missing.png", "folder"])
def test_a_file_that_cannot_be_read_is_named(
    aws: Aws, outputs: Outputs, tmp_path: Path, name: str
) -> None:
    """Nothing is sent, and the message holds the path."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(TestbedError, match=name):
        submit.upload_file(aws, outputs, key="a", path=tmp_path / name)


def test_an_open_file_can_be_uploaded(aws: Aws, outputs: Outputs, s3: Stubber) -> None:
    """Large files need not be in memory."""
    s3.add_response("put_object", {})
    submit.upload(aws, outputs, key="a", content=io.BytesIO(b"content"))


def test_on_aws_a_proxy_of_the_environment_is_used(
    api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Towards AWS the client behaves as any other: here the API stands in for the proxy."""
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("http_proxy", api.outputs.api_url.removesuffix("/prod/process"))
    on_aws = dataclasses.replace(
        api.outputs, endpoint=None, api_url="http://api.invalid/prod/process"
    )
    assert 200 == submit.post(on_aws, "{}").status


def test_a_file_that_is_too_large_is_not_sent(aws: Aws, outputs: Outputs, tmp_path: Path) -> None:
    """What, where, what next; no request is made, or it would fail with another error."""
    big = tmp_path / "big.jpg"
    with big.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(TestbedError) as refused:
        submit.upload_file(aws, outputs, key="big.jpg", path=big)
    assert (
        f"{str(big)!r} has 200,000,000 bytes, and the function reads at most 26,214,400 (25 MB); "
        "it was not uploaded. Send a smaller image"
    ) == str(refused.value)


def test_what_is_just_small_enough_is_sent() -> None:
    """The function's own limit is among what it reads."""
    submit.check_length("a.png", submit.MOST_BYTES)
    with pytest.raises(TestbedError, match=r"^'a\.png' has 26,214,401 bytes"):
        submit.check_length("a.png", submit.MOST_BYTES + 1)
