"""The ratios that this project holds itself to (docs/performance.md)."""

from __future__ import annotations

import dataclasses
import math
import statistics
from typing import Any, Final

from bench.measurements import Measurements

GROWTH: Final = "growth"
THE_THREE: Final = "the three, s"
FRESH_COPY: Final = "a fresh copy and its first execution, s"


@dataclasses.dataclass(frozen=True)
class Goal:
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


def goals(measured: Measurements) -> list[Goal]:
    """Each ratio that was measured, beside what it should be."""
    found = [*_load(measured), *_start(measured), *_history(measured), *_thumbnails(measured)]
    return [goal for goal in found if not math.isnan(goal.ratio)]


def _load(measured: Measurements) -> list[Goal]:
    def tuned(what: str, other: str = "untuned") -> float:
        return measured.ratio(what, "tuned", other)

    def alone(mode: str) -> float:
        handler_ms = measured.median("alone", f"{mode}, ms")
        return measured.median("tuned", f"start to stop, {mode}, ms") / handler_ms

    rate, states = "executions/s, 8 clients", "executions/s, Step Functions alone, {} clients"
    at_8, at_32 = (tuned(states.format(clients), "ministack") for clients in (8, 32))
    cpu = tuned("server CPU an execution, 8 clients")
    return [
        Goal("executions/s at 8 clients, tuned / untuned", tuned(rate), 5, more=True),
        Goal("… Step Functions alone, 8 clients, tuned / MiniStack", at_8, 1.6, more=True),
        Goal("… Step Functions alone, 32 clients, tuned / MiniStack", at_32, 1, more=True),
        Goal("POST to finished, tuned / untuned", tuned("POST to finished, ms"), 0.2),
        Goal("start to stop / the handler alone, resize", alone("thumbnail"), 1.25),
        Goal("start to stop / the handler alone, copy", alone("copy"), 2),
        Goal("server CPU an execution, tuned / untuned", cpu, 0.2),
    ]


def _start(measured: Measurements) -> list[Goal]:
    def tuned(what: str) -> float:
        return measured.ratio(what, "tuned", "untuned")

    copy = measured.median("tuned", FRESH_COPY) / measured.median("untuned", THE_THREE)
    cold, memory = tuned("8 cold starts at once, s"), tuned("memory after provisioning, MB")
    return [
        Goal("ready + provisioning + first, tuned / untuned", tuned(THE_THREE), 0.5),
        Goal("… from a copy, tuned / untuned", copy, 0.16),
        Goal("eight cold starts at once, tuned / untuned", cold, 0.25),
        Goal("memory after provisioning, tuned / untuned", memory, 0.7),
    ]


def _history(measured: Measurements) -> list[Goal]:
    tuned, untuned = (growth(measured.of(engine, GROWTH)) for engine in ("tuned", "untuned"))
    first, last = tuned.first_mb / untuned.first_mb, max(0.0, tuned.last_mb) / tuned.first_mb
    return [
        Goal("memory growth an execution, tuned / untuned", first, 0.25),
        Goal("memory growth in the last third / in the first", last, 0.1),
        Goal("latency at the last / at the first execution", tuned.latency, 1.1),
    ]


def _thumbnails(measured: Measurements) -> list[Goal]:
    def ours(kind: str) -> float:
        files = [one for one in measured.measured("ours") if one.endswith(f"{kind}, CPU ms")]
        ratios = [measured.ratio(file, "ours", "libvips") for file in files]
        return statistics.geometric_mean(ratios or [math.nan])

    return [
        Goal("thumbnail, JPEG, ours / libvips", ours("jpg"), 1.1),
        Goal("thumbnail, PNG, ours / libvips", ours("png"), 1.4),
    ]


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


def growth(looks: list[dict[str, Any]]) -> Growth:
    """How an engine changed with its history, of which *looks* are the rows."""
    third = max(1, len(looks) // 3)

    def slope(begin: dict[str, Any], end: dict[str, Any]) -> float:
        executions = max(1, end["executions"] - begin["executions"])
        return float((end["memory_mb"] - begin["memory_mb"]) / executions * 1000)

    early, late = (
        statistics.median(row["value"] for row in part) for part in (looks[:third], looks[-third:])
    )
    return Growth(slope(looks[0], looks[third]), slope(looks[-1 - third], looks[-1]), late / early)
