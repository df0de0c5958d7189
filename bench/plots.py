"""Pictures of a benchmark's rows: PNG files, and bars in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import plotext

mpl.use("Agg")
from matplotlib import pyplot as plt

COLOURS: Final = {"untuned": "#9aa5b1", "tuned": "#1f6feb", "ministack": "#d97706"}

type Rows = Sequence[Mapping[str, Any]]


def bars(groups: Mapping[str, Mapping[Any, float]], title: str, unit: str, path: Path) -> None:
    """Groups of bars, one bar an engine, with their values; to *path* and to the terminal."""
    engines = [name for name in COLOURS if any(name in group for group in groups.values())]
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    width = 0.8 / len(engines)
    for place, engine in enumerate(engines):
        values = [group.get(engine, 0.0) for group in groups.values()]
        left = [number + place * width for number in range(len(groups))]
        drawn = axes.bar(left, values, width, label=engine, color=COLOURS[engine])
        axes.bar_label(drawn, [f"{value:.3g}" if value else "" for value in values], fontsize=8)
    axes.set_xticks([n + width * (len(engines) - 1) / 2 for n in range(len(groups))], list(groups))
    axes.set_ylabel(unit)
    axes.set_title(title)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=130)
    plt.close(figure)
    plotext.clear_figure()
    plotext.simple_multiple_bar(
        list(groups),
        [[round(group.get(engine, 0.0), 1) for group in groups.values()] for engine in engines],
        width=90,
        labels=engines,
        title=f"{title}, {unit}",
    )
    plotext.show()


def growth(lines: Mapping[str, Rows], name: str, title: str, unit: str, path: Path) -> None:
    """One line an engine over the number of executions so far."""
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    for engine, rows in lines.items():
        axes.plot(
            [row["executions"] for row in rows],
            [row[name] for row in rows],
            marker="o",
            markersize=3,
            label=engine,
            color=COLOURS[engine],
        )
    axes.set_xlabel("executions so far")
    axes.set_ylabel(unit)
    axes.set_ylim(bottom=0)
    axes.set_title(title)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=130)
    plt.close(figure)
