"""Images that cannot be processed end in FailState, with a code as Error and a text as Cause."""

from __future__ import annotations

import json

import pytest

from runs import history
from tests.e2e.client import Client, png

REFUSED = ("ResizeImage", "WasResizeSuccessful", "FailState")


def test_a_missing_key_fails_as_not_found(client: Client) -> None:
    """The cause names the key, so that a person sees a typing error."""
    key = client.key("missing.png")
    report = client.run(key)
    assert ("FAILED", "NOT_FOUND", REFUSED) == (report.status, report.error, report.path)
    assert key in (report.cause or "")
    assert not client.has_thumbnail(key)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(png()[:150], "CORRUPT_IMAGE", id="cut off"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "CORRUPT_IMAGE", id="only the magic"),
        pytest.param(b"This is no image.", "UNSUPPORTED_FORMAT", id="text"),
        pytest.param(b"%PDF-1.7\n", "UNSUPPORTED_FORMAT", id="PDF"),
        pytest.param(b"", "EMPTY_OBJECT", id="nothing"),
        pytest.param(png() + bytes(25 * 2**20), "OBJECT_TOO_LARGE", id="over 25 MB"),
    ],
)
def test_content_that_is_no_image_fails_with_its_code(
    client: Client, content: bytes, code: str
) -> None:
    """The name may promise a PNG: the content decides. Nothing is written."""
    key = client.key("a.png")
    client.upload(key, content)
    report = client.run(key)
    assert ("FAILED", code, REFUSED) == (report.status, report.error, report.path)
    assert report.cause
    assert not client.has_thumbnail(key)


def test_fail_state_shows_the_functions_own_words(client: Client) -> None:
    """Error and Cause of the execution are error and message of the function's result."""
    key = client.key("a.png")
    client.upload(key, b"This is no image.")
    report = client.run(key)
    events = {event["type"]: event for event in history.events(client.aws, report.arn)}
    task = json.loads(events["TaskSucceeded"]["taskSucceededEventDetails"]["output"])
    result = task["Payload"]
    assert {"success", "error", "message"} == set(result)
    assert result["success"] is False
    shown = {"error": result["error"], "cause": result["message"]}
    assert shown == events["ExecutionFailed"]["executionFailedEventDetails"]
    assert shown == {"error": report.error, "cause": report.cause}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"key": "KEY", "size": 8}', "size"),
        ('{"key": "KEY", "size": "64"}', "size"),
        ('{"key": "KEY", "format": "bmp"}', "format"),
        ('{"key": "KEY", "mode": "move"}', "mode"),
    ],
)
def test_an_option_out_of_range_fails_as_invalid_request(
    client: Client, body: str, field: str
) -> None:
    """The cause names the option."""
    report = client.follow(client.start(body.replace("KEY", client.key("a.png"))))
    assert ("FAILED", "INVALID_REQUEST") == (report.status, report.error)
    assert field in (report.cause or "")


def test_a_refusal_leaves_an_older_thumbnail_alone(client: Client) -> None:
    """Replacing an image by a broken one costs nobody the thumbnail that there was."""
    key = client.key("a.png")
    client.upload(key, png())
    assert client.run(key).succeeded
    before = client.thumbnail(key)
    client.upload(key, b"broken")
    assert not client.run(key).succeeded
    assert before == client.thumbnail(key)
