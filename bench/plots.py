"""Pictures of `make bench`: PNG files, and bars in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import plotext

from bench.goals import GROWTH
from bench.measurements import Measurements

mpl.use("Agg")
from matplotlib import pyplot as plt

COLOURS: Final = {"untuned": "#9aa5b1", "tuned": "#1f6feb", "ministack": "#d97706"}
START: Final = ("ready, s", "provisioning, s", "first execution, s", "8 cold starts at once, s")


def draw(measured: Measurements, clients: Sequence[int], folder: Path) -> None:
    """All pictures, into *folder*; *clients* are the numbers of them that made load."""
    rates, alone = (
        {f"{number} clients": what.format(number) for number in clients}
        for what in ("executions/s, {} clients", "executions/s, Step Functions alone, {} clients")
    )
    start = {what.removesuffix(", s"): what for what in START}
    for groups, title, unit, name in (
        (rates, "Executions through API Gateway", "executions/s", "rates.png"),
        (alone, "Executions, Step Functions alone", "executions/s", "peers.png"),
        (start, "From nothing to a thumbnail", "seconds", "start.png"),
    ):
        _bars(_medians(measured, groups), title, unit, folder / name)
    looks = {engine: rows for engine in COLOURS if (rows := measured.of(engine, GROWTH))}
    _lines(looks, "memory_mb", "Memory with history", "MB", folder / "memory.png")
    _lines(looks, "value", "Latency with history", "ms, start to stop", folder / "latency.png")


def _medians(measured: Measurements, groups: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """The medians of what each group is about, of the engines that have one."""
    return {
        group: medians
        for group, what in groups.items()
        if (medians := {e: measured.median(e, what) for e in COLOURS if measured.of(e, what)})
    }


def _bars(groups: Mapping[str, Mapping[str, float]], title: str, unit: str, path: Path) -> None:
    """Groups of bars, one bar an engine, with their values; to *path* and to the terminal."""
    engines = [name for name in COLOURS if any(name in group for group in groups.values())]
    _, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    width = 0.8 / len(engines)
    for bar, engine in enumerate(engines):
        values = [group.get(engine, 0.0) for group in groups.values()]
        left = [number + bar * width for number in range(len(groups))]
        drawn = axes.bar(left, values, width, label=engine, color=COLOURS[engine])
        axes.bar_label(drawn, [f"{value:.3g}" if value else "" for value in values], fontsize=8)
    axes.set_xticks([n + width * (len(engines) - 1) / 2 for n in range(len(groups))], list(groups))
    _save(axes, title, unit, path)
    plotext.clear_figure()
    plotext.simple_multiple_bar(
        list(groups),
        [[round(group.get(engine, 0.0), 1) for group in groups.values()] for engine in engines],
        width=90,
        labels=engines,
        title=f"{title}, {unit}",
    )
    plotext.show()


def _lines(
    looks: Mapping[str, Sequence[Mapping[str, Any]]], name: str, title: str, unit: str, path: Path
) -> None:
    """One line an engine over the number of executions so far."""
    _, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    for engine, rows in looks.items():
        axes.plot(
            [row["executions"] for row in rows],
            [row[name] for row in rows],
            marker="o",
            markersize=3,
            label=engine,
            color=COLOURS[engine],
        )
    axes.set_xlabel("executions so far")
    axes.set_ylim(bottom=0)
    _save(axes, title, unit, path)


def _save(axes: Any, title: str, unit: str, path: Path) -> None:
    axes.set_ylabel(unit)
    axes.set_title(title)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    axes.figure.savefig(path, dpi=130)
    plt.close(axes.figure)
