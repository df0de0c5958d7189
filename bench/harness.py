"""What every benchmark does: measure in a folder of its own, keep each row, show the medians."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import psutil
from rich.table import Table

from bench import engines
from bench.goals import GROWTH, Goal
from bench.measurements import Measurements
from testbed import settings, terminal
from testbed.errors import TestbedError

REPORTS: Final = settings.ROOT / "reports"
_TIMEOUT_S: Final = 120

type Note = Callable[[str], None]
type Measure = Callable[[Measurements, Path, Note], None]
type Facts = Callable[[Measurements], Mapping[str, object]]


def run(measure: Measure, report: Path, facts: Facts = lambda _: {}) -> Measurements:
    """Measure, and keep every row in *report*.

    Args:
        measure: adds rows; it has a folder for its files, and says what is under way.
        report: the file, of JSON.
        facts: what else belongs into it.
    """
    measured, machine = Measurements(), where()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        terminal.step("measuring") as note,
    ):
        measure(measured, Path(folder), note)
        note(f"measured for {time.monotonic() - measured.began:.0f} s")
    report.parent.mkdir(parents=True, exist_ok=True)
    whole = {"where": machine, **facts(measured), "rows": measured.rows}
    report.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    return measured


def in_process(
    command: Sequence[str | Path], environ: Mapping[str, str], failure: str
) -> dict[str, float]:
    """Figures from a process of their own: what *command* prints last, a line of JSON.

    Raises:
        TestbedError: it failed; *failure*, and what it said.
    """
    done = subprocess.run(
        command,
        cwd=settings.ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise TestbedError(f"{failure}:\n{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def rounds(default: int) -> int:
    """How many rounds the command line asks for, where it does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=default, help=f"by default {default}")
    return int(parser.parse_args().rounds)


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


def table(title: str, first: str, *heads: str) -> Table:
    """An empty table whose *first* column has the names, the others figures."""
    result = Table(first, title=title)
    for head in heads:
        result.add_column(head, justify="right")
    return result


def medians(
    measured: Measurements, title: str, heads: Sequence[str], *, ratio: bool = False
) -> Table:
    """The median of everything that was measured of any of *heads*, but of what grows.

    With *ratio*, that of the last head over the first, too.
    """
    result = table(title, "", *heads, *(["ratio"] if ratio else []))
    for what in (what for what in measured.measured(*heads) if what != GROWTH):
        figures = [_figure(measured.median(head, what)) for head in heads]
        if ratio:
            figures.append(f"{measured.ratio(what, heads[-1], heads[0]):.2f}")
        result.add_row(what, *figures)
    return result


def reached(goals: Sequence[Goal]) -> Table:
    """Ratios, and whether they reach what they should."""
    result = table("Ratios of this run", "", "ratio", "goal", "")
    for goal in goals:
        bound = f"{'≥' if goal.more else '≤'} {goal.bound:g}"
        result.add_row(goal.what, f"{goal.ratio:.2f}", bound, "✓" if goal.reached else "missed")
    return result


def show(*tables: Table, kept: Path) -> None:
    """Print *tables*, and where the rows are *kept*."""
    for each in tables:
        terminal.out.print(each)
    terminal.out.print(f"every measurement is in {kept.relative_to(settings.ROOT)}")


def _figure(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.3g}"
