from __future__ import annotations

import pytest

from bench.goals import GROWTH, Goal, goals, growth
from bench.measurements import Measurements


@pytest.mark.parametrize(
    ("ratio", "bound", "more", "reached"),
    [(0.2, 0.2, False, True), (0.21, 0.2, False, False), (5, 5, True, True), (4.9, 5, True, False)],
)
def test_a_goal_is_reached_at_its_bound(
    *, ratio: float, bound: float, more: bool, reached: bool
) -> None:
    """From below or from above."""
    assert reached == Goal("x", ratio, bound, more=more).reached


def test_growth_is_told_for_each_thousand_executions() -> None:
    """From the first third and from the last; latencies as the last third over the first."""
    looks = [
        {
            "value": 10.0 if number < 4 else 12.0,
            "executions": 500 * (number + 1),
            "memory_mb": mb,
        }
        for number, mb in enumerate([100, 110, 120, 130, 131, 132, 132])
    ]
    seen = growth(looks)
    assert (20.0, 1.2) == (seen.first_mb, seen.latency)
    assert pytest.approx(1.0) == seen.last_mb


@pytest.fixture
def measured() -> Measurements:
    """What is in every run: how the two grow."""
    measured = Measurements()
    for engine in ("tuned", "untuned"):
        for number in range(3):
            at = {"executions": number * 100, "memory_mb": 100 + number}
            measured.add(engine, GROWTH, 1.0, **at)
    return measured


def test_what_was_not_measured_is_no_goal(measured: Measurements) -> None:
    """A quick run leaves some out; none of them counts as reached or missed."""
    names = [goal.what for goal in goals(measured)]
    assert names
    assert not any("thumbnail" in name or "MiniStack" in name for name in names)


@pytest.mark.parametrize(
    ("engine", "other", "what", "goal"),
    [
        ("tuned", "untuned", "executions/s, 8 clients", "executions/s at 8 clients"),
        (
            "tuned",
            "ministack",
            "executions/s, Step Functions alone, 8 clients",
            "… Step Functions alone, 8 clients",
        ),
        ("tuned", "untuned", "the three, s", "ready + provisioning + first"),
        ("ours", "libvips", "thumbnail, photo.png, CPU ms", "thumbnail, PNG"),
    ],
)
def test_a_goal_compares_what_it_says(
    measured: Measurements, engine: str, other: str, what: str, goal: str
) -> None:
    """The first named over the second."""
    measured.add(engine, what, 3)
    measured.add(other, what, 2)
    (ratio,) = [each.ratio for each in goals(measured) if each.what.startswith(f"{goal},")]
    assert pytest.approx(1.5) == ratio


def test_the_handler_alone_is_compared_by_what_it_does(measured: Measurements) -> None:
    """An execution that copies with a call that copies."""
    measured.add("tuned", "start to stop, copy, ms", 30)
    measured.add("alone", "copy, ms", 20)
    assert {"start to stop / the handler alone, copy": 1.5}.items() <= {
        goal.what: goal.ratio for goal in goals(measured)
    }.items()


def test_files_of_a_kind_are_joined_by_their_geometric_mean(measured: Measurements) -> None:
    """Twice as fast and half as fast make even; an arithmetic mean would say 1.25."""
    for file, ours, libvips in (("baseline.jpg", 10, 20), ("progressive.jpg", 20, 10)):
        measured.add("ours", f"thumbnail, {file}, CPU ms", ours)
        measured.add("libvips", f"thumbnail, {file}, CPU ms", libvips)
    (ratio,) = [each.ratio for each in goals(measured) if "JPEG" in each.what]
    assert pytest.approx(1) == ratio
