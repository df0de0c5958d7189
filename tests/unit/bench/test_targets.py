from __future__ import annotations

from bench import targets
from testbed import settings


def life(target: settings.Target, seconds: float) -> targets.Measure:
    return targets.Measure(
        target=target,
        ready_s=seconds,
        provisioning_s=seconds,
        first_s=seconds,
        warm_s=seconds,
        per_s=1 / seconds,
        memory_mb=100.0,
        installed_mb=100.0,
    )


def test_medians_are_a_targets_own() -> None:
    """One slow life does not move the result, and neither does the other target."""
    measures = [life("embedded", each) for each in (1.0, 2.0, 90.0)] + [life("docker", 3.0)]
    assert 2.0 == targets.median(measures, "embedded", "ready_s")
    assert 3.0 == targets.median(measures, "docker", "ready_s")


def test_the_table_has_every_measure() -> None:
    """Each field of a measure is a row, so that none is measured and never shown."""
    table = targets.table([life("embedded", 1.0), life("docker", 2.0)])
    assert len(targets.Measure.__dataclass_fields__) - 1 == table.row_count
    assert "2.00" == next(iter(table.columns[3].cells))
