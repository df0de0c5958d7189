"""`make bench-targets`: the embedded and the docker target side by side, in one run, as ratios.

Stages: each round brings up both targets by turns, empty, and measures start, provisioning, first
and warm executions, throughput and memory → medians and ratios.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from bench import emulators, harness
from bench.emulators import Emulator, Life
from bench.load import family_memory_mb
from bench.measurements import Measurements
from infra import package
from targets.docker import cli, compose
from testbed import settings, terminal

REPORT: Final = harness.REPORTS / "targets.json"
TARGETS: Final[tuple[Emulator, ...]] = ("embedded", "docker")
TITLE: Final = "The same pipeline on both targets (docker / embedded)"
ROUNDS: Final = 3
WARM_RUNS: Final = 20
CLIENTS: Final = 8
RUNS_A_CLIENT: Final = 8
_MB: Final = 1024 * 1024


def measure(rounds: int, measured: Measurements, folder: Path, note: harness.Note) -> None:
    """Bring up both targets *rounds* times by turns, so that both meet what else there is."""
    code = package.build(package.host_platform(), uv=settings.uv())
    for number in range(rounds):
        for target in TARGETS:
            note(f"round {number + 1} of {rounds}: {target}")
            with emulators.life(target, folder / f"{target}-{number}", code) as life:
                _life(measured, life)
    measured.add("embedded", "installed, MB", _environments_mb())
    measured.add("docker", "installed, MB", _image_mb())


def _life(measured: Measurements, life: Life) -> None:
    life.first_execution(measured)
    for _ in range(WARM_RUNS):
        measured.add(life.emulator, "warm execution, s", life.client.execute())
    runs = CLIENTS * RUNS_A_CLIENT
    per_s = runs / life.client.many(runs, CLIENTS)
    measured.add(life.emulator, f"executions/s, {CLIENTS} clients", per_s)
    measured.add(life.emulator, "memory, MB", family_memory_mb(life.client.entry.pid))


def _image_mb() -> float:
    name = compose.image(settings.DEFAULT_IMAGE_TAG)
    return int(cli.run("image", "inspect", "--format", "{{.Size}}", name).stdout) / _MB


def _environments_mb() -> float:
    """What the emulator and the function's runtime take on this machine's disk."""
    folders = [settings.ENVS / name for name in ("emulator", "lambda-runtime")]
    files = [file for folder in folders for file in folder.rglob("*") if not file.is_symlink()]
    return sum(file.stat().st_size for file in files if file.is_file()) / _MB


def main() -> None:
    """Measure, keep, show.

    Raises:
        TestbedError: Docker cannot be used here, or an execution failed.
    """
    rounds = harness.rounds(ROUNDS)
    engine = cli.versions()
    with terminal.step("building the image"):
        compose.build(settings.DEFAULT_IMAGE_TAG)
    measured = harness.run(partial(measure, rounds), REPORT, lambda _: {"docker": engine})
    harness.show(harness.medians(measured, TITLE, TARGETS, ratio=True), kept=REPORT)


if __name__ == "__main__":
    terminal.run(main)
