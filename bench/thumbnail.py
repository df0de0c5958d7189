"""`make bench-thumbnail`: our thumbnail against libvips' on the same files, as ratios.

Stages: make the files → measure both engines by turns, a fresh process a measurement → medians and
ratios → a table.
"""

from __future__ import annotations

import os
import statistics
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench import engines, harness, pictures
from bench.measurements import Measurements
from testbed import terminal

if TYPE_CHECKING:
    from rich.table import Table

REPORT: Final = harness.REPORTS / "thumbnail.json"
ROUNDS: Final = 7
_WARM_UP_PX: Final = (64, 48)


def measure(
    rounds: int,
    measured: Measurements,
    folder: Path,
    note: harness.Note,
    *,
    size: tuple[int, int] = pictures.TWELVE_MEGAPIXELS,
) -> None:
    """Make the files of *size* in *folder* and measure each *rounds* times with both engines.

    The engines take turns, so that whatever else the machine does meets both.
    """
    for name, each in (("warm-up", _WARM_UP_PX), ("measured", size)):
        (folder / name).mkdir(parents=True)
        files = pictures.make(folder / name, each)
    for number in range(rounds):
        for file in files:
            note(f"round {number + 1} of {rounds}: {file.name}")
            for engine in engines.ENGINES:
                for unit, value in probe(engine, folder / "warm-up" / file.name, file).items():
                    measured.add(engine, f"thumbnail, {file.name}, {unit}", value)


def probe(engine: engines.Engine, warm_up: Path, file: Path) -> dict[str, float]:
    """What `bench.probe` says of one thumbnail, made in a process of its own.

    Raises:
        TestbedError: *engine* could not make it.
    """
    # One thread each, as a function of 1024 MB has less than one CPU; libvips would take all.
    return harness.in_process(
        [sys.executable, "-m", "bench.probe", engine, warm_up, file],
        {**os.environ, "VIPS_CONCURRENCY": "1"},
        f"{engine} made no thumbnail of {file.name}",
    )


def table(measured: Measurements) -> Table:
    """What a person reads: medians and ratios, and their geometric mean."""
    title = "A thumbnail of 256 pixels: ours against libvips (ours / libvips)"
    result = harness.table(title, "file", "CPU ms", "", "ratio", "extra MB", "", "result kB", "")
    ratios = []
    for what in measured.measured("ours"):
        start, _, unit = what.rpartition(", ")
        if unit != "CPU ms":
            continue
        ratios.append(measured.ratio(what, *engines.ENGINES))
        cpu, extra, length = (
            [f"{measured.median(engine, f'{start}, {unit}'):.0f}" for engine in engines.ENGINES]
            for unit in ("CPU ms", "extra MB", "result kB")
        )
        file = start.removeprefix("thumbnail, ")
        result.add_row(file, *cpu, f"{ratios[-1]:.2f}", *extra, *length)
    result.add_section()
    result.add_row("geometric mean", "", "", f"{statistics.geometric_mean(ratios):.2f}")
    return result


def main() -> None:
    """Measure as the command line says, keep, show."""
    measured = harness.run(partial(measure, harness.rounds(ROUNDS)), REPORT)
    harness.show(table(measured), kept=REPORT)


if __name__ == "__main__":
    terminal.run(main)
