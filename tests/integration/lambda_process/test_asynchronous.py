"""Event invocations: nobody waits, so failures show in the log, the retries and the destination."""

from __future__ import annotations

import json
import re

import pytest

from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support import functions
from tests.support.functions import logged

# What a function does · what the REPORT line, or the line above it, says of that.
FAILURES = {
    "exception": ("def handler(e, c): raise KeyError('x')", r"\[ERROR\] KeyError: 'x'"),
    "exit": ("import os\ndef handler(e, c): os._exit(4)", r"Error Type: Runtime\.ExitError"),
    "signal": (
        "import os\ndef handler(e, c): os.kill(os.getpid(), 11)",
        r"Error Type: Runtime\.ExitError",
    ),
    "import": ("import nope", r"Error Type: Runtime\.ImportModuleError"),
    "syntax": ("def handler(", r"Error Type: Runtime\.UserCodeSyntaxError"),
    "missing handler": ("x = 1", r"Error Type: Runtime\.HandlerNotFound"),
    "no JSON": ("def handler(e, c): return {1}", r"Runtime\.MarshalError"),
    "memory": (
        "def handler(e, c): return len(bytearray(10**9))",
        r"Error Type: Runtime\.OutOfMemory",
    ),
    "timeout": ("import signal\ndef handler(e, c): signal.pause()", r"Status: timeout"),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_goes_to_the_destination(
    emulator: Emulator, make_function: MakeFunction, kind: str
) -> None:
    """Each failure is logged, and the destination's record says that the function failed."""
    code, in_log = FAILURES[kind]
    received = make_function("def handler(e, c): print('RECEIVED', __import__('json').dumps(e))")
    name = make_function(code, Timeout=1)
    aws = emulator.aws
    target = aws.lambda_.get_function_configuration(FunctionName=received)["FunctionArn"]
    aws.lambda_.put_function_event_invoke_config(
        FunctionName=name,
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": target}},
    )
    answer = aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"n": 1}')
    assert 202 == answer["StatusCode"]
    assert b"" == answer["Payload"].read()
    assert "x-amz-function-error" not in answer["ResponseMetadata"]["HTTPHeaders"]
    log = "".join(logged(aws, name, "REPORT RequestId"))
    assert re.search(in_log, log), log
    events = logged(aws, received, "RECEIVED")
    record = json.loads(next(e for e in events if "RECEIVED" in e).removeprefix("RECEIVED "))
    assert {"n": 1} == record["requestPayload"]
    assert "RetriesExhausted" == record["requestContext"]["condition"]
    assert "Unhandled" == record["responseContext"]["functionError"]
    assert 1 == record["requestContext"]["approximateInvokeCount"]


def test_a_malformed_event_is_refused_at_once(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """What is no JSON is never queued."""
    name = make_function("def handler(e, c): pass")
    refused = emulator.aws.lambda_.exceptions.InvalidRequestContentException
    with pytest.raises(refused):
        emulator.aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=b"{nope")


def test_the_environment_goes_on_after_a_failure(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """A crash of a queued event leaves the function usable for the next one."""
    name = make_function(
        "import os\ndef handler(e, c):\n    if e: os._exit(4)\n    print('FINE')",
    )
    aws = emulator.aws
    aws.lambda_.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
    for event in (b"1", b"0"):
        aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=event)
    assert any("FINE" in line for line in logged(aws, name, "FINE"))
    assert functions.invoke(aws, name, 0).error is None
