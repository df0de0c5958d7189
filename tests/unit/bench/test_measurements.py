from __future__ import annotations

import math

import pytest

from bench.measurements import Measurements


@pytest.fixture
def measured() -> Measurements:
    """Three of one engine, one of another."""
    measured = Measurements()
    for engine, what, value in (("a", "x", 1), ("a", "x", 9), ("a", "x", 2), ("b", "x", 8)):
        measured.add(engine, what, value)
    return measured


def test_a_median_is_of_one_engine(measured: Measurements) -> None:
    """One slow measurement does not move it, and neither do other engines; none is no number."""
    assert 2 == measured.median("a", "x")
    assert math.isnan(measured.median("a", "y"))


def test_a_ratio_is_of_medians(measured: Measurements) -> None:
    """And no number where one of the two was not measured."""
    assert 4 == measured.ratio("x", "b", "a")
    assert math.isnan(measured.ratio("x", "b", "c"))


def test_what_was_measured_is_told_once_and_in_order(measured: Measurements) -> None:
    """Of the engines that are asked for alone."""
    measured.add("b", "w", 1)
    measured.add("c", "y", 1)
    assert ["x", "w"] == measured.measured("a", "b")


def test_the_slowest_in_a_hundred() -> None:
    """The 99th percentile is by the nearest rank; none is no number."""
    measured = Measurements()
    for value in range(1, 101):
        measured.add("a", "x", value)
    assert 99 == measured.p99("a", "x")
    assert math.isnan(measured.p99("a", "y"))


def test_a_row_keeps_all_that_is_told_of_it() -> None:
    """Which engine, what, how much, when, and what else there is."""
    measured = Measurements()
    measured.add("a", "x", 1.5, executions=7)
    (row,) = measured.of("a", "x")
    assert {"engine": "a", "what": "x", "value": 1.5, "executions": 7} == {
        name: value for name, value in row.items() if name != "at_s"
    }
    assert row["at_s"] >= 0
