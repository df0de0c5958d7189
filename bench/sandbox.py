"""`make bench-sandbox`: functions in sandboxes beside functions that are ordinary processes.

Stages: both emulators up at once, and by turns: cold starts, warm invocations, load, memory of the
environments that the load has left → medians and ratios.
"""

from __future__ import annotations

import contextlib
import io
import re
import time
import zipfile
from base64 import b64decode
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench import emulators, harness, load
from bench.emulators import Emulator, Life
from bench.goals import Goal
from bench.measurements import Measurements
from infra import package
from infra.account import Account
from infra.resources import function
from targets import workers
from testbed import names, settings, terminal

REPORT: Final = harness.REPORTS / "sandbox.json"
HEADS: Final[tuple[Emulator, ...]] = ("unconfined", "sandboxed")
ROUNDS: Final = 6
COLD_STARTS: Final = 10  # a round
WARM_INVOCATIONS: Final = 60  # a round
CLIENTS: Final = 8
BURST_S: Final = 4.0
_FUNCTION: Final = "bench-sandbox"
_CODE: Final = "import boto3, json\ndef handler(event, context): return event\n"
_INIT: Final = "Init Duration, ms"
_COLD: Final = "cold invocation, ms"
_WARM: Final = "warm invocation, ms"
_RATE: Final = f"executions/s, {CLIENTS} clients"
_MEMORY: Final = "memory of an environment, MB"


def measure(rounds: int, measured: Measurements, folder: Path, note: harness.Note) -> None:
    """Both by turns, *rounds* times."""
    code = package.build(package.host_platform(), uv=settings.uv())
    with contextlib.ExitStack() as up:
        lives = [up.enter_context(emulators.life(e, folder / e, code)) for e in HEADS]
        for life in lives:
            _make_function(life)
            life.client.many(4 * CLIENTS, CLIENTS)
        for life in emulators.by_turns(lives, rounds, note):
            _round(measured, life)


def _make_function(life: Life) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", _CODE)
    lambda_ = life.aws.lambda_
    lambda_.create_function(
        FunctionName=_FUNCTION,
        Runtime=function.RUNTIME,
        Role=Account(emulators.ACCOUNT, life.aws.region).role_arn(names.FUNCTION_ROLE),
        Handler="app.handler",
        Code={"ZipFile": packed.getvalue()},
    )
    lambda_.get_waiter("function_active_v2").wait(FunctionName=_FUNCTION, WaiterConfig={"Delay": 1})


def _round(measured: Measurements, life: Life) -> None:
    for number in range(COLD_STARTS):
        _renew(life, number)
        took_ms, init_ms = _invoke(life)
        measured.add(life.emulator, _COLD, took_ms)
        measured.add(life.emulator, _INIT, init_ms)
    for _ in range(WARM_INVOCATIONS):
        measured.add(life.emulator, _WARM, _invoke(life)[0])
    seen = life.client.burst(CLIENTS, BURST_S)
    measured.add(life.emulator, _RATE, seen.per_s)
    measured.add(life.emulator, "server CPU an execution, ms", seen.cpu_ms)
    measured.add(life.emulator, _MEMORY, _environment_mb(life))


def _environment_mb(life: Life) -> float:
    """Memory of one environment on average; a sandbox's init counts with it."""
    functions = workers.find(life.client.entry.pid)
    inits = [each.parent() for each in functions] if life.emulator == "sandboxed" else []
    return load.proportional_mb([*functions, *(each for each in inits if each)]) / len(functions)


def _renew(life: Life, number: int) -> None:
    """Have the next invocation start an environment."""
    lambda_ = life.aws.lambda_
    lambda_.update_function_configuration(
        FunctionName=_FUNCTION,
        Environment={"Variables": {"NUMBER": f"{time.monotonic_ns()}-{number}"}},
    )
    waiter = lambda_.get_waiter("function_updated_v2")
    waiter.wait(FunctionName=_FUNCTION, WaiterConfig={"Delay": 1})


def _invoke(life: Life) -> tuple[float, float]:
    """Milliseconds that the caller waited, and those of the cold start, if it was one."""
    began = time.monotonic()
    answer: Any = life.aws.lambda_.invoke(FunctionName=_FUNCTION, Payload=b"{}", LogType="Tail")
    took_ms = (time.monotonic() - began) * 1000
    told = re.search(r"Init Duration: ([\d.]+) ms", b64decode(answer["LogResult"]).decode())
    return took_ms, float(told[1]) if told else 0.0


def goals(measured: Measurements) -> list[Goal]:
    """What a sandbox may cost."""

    def sandboxed(what: str) -> float:
        return measured.ratio(what, "sandboxed", "unconfined")

    return [
        Goal("cold start, sandboxed / unconfined", sandboxed(_INIT), 1.5),
        Goal("warm invocation, sandboxed / unconfined", sandboxed(_WARM), 1.05),
        Goal("throughput, sandboxed / unconfined", sandboxed(_RATE), 0.95, more=True),
        Goal("memory of an environment, sandboxed / unconfined", sandboxed(_MEMORY), 1.1),
    ]


def main() -> None:
    """Measure, keep, show."""
    measured = harness.run(partial(measure, harness.rounds(ROUNDS)), REPORT)
    harness.show(
        harness.medians(measured, "What a sandbox costs", HEADS, ratio=True),
        harness.reached(goals(measured)),
        kept=REPORT,
    )


if __name__ == "__main__":
    terminal.run(main)
