from __future__ import annotations

import math

import pytest

from bench.ratios import Rows, Target, growth, targets


@pytest.fixture
def rows() -> Rows:
    return Rows()


def test_a_median_is_of_one_engine_and_one_measure(rows: Rows) -> None:
    """Others do not count; none is no number."""
    for engine, what, value in (("a", "x", 1), ("a", "x", 9), ("a", "x", 2), ("b", "x", 7)):
        rows.add(engine, what, value)
    assert 2 == rows.median("a", "x")
    assert math.isnan(rows.median("a", "y"))


def test_the_slowest_in_a_hundred(rows: Rows) -> None:
    """The 99th percentile of a hundred values is the second largest of them, or the largest."""
    for value in range(100):
        rows.add("a", "x", value)
    assert 99 == rows.p99("a", "x")
    assert math.isnan(rows.p99("a", "y"))


@pytest.mark.parametrize(
    ("ratio", "bound", "more", "reached"),
    [(0.2, 0.2, False, True), (0.21, 0.2, False, False), (5, 5, True, True), (4.9, 5, True, False)],
)
def test_a_target_is_reached_at_its_bound(
    *, ratio: float, bound: float, more: bool, reached: bool
) -> None:
    """From below or from above."""
    assert reached == Target("x", ratio, bound, more=more).reached


def test_growth_is_told_for_each_thousand_executions(rows: Rows) -> None:
    """From the first third and from the last; latencies as the last third over the first."""
    memory = [100, 110, 120, 130, 131, 132, 132]
    for number, mb in enumerate(memory):
        latency = 10.0 if number < 4 else 12.0
        rows.add("tuned", "growth", latency, executions=500 * (number + 1), memory_mb=mb)
    seen = growth(rows, "tuned")
    assert (20.0, 1.2) == (seen.first_mb, seen.latency)
    assert pytest.approx(1.0) == seen.last_mb


def test_what_was_not_measured_is_no_target(rows: Rows) -> None:
    """A quick run leaves some out; none of them counts as reached or missed."""
    for engine in ("tuned", "untuned"):
        for number in range(3):
            at = {"executions": number * 100, "memory_mb": 100 + number}
            rows.add(engine, "growth", 1.0, **at)
    names = [target.what for target in targets(rows)]
    assert names
    assert not any("thumbnail" in name or "MiniStack" in name for name in names)
