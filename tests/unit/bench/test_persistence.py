"""What keeping may cost, from rows."""

from __future__ import annotations

from bench import persistence
from bench.measurements import Measurements


def test_each_ratio_beside_its_bound() -> None:
    measured = Measurements()
    for engine, what, value in (
        ("forgetful", "POST to stop, thumbnail, ms", 20.0),
        ("kept", "POST to stop, thumbnail, ms", 21.0),
        ("forgetful", "POST to stop, copy, ms", 10.0),
        ("kept", "POST to stop, copy, ms", 12.5),
        ("forgetful", "executions/s, 8 clients", 40.0),
        ("kept", "executions/s, 8 clients", 30.0),
        ("empty", "ready and provisioned, s", 3.0),
        ("provisioned", "ready and provisioned, s", 2.0),
        ("full", "ready and provisioned, s", 3.0),
        ("provisioned", "ready, s", 1.0),
        ("full", "ready, s", 1.2),
    ):
        measured.add(engine, what, value)
    found = [(goal.ratio, goal.reached) for goal in persistence.goals(measured)]
    starts = [(1.0, True), (1.5, False), (1.2, True)]
    assert found == [(1.05, True), (1.25, False), (0.75, False), *starts]
