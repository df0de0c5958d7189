from __future__ import annotations

import re

from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support.functions import invoke, logged

REPORT = (
    r"REPORT RequestId: {id}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\t"
    r"Memory Size: 128 MB\tMax Memory Used: \d+ MB\t(Init Duration: \d+\.\d\d ms\t)?\n"
)


def test_an_invocation_is_framed_by_the_platforms_lines(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """INIT_START once, then START, the function's lines in order, END and REPORT."""
    name = make_function(
        """
        import logging, sys
        def handler(event, context):
            print("to stdout")
            print("to stderr", file=sys.stderr)
            logging.getLogger().warning("to logging")
            print("unfinished", end="")
        """
    )
    first, second = invoke(emulator.aws, name), invoke(emulator.aws, name)
    events = logged(emulator.aws, name, f"REPORT RequestId: {second.request_id}")
    assert events[0].startswith("INIT_START Runtime Version: python:3.13")
    assert 1 == sum("INIT_START" in event for event in events)
    own = events[1:8]
    assert f"START RequestId: {first.request_id} Version: $LATEST\n" == own[0]
    assert ["to stdout\n", "to stderr\n"] == own[1:3]
    assert re.fullmatch(rf"\[WARNING\]\t\S+Z\t{first.request_id}\tto logging\n", own[3])
    assert ["unfinished\n", f"END RequestId: {first.request_id}\n"] == own[4:6]
    assert re.fullmatch(REPORT.format(id=first.request_id), own[6])
    assert "Init Duration" in own[6]
    assert "Init Duration" not in events[-1]


def test_an_error_is_one_event(emulator: Emulator, make_function: MakeFunction) -> None:
    """The lines of an exception stay together in one event, with line breaks."""
    name = make_function("def handler(e, c):\n    raise KeyError('gone')")
    answer = invoke(emulator.aws, name)
    events = logged(emulator.aws, name, f"REPORT RequestId: {answer.request_id}")
    (error,) = [event for event in events if "[ERROR]" in event]
    assert error.startswith("[ERROR] KeyError: 'gone'\nTraceback (most recent call last):\n")


def test_a_failed_load_is_logged(emulator: Emulator, make_function: MakeFunction) -> None:
    """What a module prints before it fails to load is in the log, with the error."""
    name = make_function("print('loading')\nimport nope")
    answer = invoke(emulator.aws, name)
    events = logged(emulator.aws, name, f"REPORT RequestId: {answer.request_id}")
    assert "loading\n" in events
    assert any("Runtime.ImportModuleError" in event for event in events)


def test_nothing_is_lost_when_a_function_dies(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """Lines written before a crash are delivered, ten thousand of them too."""
    name = make_function(
        """
        import os
        def handler(event, context):
            for n in range(10_000):
                print("line", n)
            os.kill(os.getpid(), 9)
        """
    )
    answer = invoke(emulator.aws, name)
    events = logged(emulator.aws, name, f"REPORT RequestId: {answer.request_id}")
    lines = [event for event in events if event.startswith("line ")]
    assert [f"line {n}\n" for n in range(10_000)] == lines
    assert 4096 >= len(answer.log)
    assert answer.log.splitlines()[-1].startswith(f"REPORT RequestId: {answer.request_id}")


def test_environments_log_to_streams_of_their_own(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """A stream is named by day, version and environment: 2026/03/15/[$LATEST]<32 hex digits>."""
    name = make_function("def handler(e, c): pass")
    answer = invoke(emulator.aws, name)
    logged(emulator.aws, name, f"REPORT RequestId: {answer.request_id}")
    streams = emulator.aws.logs.describe_log_streams(logGroupName=f"/aws/lambda/{name}")
    (stream,) = [found["logStreamName"] for found in streams["logStreams"]]
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)
