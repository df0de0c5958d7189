"""`make bench-thumbnail`: our thumbnail against libvips' on the same files, as ratios.

Stages: make the files → measure both engines by turns, a fresh process a measure → medians and
ratios → a table, and every measure with machine and versions in reports/thumbnail.json.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from bench import engines, pictures
from testbed import terminal
from testbed.errors import TestbedError
from testbed.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

REPORT: Final = ROOT / "reports" / "thumbnail.json"
_WARM_UP_PX: Final = (64, 48)
_MB: Final = 1_000_000
_TIMEOUT_S: Final = 60


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measure:
    """One thumbnail, made by one engine in a process of its own.

    Attributes:
        file: what it was made of.
        engine: what made it.
        cpu_ms: CPU time of all the process' threads.
        wall_ms: time as it passed.
        extra_bytes: peak of resident memory beyond that before, the file's bytes not counted.
        result_bytes: length of the thumbnail.
    """

    file: str
    engine: engines.Engine
    cpu_ms: float
    wall_ms: float
    extra_bytes: int
    result_bytes: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Comparison:
    """The medians of one file's measures."""

    file: str
    ours: Measure
    libvips: Measure

    @property
    def cpu_ratio(self) -> float:
        """Our CPU time over libvips'; under 1 is faster."""
        return self.ours.cpu_ms / self.libvips.cpu_ms


def measure(
    folder: Path, *, size: tuple[int, int], rounds: int, note: Callable[[str], None]
) -> list[Measure]:
    """Make the files of *size* in *folder* and measure each *rounds* times with both engines.

    The engines take turns, so that whatever else the machine does meets both.
    """
    for name, each in (("warm-up", _WARM_UP_PX), ("measured", size)):
        (folder / name).mkdir()
        files = pictures.make(folder / name, each)
    measures = []
    for number in range(rounds):
        for file in files:
            note(f"round {number + 1} of {rounds}: {file.name}")
            warm_up = folder / "warm-up" / file.name
            measures += [_probe(engine, warm_up, file) for engine in engines.ENGINES]
    return measures


def compare(measures: Iterable[Measure]) -> list[Comparison]:
    """The medians, a file, in the order in which the files were measured."""
    by_file: dict[str, dict[str, list[Measure]]] = {}
    for each in measures:
        by_file.setdefault(each.file, {}).setdefault(each.engine, []).append(each)
    return [
        Comparison(file=file, ours=_median(of["ours"]), libvips=_median(of["libvips"]))
        for file, of in by_file.items()
    ]


def table(comparisons: Sequence[Comparison]) -> Table:
    """What a person reads: medians and ratios, and their geometric mean."""
    result = Table(title="A thumbnail of 256 pixels: ours against libvips (ours / libvips)")
    result.add_column("file")
    for heading in ("CPU ms", "", "ratio", "extra MB", "", "result kB", ""):
        result.add_column(heading, justify="right")
    for each in comparisons:
        ours, libvips = each.ours, each.libvips
        result.add_row(
            each.file,
            *(f"{ours.cpu_ms:.0f}", f"{libvips.cpu_ms:.0f}", f"{each.cpu_ratio:.2f}"),
            *(f"{side.extra_bytes / _MB:.0f}" for side in (ours, libvips)),
            *(f"{side.result_bytes / 1000:.0f}" for side in (ours, libvips)),
        )
    result.add_section()
    mean = statistics.geometric_mean(each.cpu_ratio for each in comparisons)
    result.add_row("geometric mean", "", "", f"{mean:.2f}")
    return result


def report(measures: Sequence[Measure]) -> dict[str, Any]:
    """Every measure, and where and with what it was taken."""
    machine = {"machine": platform.machine(), "system": platform.platform(), "cpus": os.cpu_count()}
    versions = {"Python": platform.python_version(), **engines.versions()}
    return {
        "where": machine,
        "versions": versions,
        "measures": [dataclasses.asdict(each) for each in measures],
    }


def main() -> None:
    """Measure as the command line says, write the report, show the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7, help="of measures a file (default 7)")
    rounds = parser.parse_args().rounds
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        terminal.step("measuring") as note,
    ):
        measures = measure(Path(folder), size=pictures.TWELVE_MEGAPIXELS, rounds=rounds, note=note)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report(measures), indent=1) + "\n", encoding="utf-8")
    terminal.out.print(table(compare(measures)))
    terminal.out.print(f"each of {len(measures)} measures: {REPORT.relative_to(ROOT)}")


def _probe(engine: engines.Engine, warm_up: Path, file: Path) -> Measure:
    # One thread each, as a function of 1024 MB has less than one CPU; libvips would take all.
    done = subprocess.run(
        [sys.executable, "-m", "bench.probe", engine, warm_up, file],
        cwd=ROOT,
        env={**os.environ, "VIPS_CONCURRENCY": "1"},
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise TestbedError(f"{engine} made no thumbnail of {file.name}:\n{done.stderr}")
    return Measure(file=file.name, engine=engine, **json.loads(done.stdout))


def _median(measures: Sequence[Measure]) -> Measure:
    first = measures[0]
    return dataclasses.replace(
        first,
        cpu_ms=statistics.median(each.cpu_ms for each in measures),
        wall_ms=statistics.median(each.wall_ms for each in measures),
        extra_bytes=round(statistics.median(each.extra_bytes for each in measures)),
    )


if __name__ == "__main__":
    terminal.run(main)
