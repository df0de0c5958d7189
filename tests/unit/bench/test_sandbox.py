"""What a sandbox may cost, from rows."""

from __future__ import annotations

from bench import sandbox
from bench.measurements import Measurements


def test_each_ratio_beside_its_bound() -> None:
    measured = Measurements()
    for what, unconfined, sandboxed in (
        ("Init Duration, ms", 20.0, 31.0),
        ("warm invocation, ms", 10.0, 10.4),
        ("executions/s, 8 clients", 40.0, 39.0),
        ("memory of an environment, MB", 10.0, 12.0),
    ):
        measured.add("unconfined", what, unconfined)
        measured.add("sandboxed", what, sandboxed)
    found = [(round(goal.ratio, 3), goal.reached) for goal in sandbox.goals(measured)]
    assert found == [(1.55, False), (1.04, True), (0.975, True), (1.2, False)]
