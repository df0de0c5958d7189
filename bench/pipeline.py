"""`make bench`: the pipeline tuned, untuned, in a peer and without any emulator, in one run.

Stages: lives of every emulator by turns (start, provisioning, first executions, cold starts) → all
of them up at once, load by turns → latencies by turns → the handler alone → fresh copies → growth
with history → thumbnails against libvips → medians, ratios and goals; every row is kept.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import statistics
import time
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from bench import emulators, harness, thumbnail
from bench.emulators import Emulator, Life
from bench.goals import FRESH_COPY, GROWTH, goals
from bench.harness import Note
from bench.load import memory_mb
from bench.measurements import Measurements
from infra import package
from localstack_standalone.launcher import forks
from localstack_standalone.launcher.record import Record
from targets import embedded
from testbed import names, setting_table, settings, terminal
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY, Aws

FOLDER: Final = harness.REPORTS / "bench"
EMULATORS: Final[tuple[Emulator, ...]] = ("untuned", "tuned", "ministack")
LATENCY: Final = "POST to finished, ms"

# About what a cold start takes: asking all the while would take the processor from it.
COLD_S: Final = 0.25


@dataclasses.dataclass(frozen=True)
class Scope:
    """How much is measured.

    Attributes:
        lives: of each emulator.
        clients: numbers of them at once.
        bursts: of each emulator, at each number of clients.
        burst_s: length of one.
        latencies: executions one after the other, of each emulator and mode.
        copies: fresh testbeds.
        growth: executions until the last look at memory; a hundred of the untuned one take as
            long as six hundred of the tuned one.
        thumbnails: rounds against libvips.
    """

    lives: int
    clients: tuple[int, ...]
    bursts: int
    burst_s: float
    latencies: int
    copies: int
    growth: Mapping[Emulator, int]
    thumbnails: int


FULL: Final = Scope(2, (1, 8, 32), 2, 3.0, 20, 3, {"untuned": 80, "tuned": 10_000}, 1)
QUICK: Final = Scope(1, (1, 8), 1, 2.0, 8, 1, {"untuned": 24, "tuned": 200}, 0)


def measure(scope: Scope, measured: Measurements, folder: Path, note: Note) -> None:
    """Measure all that *scope* says."""
    code = package.build(package.host_platform(), uv=settings.uv())
    for number in range(scope.lives):
        for emulator in EMULATORS:
            note(f"life {number + 1} of {scope.lives}: {emulator}")
            with emulators.life(emulator, folder / f"{emulator}-{number}", code) as life:
                _life(measured, life, cold=32 if number else 8)
    with emulators.life("tuned", folder / "alone", code) as life:
        note("the handler alone, and one emulator alone")
        _direct(measured, scope, life, code, folder)
    with contextlib.ExitStack() as up:  # one that has nothing to do takes next to nothing
        home = folder / "together"
        together = [up.enter_context(emulators.life(e, home / e, code)) for e in EMULATORS]
        load(measured, scope, together, note)
        latencies(measured, scope, together, note)
    note("fresh copies")
    _copies(measured, scope, folder / "copies", code)
    for emulator, most in scope.growth.items():
        with emulators.life(emulator, folder / f"growth-{emulator}", code) as life:
            growth(measured, life, most, note)
    if scope.thumbnails:
        thumbnail.measure(scope.thumbnails, measured, folder / "thumbnails", note)


def _life(measured: Measurements, life: Life, *, cold: int) -> None:
    provisioned_mb = memory_mb(life.client.entry.pid)
    life.first_execution(measured)
    measured.add(life.emulator, "memory at ready, MB", life.ready_mb)
    measured.add(life.emulator, "memory after provisioning, MB", provisioned_mb)
    cold_s = life.client.fresh(usual_s=COLD_S).many(cold, cold)
    measured.add(life.emulator, f"{cold} cold starts at once, s", cold_s)


def load(measured: Measurements, scope: Scope, together: list[Life], note: Note) -> None:
    """Bursts of all emulators by turns, at each number of clients."""
    for clients in scope.clients:
        note(f"{clients} clients: warming up")
        for life in together:  # as many environments as there are clients
            life.client.fresh().many(2 * clients, clients)
        bursts = scope.bursts if clients < 32 else 1  # noqa: PLR2004 - the untuned one takes long then
        for number in range(bursts):
            note(f"{clients} clients, burst {number + 1} of {bursts}")
            for life in together:
                _burst(measured, scope, life, clients)


def _burst(measured: Measurements, scope: Scope, life: Life, clients: int) -> None:
    entry = life.client.entry
    if entry.api_url is not None:
        seen = life.client.fresh().burst(clients, scope.burst_s)
        measured.add(life.emulator, f"executions/s, {clients} clients", seen.per_s)
        measured.add(life.emulator, f"server CPU an execution, {clients} clients", seen.cpu_ms)
    if clients > 1 and life.emulator != "untuned":
        seen = life.client.fresh(entry.at_step_functions()).burst(clients, scope.burst_s)
        what = f"executions/s, Step Functions alone, {clients} clients"
        measured.add(life.emulator, what, seen.per_s)


def latencies(measured: Measurements, scope: Scope, together: list[Life], note: Note) -> None:
    """Executions one after the other, of all emulators by turns."""
    note("latencies")
    clients = {life.emulator: life.client.fresh() for life in together}
    for client in clients.values():
        client.many(10, 1)
    for _ in range(scope.latencies):
        for life in together:
            measured.add(life.emulator, LATENCY, clients[life.emulator].execute() * 1000)
            if life.emulator != "tuned":
                _start_to_stop(measured, life, 1)


def _start_to_stop(measured: Measurements, life: Life, count: int) -> None:
    for _ in range(count):
        for mode in ("copy", "thumbnail"):
            took_ms = life.client.start_to_stop(mode) * 1000
            measured.add(life.emulator, f"start to stop, {mode}, ms", took_ms)


def _direct(
    measured: Measurements, scope: Scope, life: Life, code: package.Package, folder: Path
) -> None:
    life.client.many(20, 1)
    _start_to_stop(measured, life, scope.latencies)
    unpacked = folder / "package"
    with zipfile.ZipFile(code.path) as archive:
        archive.extractall(unpacked)
    python = settings.ENVS / "lambda-runtime" / "bin" / "python"
    script = Path(__file__).with_name("direct.py")
    took_ms = harness.in_process(
        [python, script, unpacked, emulators.SAMPLE, str(scope.latencies)],
        _environ(life.aws),
        "the handler could not be called directly",
    )
    for name, value in took_ms.items():
        measured.add("alone", f"{name}, ms", value)


def _environ(aws: Aws) -> dict[str, str]:
    """The environment variables that the function has in Lambda."""
    found = aws.lambda_.get_function_configuration(FunctionName=names.FUNCTION)
    return {
        **found["Environment"]["Variables"],
        "PATH": os.environ.get("PATH", os.defpath),
        "AWS_ENDPOINT_URL": str(aws.endpoint),
        "AWS_DEFAULT_REGION": aws.region,
        "AWS_ACCESS_KEY_ID": EMULATOR_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": EMULATOR_SECRET_KEY,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(found["MemorySize"]),
    }


def _copies(measured: Measurements, scope: Scope, folder: Path, code: package.Package) -> None:
    made: dict[str, str] = {}

    def fill(record: Record, _folder: Path) -> None:
        made["url"] = str(emulators.provision("tuned", Aws(endpoint=record.endpoint), code))
        made["endpoint"] = record.endpoint

    with embedded.parent(folder / "parent", fill) as parent:
        for number in range(scope.copies):
            home = folder / str(number)
            began = time.monotonic()
            fork = parent.fork(home)
            measured.add("tuned", "a fresh copy, s", time.monotonic() - began)
            url = made["url"].replace(made["endpoint"], fork.endpoint)
            emulators.client(Aws(endpoint=fork.endpoint), url, fork.pid).execute()
            measured.add("tuned", FRESH_COPY, time.monotonic() - began)
            forks.stop(home)


def growth(measured: Measurements, life: Life, most: int, note: Note) -> None:
    """How memory and latency change with what happened before."""
    client = life.client.fresh(life.client.entry.at_step_functions())
    done, step = (100 if most > 100 else 20), max(20, most // 10)  # noqa: PLR2004 - all is warm then
    client.many(done, 8)
    while True:
        took_ms = statistics.median(client.start_to_stop("copy") * 1000 for _ in range(15))
        used_mb = memory_mb(client.entry.pid)
        measured.add(life.emulator, GROWTH, took_ms, executions=done, memory_mb=used_mb)
        if done >= most:
            return
        note(f"growth, {life.emulator}: {done} of {most} executions")
        client.many(step, 8)
        done += step


def main() -> None:
    """Measure, keep, draw, show."""
    from bench import plots  # noqa: PLC0415 - what draws is in the benchmark's environment alone

    scope = QUICK if setting_table.is_on(os.environ, "QUICK") else FULL

    def facts(measured: Measurements) -> dict[str, object]:
        ratios = [dataclasses.asdict(goal) for goal in goals(measured)]
        return {"scope": dataclasses.asdict(scope), "ratios": ratios}

    measured = harness.run(partial(measure, scope), FOLDER / "rows.json", facts)
    plots.draw(measured, scope.clients, FOLDER)
    table = harness.medians(measured, "Medians of this run", [*EMULATORS, "alone"])
    p99 = (f"{measured.p99(emulator, LATENCY):.3g}" for emulator in EMULATORS)
    table.add_row(f"{LATENCY}, p99", *p99, "")
    harness.show(table, harness.reached(goals(measured)), kept=FOLDER)


if __name__ == "__main__":
    terminal.run(main)
