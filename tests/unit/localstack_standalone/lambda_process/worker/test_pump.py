"""Waiting while output flows."""

from __future__ import annotations

import os
import threading
import time

import pytest

from localstack_standalone.lambda_process.worker.ends import OutOfTimeError
from localstack_standalone.lambda_process.worker.logs import LogStream
from localstack_standalone.lambda_process.worker.pump import Pump


def test_what_was_written_before_is_in_the_log() -> None:
    """Also what came as the wait ended; whoever waits is woken."""
    lines: list[str] = []
    pump = Pump(LogStream(lambda _when, line: lines.append(line)), lambda: None)
    done: list[int] = []

    def write() -> None:
        os.write(pump.writer, b"one\ntwo\n")
        done.append(1)
        pump.wake()

    threading.Timer(0.1, write).start()
    assert 1 == pump.flow(lambda: done[0] if done else None, time.monotonic() + 10)
    assert ["one\n", "two\n"] == lines
    os.close(pump.writer)
    pump.close()
    pump.wake()  # no error


def test_a_wait_has_an_end() -> None:
    """And looks now and then meanwhile."""
    looks: list[int] = []
    pump = Pump(LogStream(lambda *_: None), lambda: looks.append(1))
    with pytest.raises(OutOfTimeError):
        pump.flow(lambda: None, time.monotonic() + 0.3)
    assert looks
    os.close(pump.writer)
    pump.close()
