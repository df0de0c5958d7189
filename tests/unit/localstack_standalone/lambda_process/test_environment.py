"""An environment's life, with a real template, worker and runtime client, without LocalStack."""

from __future__ import annotations

import json
import os
import threading

import psutil
import pytest

from localstack_standalone.lambda_process.environment import State, StoppedError
from testbed import waiting
from tests.unit.localstack_standalone.lambda_process.conftest import MakeLife

COUNT = """
count = 0
def handler(event, context):
    global count
    count += 1
    return count
"""


def test_a_life_without_incidents(make_life: MakeLife) -> None:
    """Loaded once, warm afterwards, and gone with all that was its own."""
    life = make_life(COUNT)
    states = [life.environment.state]
    life.environment.start()
    states.append(life.environment.state)
    assert [State.UNLOADED, State.LOADED] == states
    assert [b"1", b"2"] == [life.invoke().payload, life.invoke().payload]
    life.environment.stop(now=False)
    assert (State.STOPPED, [True]) == (life.environment.state, life.ended)
    with pytest.raises(StoppedError):
        life.invoke()


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import os\ndef handler(event, context): os._exit(3)", "exit status 3"),
        ("import os\ndef handler(event, context): os.kill(os.getpid(), 9)", "signal: killed"),
        ("def handler(event, context):\n    while True: pass", "timed out after 0.50 seconds"),
    ],
    ids=["exit", "killed", "time out"],
)
def test_a_lost_worker_is_replaced_at_the_next_event(
    make_life: MakeLife, code: str, error: str
) -> None:
    """The event has the error of its own worker, and the environment lives on."""
    life = make_life(code, timeout_s=0.5)
    life.environment.start()
    outcome = life.invoke()
    assert outcome.is_error
    assert error in outcome.payload.decode()
    assert State.LOST is life.environment.state
    (life.task / "app.py").write_text(COUNT)
    assert b"1" == life.invoke().payload


def test_a_function_that_cannot_be_loaded(make_life: MakeLife) -> None:
    """Is the event's error, is loaded once more within each event, and may be right then."""
    life = make_life("import nothing_of_that_name\n")
    life.environment.start()
    assert State.LOAD_FAILED is life.environment.state
    assert "Runtime.ImportModuleError" == json.loads(life.invoke().payload)["errorType"]
    (life.task / "app.py").write_text(COUNT)
    assert b"1" == life.invoke().payload
    starts = [line for line in life.lines if line.startswith("INIT_START")]
    assert 2 == len(starts), life.lines


def test_a_worker_that_died_while_it_was_idle_costs_no_event(make_life: MakeLife) -> None:
    """Killed by the machine, it is replaced before an event is given to it."""
    life = make_life("import os\ndef handler(event, context): return os.getpid()")
    life.environment.start()
    first = int(life.invoke().payload)
    psutil.Process(first).kill()
    waiting.until(
        lambda: (not psutil.pid_exists(first) or None, "it lives"), "its end", timeout_s=10
    )
    outcome = life.invoke()
    assert not outcome.is_error
    assert first != int(outcome.payload)


def test_memory_is_looked_at_while_output_flows(make_life: MakeLife) -> None:
    """A function that never stops writing is held to its limit as well."""
    code = """
def handler(event, context):
    held = []
    while True:
        held.append(bytearray(1 << 20))
        print("x" * 2000, flush=True)
"""
    life = make_life(code, memory_mb=128, timeout_s=20.0)
    life.environment.start()
    assert "signal: killed" in life.invoke().payload.decode()


def test_a_stop_waits_for_the_event_under_way(make_life: MakeLife) -> None:
    """Unless the emulator itself ends."""
    life = make_life("import time\ndef handler(event, context):\n    time.sleep(0.5)\n    return 1")
    life.environment.start()
    stopping = threading.Timer(0.2, life.environment.stop, kwargs={"now": False})
    stopping.start()
    assert b"1" == life.invoke().payload
    assert [True] == life.ended


def test_a_save_within_the_second_is_run(make_life: MakeLife) -> None:
    """Also one of the same size, whose bytecode Python would take for the old one's."""
    life = make_life("def handler(event, context): return 1", hot=True)
    life.environment.start()
    source = life.task / "app.py"
    saved = source.stat().st_mtime_ns // 10**9 * 10**9
    os.utime(source, ns=(saved, saved))
    for number, value in enumerate((b"2", b"3"), start=1):
        source.write_bytes(b"def handler(event, context): return " + value)
        os.utime(source, ns=(saved + number, saved + number))
        assert value == life.invoke().payload
    assert not (life.task / "__pycache__").exists()
