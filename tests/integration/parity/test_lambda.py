from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from botocore.exceptions import ClientError

from tests.conftest import Emulator
from tests.support import functions


@pytest.fixture(scope="module")
def function(emulator: Emulator) -> Iterator[str]:
    """A function that tells how long its event is."""
    name = functions.make(emulator.aws, "def handler(e, c): return len(e or '')")
    yield name
    emulator.aws.lambda_.delete_function(FunctionName=name)


@pytest.mark.parametrize(
    ("invocation", "limit_bytes"), [("RequestResponse", 6_291_456), ("Event", 1_048_576)]
)
def test_a_longer_event_is_refused(
    emulator: Emulator,
    function: str,
    invocation: Literal["RequestResponse", "Event"],
    limit_bytes: int,
) -> None:
    """413 RequestEntityTooLargeException; the limit itself is allowed."""
    invoke = emulator.aws.lambda_.invoke
    fits = b'"' + b"a" * (limit_bytes - 2) + b'"'
    status = invoke(FunctionName=function, InvocationType=invocation, Payload=fits)["StatusCode"]
    assert {"RequestResponse": 200, "Event": 202}[invocation] == status
    with pytest.raises(ClientError) as refused:
        invoke(FunctionName=function, InvocationType=invocation, Payload=fits + b" ")
    response = refused.value.response
    assert 413 == response["ResponseMetadata"]["HTTPStatusCode"]
    assert "RequestEntityTooLargeException" == response["Error"]["Code"]
    expected = f"Request must be smaller than {limit_bytes} bytes for the InvokeFunction operation"
    assert expected == response["Error"]["Message"]


@pytest.mark.parametrize(
    "payload",
    [b"Hello", b"{", b"'a'", b'{"a": 1,}', b"NaN", b'"\x80"', b" ", b"[" * 100_000],
    ids=["word", "cut off", "quotes", "comma", "NaN", "no UTF-8", "blank", "deep"],
)
@pytest.mark.parametrize("invocation", ["RequestResponse", "Event"])
def test_an_event_that_is_no_json_is_refused(
    emulator: Emulator,
    function: str,
    invocation: Literal["RequestResponse", "Event"],
    payload: bytes,
) -> None:
    """400 InvalidRequestContentException before any function runs."""
    with pytest.raises(emulator.aws.lambda_.exceptions.InvalidRequestContentException) as refused:
        emulator.aws.lambda_.invoke(
            FunctionName=function, InvocationType=invocation, Payload=payload
        )
    assert 400 == refused.value.response["ResponseMetadata"]["HTTPStatusCode"]
    message = refused.value.response["Error"]["Message"]
    start = "Could not parse request body into json: Could not parse payload into json: "
    assert message.startswith(start)


@pytest.mark.parametrize("payload", [b"", b"null", b"{}", b'"\xc3\xa9"', b" [1] \n"])
def test_any_json_text_is_an_event(emulator: Emulator, function: str, payload: bytes) -> None:
    """Of any kind, with blanks around it, and none at all."""
    answer = emulator.aws.lambda_.invoke(FunctionName=function, Payload=payload)
    assert "FunctionError" not in answer
