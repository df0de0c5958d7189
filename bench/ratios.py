"""The rows of a benchmark, and the ratios that this project holds itself to."""

from __future__ import annotations

import dataclasses
import math
import statistics
import time
from typing import Any


@dataclasses.dataclass
class Rows:
    """Everything that was measured: one row a measure."""

    kept: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    began: float = dataclasses.field(default_factory=time.monotonic)

    def add(self, engine: str, what: str, value: float, **more: Any) -> None:
        """Keep *value* of *what*."""
        at_s = round(time.monotonic() - self.began, 1)
        self.kept.append({"engine": engine, "what": what, "value": value, "at_s": at_s, **more})

    def values(self, engine: str, what: str) -> list[float]:
        """All values of *what*."""
        return [r["value"] for r in self.kept if (r["engine"], r["what"]) == (engine, what)]

    def median(self, engine: str, what: str) -> float:
        """Their median; NaN where there is none."""
        return statistics.median(self.values(engine, what) or [float("nan")])

    def p99(self, engine: str, what: str) -> float:
        """The value that one in a hundred exceeds; NaN where there is none."""
        ordered = sorted(self.values(engine, what)) or [math.nan]
        return ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]


@dataclasses.dataclass(frozen=True)
class Target:
    """A ratio and how far it should go.

    Attributes:
        what: what is compared.
        ratio: what was measured.
        bound: what it should reach.
        more: whether more is better.
    """

    what: str
    ratio: float
    bound: float
    more: bool = False

    @property
    def reached(self) -> bool:
        """Whether it does."""
        return self.ratio >= self.bound if self.more else self.ratio <= self.bound


def targets(rows: Rows) -> list[Target]:
    """The ratios that this project holds itself to (docs/performance.md)."""

    def ratio(what: str, ours: str = "tuned", theirs: str = "untuned") -> float:
        return rows.median(ours, what) / rows.median(theirs, what)

    def alone(mode: str) -> float:
        return rows.median("tuned", f"start to stop, {mode}, ms") / rows.median(
            "alone", f"{mode}, ms"
        )

    def file(suffix: str) -> float:
        found = sorted(
            {row["what"] for row in rows.kept if row["what"].endswith(f"{suffix}, CPU ms")}
        )
        ratios = [ratio(what, "ours", "libvips") for what in found]
        return statistics.geometric_mean(ratios) if ratios else float("nan")

    fresh = "a fresh copy and its first execution, s"
    tuned, untuned = growth(rows, "tuned"), growth(rows, "untuned")
    sfn = "executions/s, Step Functions alone, {} clients"
    found = [
        Target(
            "executions/s at 8 clients, tuned / untuned",
            ratio("executions/s, 8 clients"),
            5,
            more=True,
        ),
        Target(
            "… Step Functions alone, 8 clients, tuned / MiniStack",
            ratio(sfn.format(8), theirs="ministack"),
            1.6,
            more=True,
        ),
        Target(
            "… Step Functions alone, 32 clients, tuned / MiniStack",
            ratio(sfn.format(32), theirs="ministack"),
            1.0,
            more=True,
        ),
        Target("POST to finished, tuned / untuned", ratio("POST to finished, ms"), 0.2),
        Target("start to stop / the handler alone, resize", alone("thumbnail"), 1.25),
        Target("start to stop / the handler alone, copy", alone("copy"), 2.0),
        Target(
            "server CPU an execution, tuned / untuned",
            ratio("server CPU an execution, 8 clients"),
            0.2,
        ),
        Target("ready + provisioning + first, tuned / untuned", ratio("the three, s"), 0.5),
        Target(
            "… from a copy, tuned / untuned",
            rows.median("tuned", fresh) / rows.median("untuned", "the three, s"),
            0.16,
        ),
        Target(
            "eight cold starts at once, tuned / untuned", ratio("8 cold starts at once, s"), 0.25
        ),
        Target(
            "memory after provisioning, tuned / untuned",
            ratio("memory after provisioning, MB"),
            0.7,
        ),
        Target(
            "memory growth an execution, tuned / untuned", tuned.first_mb / untuned.first_mb, 0.25
        ),
        Target(
            "memory growth in the last third / in the first",
            max(0.0, tuned.last_mb) / tuned.first_mb,
            0.1,
        ),
        Target("latency at the last / at the first execution", tuned.latency, 1.1),
        Target("thumbnail, JPEG, ours / libvips", file("jpg"), 1.1),
        Target("thumbnail, PNG, ours / libvips", file("png"), 1.4),
    ]
    return [each for each in found if not math.isnan(each.ratio)]  # not measured


@dataclasses.dataclass(frozen=True)
class Growth:
    """How one engine changed.

    Attributes:
        first_mb: memory for each 1,000 executions, over the first third.
        last_mb: likewise, over the last.
        latency: the last median over the first.
    """

    first_mb: float
    last_mb: float
    latency: float


def growth(rows: Rows, engine: str) -> Growth:
    """How *engine* changed with its history."""
    seen = [row for row in rows.kept if row["engine"] == engine and row["what"] == "growth"]
    third = max(1, len(seen) // 3)

    def slope(begin: dict[str, Any], end: dict[str, Any]) -> float:
        executions = max(1, end["executions"] - begin["executions"])
        return float((end["memory_mb"] - begin["memory_mb"]) / executions * 1000)

    first = slope(seen[0], seen[third])
    last = slope(seen[-1 - third], seen[-1])
    early = statistics.median(row["value"] for row in seen[: third or 1])
    late = statistics.median(row["value"] for row in seen[-third:])
    return Growth(first, last, late / early)
