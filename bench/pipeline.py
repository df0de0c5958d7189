"""`make bench`: the pipeline tuned, untuned, in a peer and without any engine, in one run.

Stages: lives of every engine by turns (start, provisioning, first executions, cold starts) → all of
them up at once, load by turns → latencies by turns → the handler alone → fresh copies → growth with
history → thumbnails against libvips → medians, ratios and targets; every row is kept.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import os
import platform
import statistics
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import psutil
from rich.table import Table

from bench import engines, lives, pictures, plots, thumbnail
from bench.lives import SAMPLE, Engine, Life
from bench.load import memory_mb
from bench.ratios import Rows, Target, targets
from emulator import snapshot
from emulator.record import Record
from infra import package
from testbed import names, setting_table, settings, terminal
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY, Aws
from testbed.errors import TestbedError

FOLDER: Final = settings.ROOT / "reports" / "bench"
UV: Final = settings.ENVS / "uv" / "bin" / "uv"
ENGINES: Final[tuple[Engine, ...]] = ("untuned", "tuned", "ministack")

# About what a cold start takes: asking all the while would take the processor from it.
COLD_S: Final = 0.25

type Note = Callable[[str], None]


@dataclasses.dataclass(frozen=True)
class Plan:
    """How much is measured.

    Attributes:
        lives: of each engine.
        clients: numbers of them at once.
        bursts: of each engine, at each number of clients.
        burst_s: length of one.
        latencies: executions one after the other, of each engine and mode.
        copies: fresh testbeds.
        growth: executions until the last look at memory, of the tuned one.
        growth_untuned: likewise; a hundred of them take as long as six hundred tuned ones.
        thumbnails: rounds against libvips.
    """

    lives: int
    clients: tuple[int, ...]
    bursts: int
    burst_s: float
    latencies: int
    copies: int
    growth: int
    growth_untuned: int
    thumbnails: int


FULL: Final = Plan(2, (1, 8, 32), 2, 3.0, 20, 3, 10_000, 80, 1)
QUICK: Final = Plan(1, (1, 8), 1, 2.0, 8, 1, 200, 24, 0)


def measure(plan: Plan, folder: Path, note: Note) -> Rows:
    """Measure all that *plan* says."""
    rows = Rows()
    uv = UV if UV.exists() else Path("uv")
    code = package.build(package.host_platform(), uv=uv)
    for number in range(plan.lives):
        for engine in ENGINES:
            note(f"life {number + 1} of {plan.lives}: {engine}")
            with lives.life(engine, folder / f"{engine}-{number}", code) as life:
                _life(rows, life, cold=32 if number else 8)
    with lives.life("tuned", folder / "alone", code) as life:
        note("the handler alone, and one engine alone")
        _direct(rows, plan, life, code, folder)
    with _all(folder / "together", code) as together:
        _load(rows, plan, together, note)
        _latency(rows, plan, together, note)
    note("fresh copies")
    _copies(rows, plan, folder / "copies", code)
    growing: tuple[tuple[Engine, int], ...] = (
        ("untuned", plan.growth_untuned),
        ("tuned", plan.growth),
    )
    for engine, most in growing:
        with lives.life(engine, folder / f"growth-{engine}", code) as life:
            _growth(rows, life, most, note)
    if plan.thumbnails:
        _thumbnails(rows, plan, folder / "thumbnails", note)
    return rows


def _life(rows: Rows, life: Life, *, cold: int) -> None:
    pid = life.client.place.pid
    rows.add(life.engine, "ready, s", life.ready_s)
    rows.add(life.engine, "provisioning, s", life.provisioning_s)
    rows.add(life.engine, "memory at ready, MB", life.ready_mb)
    rows.add(life.engine, "memory after provisioning, MB", memory_mb(pid))
    first_s = life.client.execute(SAMPLE.name)
    rows.add(life.engine, "first execution, s", first_s)
    rows.add(life.engine, "the three, s", life.ready_s + life.provisioning_s + first_s)
    what = f"{cold} cold starts at once, s"
    rows.add(life.engine, what, life.client.fresh(usual_s=COLD_S).together(cold, SAMPLE.name))


@contextlib.contextmanager
def _all(folder: Path, code: package.Package) -> Iterator[dict[Engine, Life]]:
    """Every engine at once; one that has nothing to do takes next to nothing."""
    with contextlib.ExitStack() as stack:
        up = {e: stack.enter_context(lives.life(e, folder / e, code)) for e in ENGINES}
        yield up


def _load(rows: Rows, plan: Plan, together: dict[Engine, Life], note: Note) -> None:
    for clients in plan.clients:
        note(f"{clients} clients: warming up")
        for life in together.values():  # as many environments as there are clients
            life.client.fresh().many(2 * clients, clients, SAMPLE.name)
        bursts = plan.bursts if clients < 32 else 1  # noqa: PLR2004 - the untuned one takes long then
        for number in range(bursts):
            note(f"{clients} clients, burst {number + 1} of {bursts}")
            for engine, life in together.items():
                if life.client.place.api_url is not None:
                    burst = life.client.fresh().burst(clients, plan.burst_s, SAMPLE.name)
                    rows.add(engine, f"executions/s, {clients} clients", burst.per_s)
                    rows.add(engine, f"server CPU an execution, {clients} clients", burst.cpu_ms)
                if clients == 1 or engine == "untuned":
                    continue
                alone = life.client.fresh(life.client.place.at_step_functions())
                burst = alone.burst(clients, plan.burst_s, SAMPLE.name)
                what = f"executions/s, Step Functions alone, {clients} clients"
                rows.add(engine, what, burst.per_s)


def _latency(rows: Rows, plan: Plan, together: dict[Engine, Life], note: Note) -> None:
    note("latencies")
    clients = {engine: life.client.fresh() for engine, life in together.items()}
    for client in clients.values():
        client.many(10, 1, SAMPLE.name)
    for _ in range(plan.latencies):
        for engine, life in together.items():
            rows.add(engine, "POST to finished, ms", clients[engine].execute(SAMPLE.name) * 1000)
            if engine != "tuned":
                _start_to_stop(rows, life, 1)


def _start_to_stop(rows: Rows, life: Life, count: int) -> None:
    for _ in range(count):
        for mode in ("copy", "thumbnail"):
            took_s = life.client.start_to_stop(SAMPLE.name, mode)
            rows.add(life.engine, f"start to stop, {mode}, ms", took_s * 1000)


def _direct(rows: Rows, plan: Plan, life: Life, code: package.Package, folder: Path) -> None:
    life.client.many(20, 1, SAMPLE.name)
    _start_to_stop(rows, life, plan.latencies)
    unpacked = folder / "package"
    with zipfile.ZipFile(code.path) as archive:
        archive.extractall(unpacked)
    found = life.aws.lambda_.get_function_configuration(FunctionName=names.FUNCTION)
    environment = {
        **found["Environment"]["Variables"],
        "PATH": os.environ.get("PATH", os.defpath),
        "AWS_ENDPOINT_URL": str(life.aws.endpoint),
        "AWS_DEFAULT_REGION": life.aws.region,
        "AWS_ACCESS_KEY_ID": EMULATOR_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": EMULATOR_SECRET_KEY,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(found["MemorySize"]),
    }
    python = settings.ENVS / "lambda-runtime" / "bin" / "python"
    script = Path(__file__).with_name("direct.py")
    done = subprocess.run(
        [python, script, unpacked, SAMPLE, str(plan.latencies)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise TestbedError(f"the handler could not be called directly:\n{done.stderr}")
    for name, value in json.loads(done.stdout.splitlines()[-1]).items():
        rows.add("alone", f"{name}, ms", value)


def _copies(rows: Rows, plan: Plan, folder: Path, code: package.Package) -> None:
    made: dict[str, str] = {}

    def fill(record: Record, _folder: Path) -> None:
        made["url"] = str(lives.provision("tuned", Aws(endpoint=record.endpoint), code))
        made["endpoint"] = record.endpoint

    with snapshot.template(folder / "template", fill, lambda *_: None) as template:
        for number in range(plan.copies):
            home = folder / str(number)
            began = time.monotonic()
            record = template.copy(home)
            rows.add("tuned", "a fresh copy, s", time.monotonic() - began)
            url = made["url"].replace(made["endpoint"], record.endpoint)
            client = lives.client(Aws(endpoint=record.endpoint), url, record.pid)
            client.execute(SAMPLE.name)
            rows.add("tuned", "a fresh copy and its first execution, s", time.monotonic() - began)
            snapshot.stop(home)


def _growth(rows: Rows, life: Life, most: int, note: Note) -> None:
    """How memory and latency change with what happened before."""
    step = max(20, most // 10)
    pid = life.client.place.pid
    client = life.client.fresh(life.client.place.at_step_functions())
    client.many(100 if most > 100 else 20, 8, SAMPLE.name)  # noqa: PLR2004 - all is warm then
    done = 100 if most > 100 else 20  # noqa: PLR2004 - likewise
    while True:
        took_ms = [client.start_to_stop(SAMPLE.name, "copy") * 1000 for _ in range(15)]
        rows.add(
            life.engine,
            "growth",
            statistics.median(took_ms),
            executions=done,
            memory_mb=memory_mb(pid),
        )
        if done >= most:
            return
        note(f"growth, {life.engine}: {done} of {most} executions")
        client.many(step, 8, SAMPLE.name)
        done += step


def _thumbnails(rows: Rows, plan: Plan, folder: Path, note: Note) -> None:
    folder.mkdir()
    taken = thumbnail.measure(
        folder, size=pictures.TWELVE_MEGAPIXELS, rounds=plan.thumbnails, note=note
    )
    for each in taken:
        rows.add(each.engine, f"thumbnail, {each.file}, CPU ms", each.cpu_ms)
        rows.add(each.engine, f"thumbnail, {each.file}, extra MB", each.extra_bytes / 1e6)


def table(rows: Rows) -> Table:
    """Medians of everything."""
    result = Table(title="Medians of this run")
    result.add_column("")
    heads = [*ENGINES, "alone"]
    for head in heads:
        result.add_column(head, justify="right")
    for what in dict.fromkeys(r["what"] for r in rows.kept if r["engine"] in heads):
        if what != "growth":
            cells = [rows.median(head, what) for head in heads]
            result.add_row(what, *("" if math.isnan(c) else f"{c:.3g}" for c in cells))
    what = "POST to finished, ms"
    result.add_row(f"{what}, p99", *(f"{rows.p99(head, what):.3g}" for head in ENGINES), "")
    return result


def targets_table(found: list[Target]) -> Table:
    """Ratios, and whether they reach what they should."""
    result = Table(title="Ratios of this run")
    for head in ("", "ratio", "target", ""):
        result.add_column(head, justify="left" if not head else "right")
    for each in found:
        bound = f"{'≥' if each.more else '≤'} {each.bound:g}"
        result.add_row(each.what, f"{each.ratio:.2f}", bound, "✓" if each.reached else "missed")
    return result


def draw(rows: Rows) -> None:
    """The pictures."""
    rates = {
        f"{clients} clients": {
            engine: rows.median(engine, f"executions/s, {clients} clients")
            for engine in ("untuned", "tuned")
        }
        for clients in (1, 8, 32)
        if rows.values("tuned", f"executions/s, {clients} clients")
    }
    plots.bars(rates, "Executions through API Gateway", "executions/s", FOLDER / "rates.png")
    what = "executions/s, Step Functions alone, {} clients"
    alone = {
        f"{clients} clients": {
            e: rows.median(e, what.format(clients)) for e in ("tuned", "ministack")
        }
        for clients in (8, 32)
        if rows.values("tuned", what.format(clients))
    }
    plots.bars(alone, "Executions, Step Functions alone", "executions/s", FOLDER / "peers.png")
    start = {
        name: {engine: rows.median(engine, f"{name}, s") for engine in ENGINES}
        for name in ("ready", "provisioning", "first execution", "8 cold starts at once")
    }
    plots.bars(start, "From nothing to a thumbnail", "seconds", FOLDER / "start.png")
    lines = {
        engine: [r for r in rows.kept if r["engine"] == engine and r["what"] == "growth"]
        for engine in ("untuned", "tuned")
    }
    plots.growth(lines, "memory_mb", "Memory with history", "MB", FOLDER / "memory.png")
    plots.growth(
        lines, "value", "Latency with history", "ms, start to stop", FOLDER / "latency.png"
    )


def where() -> dict[str, Any]:
    """Machine, versions and commit."""
    commit = subprocess.run(
        ["git", "-C", settings.ROOT, "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 1024 // 1024,
        "load_before": os.getloadavg(),
        "commit": commit.stdout.strip(),
        "versions": {
            "Python": platform.python_version(),
            "LocalStack": "4.14.0",
            "boto3": version("boto3"),
            **engines.versions(),
        },
    }


def main() -> None:
    """Measure, show, keep."""
    plan = QUICK if setting_table.is_on(os.environ, "QUICK") else FULL
    machine, began = where(), time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        terminal.step("measuring") as note,
    ):
        rows = measure(plan, Path(folder), note)
        note(f"measured for {time.monotonic() - began:.0f} s")
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = targets(rows)
    whole = {
        "where": machine,
        "plan": dataclasses.asdict(plan),
        "ratios": [dataclasses.asdict(each) for each in found],
        "rows": rows.kept,
    }
    (FOLDER / "rows.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    draw(rows)
    terminal.out.print(table(rows))
    terminal.out.print(targets_table(found))
    terminal.out.print(f"every row and the pictures: {FOLDER.relative_to(settings.ROOT)}")


if __name__ == "__main__":
    terminal.run(main)
