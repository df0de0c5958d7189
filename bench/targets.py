"""`make bench-targets`: the embedded and the docker target side by side, in one run, as ratios.

Stages: each round brings up both targets by turns, empty, and measures start, provisioning, first
and warm executions, throughput and memory → medians and ratios → a table, and every measure with
the machine in reports/targets.json.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import platform
import shutil
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil
from rich.table import Table

from emulator import compose, docker_cli, embedded, health, ports
from infra import package, stack
from pipeline import follow, submit
from testbed import settings, terminal, waiting
from testbed.aws import Aws
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from testbed.outputs import Outputs

REPORT: Final = settings.ROOT / "reports" / "targets.json"
SAMPLE: Final = settings.ROOT / "samples" / "club2.png"
UV: Final = settings.ENVS / "uv" / "bin" / "uv"
TARGETS: Final[tuple[settings.Target, ...]] = ("embedded", "docker")
WARM_RUNS: Final = 20
CLIENTS: Final = 8
RUNS_A_CLIENT: Final = 8
_MB: Final = 1024 * 1024
_UP_TIMEOUT_S: Final = 120.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measure:
    """One life of one target.

    Attributes:
        target: ``embedded`` or ``docker``.
        ready_s: from the start until LocalStack answers.
        provisioning_s: from there until the pipeline is there.
        first_s: from the first POST until its execution has ended.
        warm_s: likewise, the median of later ones, one at a time.
        per_s: executions a second that eight clients get through.
        memory_mb: proportional set of all processes, after all that.
        installed_mb: the image, or the environments of the emulator and the runtime.
    """

    target: settings.Target
    ready_s: float
    provisioning_s: float
    first_s: float
    warm_s: float
    per_s: float
    memory_mb: float
    installed_mb: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Life:
    """A target that was just brought up."""

    aws: Aws
    outputs: Outputs
    ready_s: float
    provisioning_s: float
    pid: int


@contextlib.contextmanager
def embedded_life(folder: Path) -> Iterator[Life]:
    """The embedded target, for as long as the block runs."""
    started = time.monotonic()
    record = embedded.start(folder, None, tied=True)
    try:
        ready = time.monotonic()
        aws = Aws(endpoint=record.endpoint)
        outputs = _apply(aws, "embedded")
        provisioned = time.monotonic()
        yield Life(
            aws=aws,
            outputs=outputs,
            ready_s=ready - started,
            provisioning_s=provisioned - ready,
            pid=record.pid,
        )
    finally:
        embedded.stop(folder)


@contextlib.contextmanager
def docker_life(folder: Path) -> Iterator[Life]:
    """The docker target; it provisions by itself, which is watched from outside."""
    wanted = settings.Settings(port=ports.free_port(), state_dir=folder)
    endpoint = f"http://127.0.0.1:{wanted.port}"
    started = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(compose.start, wanted)
        _until(lambda: health.check(endpoint))
        ready = time.monotonic()
        _until(lambda: health.check_provisioned(endpoint))
        provisioned = time.monotonic()
        record = starting.result()
    try:
        found = compose.inspect(record)
        if found is None:
            raise TestbedError(f"container {record.container} is gone")
        aws = Aws(endpoint=endpoint)
        yield Life(
            aws=aws,
            outputs=_apply(aws, "docker"),
            ready_s=ready - started,
            provisioning_s=provisioned - ready,
            pid=found.pid,
        )
    finally:
        compose.stop(folder)


LIVES: Final = {"embedded": embedded_life, "docker": docker_life}


def measure(rounds: int, folder: Path, note: Callable[[str], None]) -> list[Measure]:
    """Bring up both targets *rounds* times by turns, so that both meet what else there is."""
    measures = []
    for number in range(rounds):
        for target in TARGETS:
            note(f"round {number + 1} of {rounds}: {target}")
            with LIVES[target](folder / f"{target}-{number}") as life:
                measures.append(_measure(target, life))
    return measures


def table(measures: Sequence[Measure]) -> Table:
    """What a person reads: medians of both targets, and docker's over embedded's."""
    result = Table(title="The same pipeline on both targets (docker / embedded)")
    result.add_column("")
    for heading in (*TARGETS, "ratio"):
        result.add_column(heading, justify="right")
    for label, name in (
        ("ready, s", "ready_s"),
        ("provisioning, s", "provisioning_s"),
        ("first execution, s", "first_s"),
        ("warm execution, s", "warm_s"),
        (f"executions/s, {CLIENTS} clients", "per_s"),
        ("memory, MB", "memory_mb"),
        ("installed, MB", "installed_mb"),
    ):
        ours, theirs = (median(measures, target, name) for target in TARGETS)
        result.add_row(label, f"{ours:.3g}", f"{theirs:.3g}", f"{theirs / ours:.2f}")
    return result


def median(measures: Sequence[Measure], target: settings.Target, name: str) -> float:
    """The median of attribute *name* over the lives of *target*."""
    values: list[float] = [getattr(one, name) for one in measures if one.target == target]
    return statistics.median(values)


def _measure(target: settings.Target, life: Life) -> Measure:
    submit.upload(life.aws, life.outputs, key=SAMPLE.name, content=SAMPLE.read_bytes())
    first_s = _execute(life)
    warm_s = statistics.median(_execute(life) for _ in range(WARM_RUNS))
    started = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        runs = list(pool.map(lambda _: _execute(life), range(CLIENTS * RUNS_A_CLIENT)))
    per_s = len(runs) / (time.monotonic() - started)
    return Measure(
        target=target,
        ready_s=life.ready_s,
        provisioning_s=life.provisioning_s,
        first_s=first_s,
        warm_s=warm_s,
        per_s=per_s,
        memory_mb=_memory_mb(life.pid),
        installed_mb=_image_mb() if target == "docker" else _environments_mb(),
    )


def _execute(life: Life) -> float:
    """Seconds from the POST until the execution has SUCCEEDED."""
    started = time.monotonic()
    posted = submit.start(life.outputs, submit.Request(key=SAMPLE.name))
    report = follow.to_end(life.aws, posted.execution_arn)
    if not report.succeeded:
        raise TestbedError(f"an execution ended as {report.status}: {report.cause}")
    return time.monotonic() - started


def _apply(aws: Aws, target: settings.Target) -> Outputs:
    host = package.host_platform()
    platform_ = host if target == "embedded" else package.Platform("Linux", host.architecture)
    zipped = package.build(platform_, uv=UV if UV.exists() else Path(shutil.which("uv") or "uv"))
    return stack.apply(aws, target=target, code=zipped.path, architecture=zipped.architecture)


def _until(look: Callable[[], health.Health]) -> None:
    def probe() -> tuple[bool | None, str]:
        seen = look()
        return (True if seen.ready else None), seen.seen

    waiting.until(probe, "the container's readiness", timeout_s=_UP_TIMEOUT_S)


def _memory_mb(pid: int) -> float:
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_full_info().pss for member in family) / _MB


def _image_mb() -> float:
    name = compose.image(settings.DEFAULT_IMAGE_TAG)
    return int(docker_cli.run("image", "inspect", "--format", "{{.Size}}", name).stdout) / _MB


def _environments_mb() -> float:
    folders = [settings.ENVS / name for name in ("emulator", "lambda-runtime")]
    files = [file for folder in folders for file in folder.rglob("*") if not file.is_symlink()]
    return sum(file.stat().st_size for file in files if file.is_file()) / _MB


def _machine() -> dict[str, object]:
    return {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // _MB,
        "docker": docker_cli.versions(),
    }


def main() -> None:
    """Measure, print the table, keep every measure.

    Raises:
        TestbedError: Docker cannot be used here, or an execution failed.
    """
    parser = argparse.ArgumentParser(prog="make bench-targets", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    machine = _machine()
    with terminal.step("building the image"):
        compose.build(settings.DEFAULT_IMAGE_TAG)
    with terminal.step("measuring") as note, tempfile.TemporaryDirectory() as folder:
        measures = measure(rounds, Path(folder), note)
        note(f"measured {rounds} lives of each")
    REPORT.parent.mkdir(exist_ok=True)
    whole = {"machine": machine, "measures": [dataclasses.asdict(one) for one in measures]}
    REPORT.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    terminal.out.print(table(measures))
    terminal.out.print(f"every measure is in {REPORT.relative_to(settings.ROOT)}")


if __name__ == "__main__":
    terminal.run(main)
