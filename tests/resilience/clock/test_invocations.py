"""The wall clock is set while functions run, wait for their turn, or are tried again."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from testbed.aws import Aws
from tests.integration.parity.conftest import Machines
from tests.resilience.clock.test_executions import HOUR, JUMPS
from tests.support import functions
from tests.support.altered import WallClock
from tests.support.functions import logged

# Says that it has begun, and does what it is told.
ASKS = """
import socket
def handler(event, context):
    print("BEGUN")
    with socket.create_connection(("127.0.0.1", event["port"])) as line:
        told = line.recv(100).decode()
    if told == "fail":
        raise RuntimeError("as it was told")
    print("OVER")
    return told
"""


class Line:
    """Where functions that run ask what to do."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(20)
        self._open: list[socket.socket] = []
        self.event = {"port": self._server.getsockname()[1]}

    def begun(self) -> socket.socket:
        """Wait until one asks."""
        asking, _ = self._server.accept()
        self._open.append(asking)
        return asking

    def tell(self, what: str) -> None:
        """Wait until one asks, and tell it."""
        self.begun().sendall(what.encode())

    def close(self) -> None:
        for one in (*self._open, self._server):
            one.close()


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.close()


def queue(aws: Aws, name: str, what: dict[str, Any]) -> None:
    """Invoke *name* for nobody who waits."""
    payload = json.dumps(what).encode()
    aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=payload)


@JUMPS
def test_a_function_has_the_time_that_it_was_given(
    jumping: Machines, clock: WallClock, jump_s: int, line: Line
) -> None:
    """Two seconds: neither an hour more nor none."""
    name, began = functions.make(jumping.aws, ASKS, Timeout=2), time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(functions.invoke, jumping.aws, name, line.event)
        line.begun()
        clock.set(jump_s)
        assert "timed out after 2.00 seconds" in str(asked.result(20).payload)
    assert time.monotonic() - began >= 2


@JUMPS
def test_a_function_answers_as_ever(
    jumping: Machines, clock: WallClock, jump_s: int, line: Line
) -> None:
    """Who waits for it gets the answer; its log has all lines."""
    name = functions.make(jumping.aws, ASKS, Timeout=60)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(functions.invoke, jumping.aws, name, line.event)
        asking = line.begun()
        clock.set(jump_s)
        asking.sendall(b"tea")
        assert "tea" == asked.result(20).payload
    text = "".join(logged(jumping.aws, name, "REPORT"))
    assert ("BEGUN" in text, "OVER" in text) == (True, True), text


@JUMPS
def test_an_event_that_failed_is_tried_again_in_time(
    jumping: Machines, clock: WallClock, jump_s: int, line: Line
) -> None:
    """After two seconds, though it may be no older than a minute."""
    name = functions.make(jumping.aws, ASKS)
    jumping.aws.lambda_.put_function_event_invoke_config(
        FunctionName=name, MaximumEventAgeInSeconds=60
    )
    queue(jumping.aws, name, line.event)
    asking = line.begun()
    clock.set(jump_s)
    asking.sendall(b"fail")
    line.tell("go on")


def test_a_retry_that_waits_already_comes_in_time(
    jumping: Machines, clock: WallClock, line: Line
) -> None:
    """Its two seconds are no hour where the clock is set back meanwhile."""
    name = functions.make(jumping.aws, ASKS)
    queue(jumping.aws, name, line.event)
    line.tell("fail")
    logged(jumping.aws, name, "REPORT")
    clock.set(-HOUR)
    line.tell("go on")


def test_an_event_whose_function_runs_is_not_delivered_again(
    jumping: Machines, clock: WallClock, line: Line
) -> None:
    """An hour forward is no hour in which nobody took note of it."""
    name, other = (functions.make(jumping.aws, ASKS, Timeout=60) for _ in range(2))
    queue(jumping.aws, name, line.event)
    asking = line.begun()
    clock.set(HOUR)
    # The queues have been looked through, more than once, when this one is tried again.
    witnesses = Line()
    queue(jumping.aws, other, witnesses.event)
    for told in ("fail", "go on"):
        witnesses.tell(told)
    witnesses.close()
    asking.sendall(b"go on")
    lines = logged(jumping.aws, name, "REPORT")
    assert 1 == sum("BEGUN" in text for text in lines), lines
