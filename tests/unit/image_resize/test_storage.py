"""S3's answers, sorted: refusals for the caller, what may pass for the state machine's Retry."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)
from botocore.response import StreamingBody
from botocore.stub import Stubber

from image_resize import storage
from image_resize.errors import Code, Refusal, TransientStorageError

URL = "https://s3.example"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """The function's own client, with its answers prepared."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ca-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    storage.client.cache_clear()
    with Stubber(storage.client()) as stubber:
        yield stubber
    stubber.assert_no_pending_responses()
    storage.client.cache_clear()


def found(content: bytes, **more: Any) -> dict[str, Any]:
    return {
        "Body": StreamingBody(BytesIO(content), len(content)),
        "ContentLength": len(content),
        "ContentType": "image/png",
        "ETag": '"e7a9"',
        **more,
    }


class Unread(BytesIO):
    """A body that must not be read."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise AssertionError("the body was read")


def test_an_object_is_read_with_its_type_and_etag(s3: Stubber) -> None:
    """The ETag comes without the quotes of its header."""
    s3.add_response("get_object", found(b"bytes"), {"Bucket": "in", "Key": "a b+c"})
    expected = storage.Original(content=b"bytes", content_type="image/png", etag="e7a9")
    assert expected == storage.read("in", "a b+c")


@pytest.mark.parametrize(
    ("length_bytes", "code"),
    [(0, Code.EMPTY_OBJECT), (26_214_401, Code.OBJECT_TOO_LARGE), (10**12, Code.OBJECT_TOO_LARGE)],
)
def test_a_length_out_of_bounds_is_refused_unread(
    s3: Stubber, length_bytes: int, code: Code
) -> None:
    """The announced length is looked at first; the body is closed, not read."""
    body = Unread()
    answer = found(b"", Body=StreamingBody(body, length_bytes), ContentLength=length_bytes)
    s3.add_response("get_object", answer)
    with pytest.raises(Refusal) as refusal:
        storage.read("in", "key")
    assert (code, True) == (refusal.value.code, body.closed)


def test_25_megabytes_are_read(s3: Stubber) -> None:
    """The limit is 26,214,400 bytes, itself allowed."""
    s3.add_response("get_object", found(bytes(26_214_400)))
    assert 26_214_400 == len(storage.read("in", "key").content)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("SlowDown", 503),
        ("InternalError", 500),
        ("ServiceUnavailable", 503),
        ("RequestTimeout", 400),
        ("RequestTimeTooSkewed", 403),
        ("Throttling", 400),
        ("TooManyRequestsException", 429),
        ("SomethingNew", 502),
    ],
)
def test_what_may_pass_is_raised(s3: Stubber, code: str, status: int) -> None:
    """Throttling and server errors leave by the class that the state machine retries."""
    s3.add_client_error("get_object", code, "message", http_status_code=status)
    with pytest.raises(TransientStorageError, match=code):
        storage.read("in", "key")
    s3.add_client_error("put_object", code, "message", http_status_code=status)
    with pytest.raises(TransientStorageError, match=code):
        storage.write("out", "key", b"x", content_type="image/png", metadata={})


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDenied", 403),
        ("NoSuchBucket", 404),
        ("InvalidAccessKeyId", 403),
        ("ExpiredToken", 400),
        ("PermanentRedirect", 301),
    ],
)
def test_what_does_not_pass_is_a_config_error(s3: Stubber, code: str, status: int) -> None:
    """Rights, names and regions are for whoever runs the function; the message has S3's code."""
    s3.add_client_error("get_object", code, "message", http_status_code=status)
    with pytest.raises(Refusal, match=code) as refusal:
        storage.read("in", "key")
    assert Code.CONFIG_ERROR == refusal.value.code


def test_a_missing_key_is_not_found(s3: Stubber) -> None:
    """The message names the key."""
    s3.add_client_error("get_object", "NoSuchKey", http_status_code=404)
    with pytest.raises(Refusal, match=r"club2\.png") as refusal:
        storage.read("in", "club2.png")
    assert Code.NOT_FOUND == refusal.value.code


def failing(monkeypatch: pytest.MonkeyPatch, *errors: Exception) -> None:
    """Let the client raise *errors*, one a request, and then answer."""
    left = list(errors)

    def get_object(**_kwargs: str) -> dict[str, Any]:
        if left:
            raise left.pop(0)
        return found(b"bytes")

    monkeypatch.setattr(storage.client(), "get_object", get_object)


@pytest.mark.parametrize(
    "error",
    [
        ConnectTimeoutError(endpoint_url=URL),
        EndpointConnectionError(endpoint_url=URL),
        ReadTimeoutError(endpoint_url=URL),
        SSLError(endpoint_url=URL, error=OSError("reset")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_lost_connection_is_raised(
    s3: Stubber, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """There is one attempt here: the pauses between attempts are the state machine's."""
    failing(monkeypatch, error)
    with pytest.raises(TransientStorageError):
        storage.read("in", "key")


def test_a_connection_closed_while_frozen_is_replaced(
    s3: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kept connection that S3 has closed costs one more request, not an execution."""
    failing(monkeypatch, ConnectionClosedError(endpoint_url=URL))
    assert b"bytes" == storage.read("in", "key").content


def test_a_connection_that_keeps_closing_is_raised(
    s3: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once more is once more."""
    failing(monkeypatch, *[ConnectionClosedError(endpoint_url=URL)] * 2)
    with pytest.raises(TransientStorageError):
        storage.read("in", "key")


def test_no_credentials_are_a_config_error(s3: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying again would not find any."""
    failing(monkeypatch, NoCredentialsError())
    with pytest.raises(Refusal) as refusal:
        storage.read("in", "key")
    assert Code.CONFIG_ERROR == refusal.value.code


def test_a_body_cut_short_is_raised(s3: Stubber) -> None:
    """A connection lost in the middle of the object is lost all the same."""
    answer = found(b"half", Body=StreamingBody(BytesIO(b"half"), 8), ContentLength=8)
    s3.add_response("get_object", answer)
    with pytest.raises(TransientStorageError):
        storage.read("in", "key")


def test_a_body_that_only_drips_is_raised(s3: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:
    """All reads together have a limit, not only each one."""
    monkeypatch.setattr(storage, "BODY_LIMIT_S", -1.0)
    s3.add_response("get_object", found(b"bytes"))
    with pytest.raises(TransientStorageError, match="slowly"):
        storage.read("in", "key")


def test_a_bad_address_is_a_config_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An AWS_ENDPOINT_URL that is none is told as such, at the first event and not at start."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ca-central-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "no address")
    storage.client.cache_clear()
    storage.warm()
    with pytest.raises(Refusal, match="no address") as refusal:
        storage.read("in", "key")
    assert Code.CONFIG_ERROR == refusal.value.code


def test_every_wait_together_fits_into_the_functions_30_seconds(s3: Stubber) -> None:
    """Two connects, two answers, one body and one decoding, each at its limit, end in time."""
    config: Any = storage.client().meta.config
    waits_s = 2 * (config.connect_timeout + config.read_timeout) + storage.BODY_LIMIT_S + 10
    assert waits_s < 30
    assert {"total_max_attempts": 1, "mode": "standard"} == config.retries
