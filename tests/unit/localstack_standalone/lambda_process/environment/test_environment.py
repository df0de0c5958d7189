"""An environment's life, with a real zygote, worker and runtime client, without LocalStack."""

from __future__ import annotations

import threading

import pytest

from localstack_standalone.lambda_process.environment.environment import (
    EnvironmentState,
    StoppedError,
)
from localstack_standalone.lambda_process.environment.sandbox import SandboxState
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
    states = [life.sandbox.state]
    life.environment.start()
    states.append(life.sandbox.state)
    assert [SandboxState.UNLOADED, SandboxState.LOADED] == states
    assert [b"1", b"2"] == [life.invoke().payload, life.invoke().payload]
    life.environment.stop(now=False)
    assert (EnvironmentState.STOPPED, [True]) == (life.environment.state, life.ended)
    with pytest.raises(StoppedError):
        life.invoke()


def test_memory_is_looked_at_while_output_flows(make_life: MakeLife) -> None:
    """A function that never stops writing is held to its limit as well, and its report says so."""
    code = """
def handler(event, context):
    held = []
    while True:
        held.append(bytearray(1 << 20))
        print("x" * 2000, flush=True)
"""
    life = make_life(code, memory_mb=128, timeout_s=20.0)
    life.environment.start()
    payload = life.invoke().payload.decode()
    assert "signal: killed" in payload
    assert "Runtime.ExitError" in payload
    assert "Status: error\tError Type: Runtime.OutOfMemory\t" in life.lines[-1]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def handler(event, context): print('out')", "INIT_START START out END REPORT"),
        (
            "import os\ndef handler(event, context): print('out', flush=True); os._exit(3)",
            "INIT_START START out END REPORT",
        ),
        (
            "def handler(event, context):\n    print('out', flush=True)\n    while True: pass",
            "INIT_START START out TIMEOUT END REPORT",
        ),
        (
            "import nothing_of_that_name",
            "INIT_START" + 2 * " [WARNING] [ERROR] INIT_REPORT" + " START END REPORT",
        ),
    ],
    ids=["answered", "exit", "time out", "cannot be loaded"],
)
def test_the_lines_of_an_event_are_in_order(make_life: MakeLife, code: str, expected: str) -> None:
    """What the platform says and what the function writes, as on AWS."""
    life = make_life(code, timeout_s=0.5)
    life.environment.start()
    life.invoke()
    told = ["TIMEOUT" if "Task timed out" in line else line.split()[0] for line in life.lines]
    assert expected.split() == told


def test_the_report_of_a_timeout_tells_its_memory(make_life: MakeLife) -> None:
    """As that of any other invocation, though the worker is gone by then."""
    life = make_life("def handler(event, context):\n    while True: pass", timeout_s=0.3)
    life.environment.start()
    life.invoke()
    (report,) = [line for line in life.lines if line.startswith("REPORT")]
    assert "Max Memory Used: 0 MB" not in report


def test_a_stop_waits_for_the_event_under_way(make_life: MakeLife) -> None:
    """Unless the emulator itself ends."""
    life = make_life("import time\ndef handler(event, context):\n    time.sleep(0.5)\n    return 1")
    life.environment.start()
    stopping = threading.Timer(0.2, life.environment.stop, kwargs={"now": False})
    stopping.start()
    assert b"1" == life.invoke().payload
    assert [True] == life.ended


def test_a_stop_while_the_function_loads_leaves_no_worker(make_life: MakeLife) -> None:
    """The one that is loading is ended, and none takes its place."""
    slow = "import time\nprint('loading', flush=True)\ntime.sleep(0.5)\n"
    life = make_life(slow + "def handler(event, context): pass")
    starting = threading.Thread(target=life.environment.start)
    starting.start()
    waiting.until(
        lambda: ("loading\n" in life.lines or None, str(life.lines)), "a load", timeout_s=10
    )
    life.environment.stop(now=False)
    starting.join(10)
    assert [True] == life.ended
    assert EnvironmentState.STOPPED is life.environment.state
    assert SandboxState.LOST is life.sandbox.state
