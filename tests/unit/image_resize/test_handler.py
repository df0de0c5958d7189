"""One event, one result: the specification's code table, and what is written."""

import os
import signal
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber

from image_resize import guard, storage, thumbnail
from image_resize.errors import TransientStorageError
from image_resize.handler import handler
from tests.corpus import hostile, images

PNG = images.encoded(images.scene(), "PNG")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """The function's environment, and its client with its answers prepared."""
    environment = {
        "ORIGINAL_BUCKET": "in",
        "RESIZED_BUCKET": "out",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "ca-central-1",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    storage.client.cache_clear()
    with Stubber(storage.client()) as stubber:
        yield stubber
    stubber.assert_no_pending_responses()
    storage.client.cache_clear()


def holds(s3: Stubber, content: bytes, key: str = "club2.png") -> None:
    """Let the originals bucket hold *content*."""
    answer = {
        "Body": StreamingBody(BytesIO(content), len(content)),
        "ContentLength": len(content),
        "ContentType": "image/x-original",
        "ETag": '"e7a9"',
    }
    s3.add_response("get_object", answer, {"Bucket": "in", "Key": key})


def takes(s3: Stubber, key: str, **expected: Any) -> None:
    """Let the resized bucket take exactly one object, of these attributes."""
    attributes = {"Body": ANY, "ContentType": ANY, "Metadata": ANY, **expected}
    s3.add_response(
        "put_object",
        {},
        {"Bucket": "out", "Key": key, "CacheControl": "max-age=86400"} | attributes,
    )


def test_the_assignments_event_gives_the_assignments_result(s3: Stubber) -> None:
    """{"key": "club2.png"} gives exactly success and the resized key."""
    holds(s3, PNG)
    takes(
        s3,
        "thumb-club2.png",
        ContentType="image/png",
        Metadata={"source-etag": "e7a9", "width": "120", "height": "80", "format": "png"},
    )
    expected = {"success": True, "resized_key": "thumb-club2.png"}
    assert expected == handler({"key": "club2.png"})


@pytest.mark.parametrize("key", ["a/b/c.png", "thumb-x.png", "it's a + %20 ünï.png", "."])
def test_the_whole_key_is_prefixed(s3: Stubber, key: str) -> None:
    """Slashes, an earlier prefix, quotes and escapes stay as they are."""
    holds(s3, PNG, key)
    takes(s3, f"thumb-{key}")
    assert {"success": True, "resized_key": f"thumb-{key}"} == handler({"key": key})


def test_options_reach_the_thumbnail(s3: Stubber) -> None:
    """Size and format are those of the event; the type is that of the bytes written."""
    holds(s3, PNG)
    facts = {"source-etag": "e7a9", "width": "30", "height": "20", "format": "webp"}
    takes(s3, "thumb-club2.png", ContentType="image/webp", Metadata=facts)
    assert handler({"key": "club2.png", "size": 30, "format": "webp"})["success"] is True


def test_copy_writes_the_same_bytes_under_the_new_name(s3: Stubber) -> None:
    """Byte for byte, with the original's type, and whatever the bytes are."""
    holds(s3, b"no image at all")
    takes(
        s3,
        "thumb-club2.png",
        Body=b"no image at all",
        ContentType="image/x-original",
        Metadata={"source-etag": "e7a9"},
    )
    assert handler({"key": "club2.png", "mode": "copy"})["success"] is True


CONTENTS = {
    "0 bytes": (b"", "EMPTY_OBJECT"),
    "text behind a friendly name": (b"hello, I am a picture", "UNSUPPORTED_FORMAT"),
    "a PNG cut in half": (PNG[: len(PNG) // 2], "CORRUPT_IMAGE"),
    "a PNG of 3600 megapixels": (images.png_file(60000, 60000, 8, 2), "IMAGE_TOO_LARGE"),
    "a JPEG of 101 scans": (hostile.jpeg_scans(101), "IMAGE_TOO_COMPLEX"),
}


@pytest.mark.parametrize("mode", ["thumbnail", "copy"])
@pytest.mark.parametrize(("content", "code"), CONTENTS.values(), ids=CONTENTS)
def test_content_that_cannot_be_served_is_refused(
    s3: Stubber, content: bytes, code: str, mode: str
) -> None:
    """The refusal is returned with its code, nothing is written; copying asks for bytes only."""
    holds(s3, content)
    refused = mode == "thumbnail" or code == "EMPTY_OBJECT"
    if not refused:
        takes(s3, "thumb-club2.png")
    result = handler({"key": "club2.png", "mode": mode})
    if refused:
        assert {"success": False, "error": code, "message": ANY} == result
        assert isinstance(result["message"], str)
        assert result["message"]
    else:
        assert {"success": True, "resized_key": "thumb-club2.png"} == result


@pytest.mark.parametrize("event", [{}, {"key": ""}, None, [], {"key": "k", "size": 1}])
def test_a_bad_event_is_an_invalid_request(s3: Stubber, event: object) -> None:
    """S3 is not asked at all."""
    assert "INVALID_REQUEST" == handler(event)["error"]


@pytest.mark.parametrize("mode", ["thumbnail", "copy"])
def test_a_missing_object_is_not_found(s3: Stubber, mode: str) -> None:
    """In either mode."""
    s3.add_client_error("get_object", "NoSuchKey", http_status_code=404)
    assert "NOT_FOUND" == handler({"key": "nowhere.png", "mode": mode})["error"]


@pytest.mark.parametrize("mode", ["thumbnail", "copy"])
def test_too_large_an_object_is_refused_by_its_length(s3: Stubber, mode: str) -> None:
    """Neither mode reads a body of over 25 MB."""
    answer = {"Body": StreamingBody(BytesIO(), 0), "ContentLength": 26_214_401, "ETag": '"x"'}
    s3.add_response("get_object", answer)
    assert "OBJECT_TOO_LARGE" == handler({"key": "k", "mode": mode})["error"]


def test_a_missing_setting_is_a_config_error(s3: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the variable."""
    monkeypatch.delenv("RESIZED_BUCKET")
    result = handler({"key": "club2.png"})
    assert ("CONFIG_ERROR", True) == (result["error"], "RESIZED_BUCKET" in result["message"])


def test_one_bucket_for_both_is_a_config_error(
    s3: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On AWS it would start itself for ever."""
    monkeypatch.setenv("RESIZED_BUCKET", "in")
    assert "CONFIG_ERROR" == handler({"key": "club2.png"})["error"]


def test_denied_access_is_a_config_error(s3: Stubber) -> None:
    """Reading or writing without the right is for whoever set the function up."""
    holds(s3, PNG)
    s3.add_client_error("put_object", "AccessDenied", http_status_code=403)
    assert "CONFIG_ERROR" == handler({"key": "club2.png"})["error"]


def test_throttling_is_raised(s3: Stubber) -> None:
    """It leaves as an exception of the name that the state machine's Retry lists."""
    s3.add_client_error("get_object", "SlowDown", http_status_code=503)
    with pytest.raises(TransientStorageError) as error:
        handler({"key": "club2.png"})
    assert "TransientStorageError" == type(error.value).__name__


@pytest.mark.parametrize(
    ("decoder", "code"),
    [("hangs", "PROCESSING_TIMEOUT"), ("dies", "DECODER_CRASHED"), ("errs", "PROCESSING_FAILED")],
)
def test_a_decoder_that_fails_is_refused(
    s3: Stubber, monkeypatch: pytest.MonkeyPatch, decoder: str, code: str
) -> None:
    """Hanging, dying and our own bugs end as results of their own; nothing is written."""

    def make(*_args: object, **_kwargs: object) -> None:
        if decoder == "hangs":
            signal.pause()
        if decoder == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        raise LookupError("a bug")

    monkeypatch.setattr(thumbnail, "make", make)
    monkeypatch.setattr(guard.run, "__defaults__", (guard.Limits(wall_s=0.5),))
    holds(s3, PNG)
    result = handler({"key": "club2.png"})
    assert code == result["error"]
    assert ("LookupError" in result["message"]) == (decoder == "errs")


def test_a_bug_outside_the_decoder_is_processing_failed(
    s3: Stubber, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is a result with the exception's class, and its traceback is in the log."""

    def run(*_args: object) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(guard, "run", run)
    holds(s3, PNG)
    result = handler({"key": "club2.png"})
    assert "PROCESSING_FAILED" == result["error"]
    assert "ZeroDivisionError" in result["message"]
    assert "Traceback" in caplog.text


def test_a_refusal_is_logged(s3: Stubber, caplog: pytest.LogCaptureFixture) -> None:
    """Who reads the log of an execution that failed finds its code there."""
    handler({})
    assert "INVALID_REQUEST" in caplog.text
