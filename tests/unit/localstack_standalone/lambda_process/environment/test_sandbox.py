"""A sandbox's life: what its workers come to, and when another takes the place of one."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import psutil
import pytest

from localstack_standalone.faults import latency
from localstack_standalone.faults.kind import FaultKind, When
from localstack_standalone.faults.rule import FaultRule
from localstack_standalone.faults.rules import FaultRules
from localstack_standalone.lambda_process.environment.sandbox import MOST_KILLS, SandboxState
from testbed import waiting
from tests.unit.localstack_standalone.lambda_process.conftest import MakeLife

COUNT = """
count = 0
def handler(event, context):
    global count
    count += 1
    return count
"""
# Ends as it loads, so often; killed as by the machine when memory is short, or by its own doing.
ENDS = """
import os, pathlib
tally = pathlib.Path(__file__).with_name("tally")
tally.write_text(tally.read_text() + "x" if tally.exists() else "x")
if len(tally.read_text()) <= {times}:
    {end}
def handler(event, context): return len(tally.read_text())
"""
KILL = "os.kill(os.getpid(), 9)"


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
    assert SandboxState.LOST is life.sandbox.state
    (life.task / "app.py").write_text(COUNT)
    assert b"1" == life.invoke().payload


def test_a_function_that_cannot_be_loaded(make_life: MakeLife) -> None:
    """Is the event's error, is loaded once more within each event, and may be right then."""
    life = make_life("import nothing_of_that_name\n")
    life.environment.start()
    assert SandboxState.LOAD_FAILED is life.sandbox.state
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


def test_a_worker_that_is_killed_as_it_loads_is_replaced_unseen(make_life: MakeLife) -> None:
    """As often as MOST_KILLS allows; the function was not at fault."""
    life = make_life(ENDS.format(times=MOST_KILLS - 1, end=KILL))
    life.environment.start()
    assert SandboxState.LOADED is life.sandbox.state
    assert str(MOST_KILLS).encode() == life.invoke().payload


@pytest.mark.parametrize(("end", "workers"), [(KILL, MOST_KILLS), ("os._exit(3)", 1)])
def test_a_function_that_always_ends_as_it_loads_is_given_up(
    make_life: MakeLife, end: str, workers: int
) -> None:
    """After MOST_KILLS workers; at once where it ended itself, as another would do the same."""
    life = make_life(ENDS.format(times=99, end=end))
    life.environment.start()
    assert SandboxState.LOAD_FAILED is life.sandbox.state
    assert workers == len((life.task / "tally").read_text())


def test_a_load_that_takes_too_long_is_ended(make_life: MakeLife) -> None:
    """Within the event: no worker goes on behind it, and the next event loads anew."""
    life = make_life("while True: pass", timeout_s=0.5)
    life.sandbox.load(0.3, "init")
    states = [life.sandbox.state]
    assert 0.0 == life.sandbox.cpu_s
    assert life.sandbox.peak_bytes > 0
    (life.task / "app.py").write_text(COUNT)
    life.sandbox.make_ready(5.0)
    states.append(life.sandbox.state)
    assert [SandboxState.LOAD_FAILED, SandboxState.LOADED] == states


@pytest.mark.parametrize(("phase", "told"), [("init", True), ("invoke", False)])
def test_a_cold_start_is_billed_once(make_life: MakeLife, phase: str, *, told: bool) -> None:
    """To one event, and not where it took place within one: AWS calls that suppressed."""
    life = make_life(COUNT)
    life.sandbox.load(5.0, phase)
    assert [told, False] == [life.sandbox.take_init_ms() is not None for _ in range(2)]


def test_what_is_loaded_and_unchanged_stays(make_life: MakeLife) -> None:
    """Its worker serves the next event, with the state that the function keeps."""
    life = make_life(COUNT, hot=True)
    life.environment.start()
    assert [b"1", b"2"] == [life.invoke().payload for _ in range(2)]
    (life.task / "app.py").write_text(COUNT + "# saved\n")
    assert b"1" == life.invoke().payload


def test_a_lost_sandbox_keeps_its_peak(make_life: MakeLife) -> None:
    """The report of the event that it was lost in tells it."""
    life = make_life(COUNT)
    life.sandbox.load(5.0, "init")
    life.sandbox.lose()
    assert SandboxState.LOST is life.sandbox.state
    assert life.sandbox.peak_bytes > 0
    assert 0.0 == life.sandbox.cpu_s


def faulty(kind: FaultKind, **wanted: Any) -> FaultRules:
    rules = FaultRules()
    asked = {"name": "r", "operation": "lambda:Invoke", "kind": kind, "first": 1}
    rules.add([FaultRule(**{**asked, **wanted})], 1)
    return rules


WORKS = """
import pathlib
def handler(event, context):
    tally = pathlib.Path(__file__).with_name("done")
    tally.write_text(tally.read_text() + "x" if tally.exists() else "x")
    print("at work")
    return "done"
"""


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize(
    ("kind", "said", "status"),
    [
        (FaultKind.CRASH, "Runtime exited with error: signal: killed", "Runtime.ExitError"),
        (
            FaultKind.OUT_OF_MEMORY,
            "Runtime exited with error: signal: killed",
            "Runtime.OutOfMemory",
        ),
        (FaultKind.TIMEOUT, "Task timed out after 0.50 seconds", "Status: timeout"),
    ],
)
def test_an_injected_end_is_told_as_a_real_one(
    make_life: MakeLife, kind: FaultKind, said: str, status: str, when: When
) -> None:
    """In the answer and the report; the work was not begun, or was done; the next event is well."""
    life = make_life(WORKS, timeout_s=0.5, rules=faulty(kind, when=when))
    life.environment.start()
    outcome = life.invoke()
    assert outcome.is_error
    assert said in outcome.payload.decode()
    assert status in life.lines[-1]
    assert (when is When.AFTER) == (life.task / "done").exists()
    assert (when is When.AFTER) == any("at work" in line for line in life.lines)
    assert b'"done"' == life.invoke().payload
    assert (2 if when is When.AFTER else 1) == len((life.task / "done").read_text())


def test_an_injected_slow_start_is_billed_as_init(make_life: MakeLife) -> None:
    """It is part of the first event's report, and of no other's."""
    life = make_life(WORKS, rules=faulty(FaultKind.SLOW_START, latency=latency.read("300")))
    life.environment.start()
    life.invoke()
    life.invoke()
    reports = [line for line in life.lines if line.startswith("REPORT")]
    first, second = (re.search(r"Init Duration: ([\d.]+) ms", line) for line in reports)
    assert first is not None
    assert 300 <= float(first[1]) < 5000
    assert second is None


def test_a_start_that_is_slowed_beyond_its_time_has_failed(make_life: MakeLife) -> None:
    """It is repeated within the event, as on AWS."""
    slow = faulty(FaultKind.SLOW_START, latency=latency.read("60000"))
    life = make_life(WORKS, rules=slow)
    life.sandbox.load(0.3, "init")
    assert SandboxState.LOAD_FAILED is life.sandbox.state
    assert any("Status: timeout" in line for line in life.lines)
    assert b'"done"' == life.invoke().payload
