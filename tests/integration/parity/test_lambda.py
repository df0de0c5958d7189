from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, Literal

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


@pytest.mark.parametrize("code", ["def handler(e, c): return {}", "def handler(e, c): 1 / 0"])
def test_the_answer_of_a_function_is_json(emulator: Emulator, code: str) -> None:
    """Content-Type application/json and AWS's other headers (recorded as a task's SdkHttpMetadata).

    For results and failures alike.
    """
    name = functions.make(emulator.aws, code)
    answer = emulator.aws.lambda_.invoke(FunctionName=name)
    emulator.aws.lambda_.delete_function(FunctionName=name)
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert "application/json" == headers["content-type"]
    assert "0" == headers["x-amzn-remapped-content-length"]
    assert headers["x-amzn-trace-id"].startswith("Root=1-")


def _heavy() -> bytes:
    """A deployment package that takes a while to unpack."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", "def handler(e, c): return 1")
        for number in range(3000):
            archive.writestr(f"data/{number}", random.randbytes(2000))
    return buffer.getvalue()


def _code(emulator: Emulator, name: str) -> None:
    package = functions.zipped("def handler(e, c): return 2")
    emulator.aws.lambda_.update_function_code(FunctionName=name, ZipFile=package)


def _configuration(emulator: Emulator, name: str) -> None:
    emulator.aws.lambda_.update_function_configuration(FunctionName=name, Timeout=9)


@pytest.mark.parametrize("again", [_code, _configuration])
def test_an_update_during_an_update_is_refused(
    emulator: Emulator, again: Callable[[Emulator, str], None]
) -> None:
    """409 ResourceConflictException that names the function, and nothing of it stays (recorded).

    Once the first is done, another is taken.
    """
    lambda_ = emulator.aws.lambda_
    name = functions.make(emulator.aws, "def handler(e, c): return 0")
    first = lambda_.update_function_code(FunctionName=name, ZipFile=_heavy())
    with pytest.raises(lambda_.exceptions.ResourceConflictException) as refused:
        again(emulator, name)
    response: Any = refused.value.response
    assert 409 == response["ResponseMetadata"]["HTTPStatusCode"]
    expected = (
        "The operation cannot be performed at this time. "
        f"An update is in progress for resource: {first['FunctionArn']}"
    )
    assert expected == response["Error"]["Message"]
    functions.until_settled(emulator.aws, name)
    found = lambda_.get_function_configuration(FunctionName=name)
    assert (first["CodeSha256"], 10) == (found["CodeSha256"], found["Timeout"])
    again(emulator, name)
    functions.until_settled(emulator.aws, name)
    lambda_.delete_function(FunctionName=name)


def test_snap_start_is_refused(emulator: Emulator) -> None:
    """400 InvalidParameterValueException, as in a region that has none (public reports)."""
    lambda_ = emulator.aws.lambda_
    wanted: Any = {"ApplyOn": "PublishedVersions"}
    with pytest.raises(lambda_.exceptions.InvalidParameterValueException) as refused:
        functions.make(emulator.aws, "def handler(e, c): return 0", SnapStart=wanted)
    message = "python3.13 is not supported for SnapStart enabled functions."
    assert message == refused.value.response["Error"]["Message"]
    name = functions.make(
        emulator.aws, "def handler(e, c): return 0", SnapStart={"ApplyOn": "None"}
    )
    lambda_.delete_function(FunctionName=name)
