from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bench import harness
from bench.goals import Goal
from bench.measurements import Measurements

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table


@pytest.fixture
def measured() -> Measurements:
    """Two engines, of one of which more is known."""
    measured = Measurements()
    for engine, what, value in (
        ("a", "size, MB", 2),
        ("b", "size, MB", 5),
        ("a", "time, s", 0.12345),
    ):
        measured.add(engine, what, value)
    return measured


def cells(table: Table) -> list[list[str]]:
    """The rows as they stand."""
    columns = [[str(cell) for cell in column.cells] for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def test_medians_have_a_row_for_all_that_was_measured(measured: Measurements) -> None:
    """A cell is empty where an engine has none."""
    table = harness.medians(measured, "x", ["a", "b"])
    assert [["size, MB", "2", "5"], ["time, s", "0.123", ""]] == cells(table)


def test_two_engines_are_compared(measured: Measurements) -> None:
    """The second over the first."""
    table = harness.medians(measured, "x", ["a", "b"], ratio=True)
    assert ["size, MB", "2", "5", "2.50"] == cells(table)[0]


def test_goals_are_shown_with_what_they_reach() -> None:
    """The measured ratio, the bound with its direction, and whether it is kept."""
    found = [Goal("one", 6.004, 5, more=True), Goal("other", 0.5, 0.2)]
    assert [["one", "6.00", "≥ 5", "✓"], ["other", "0.50", "≤ 0.2", "missed"]] == cells(
        harness.reached(found)
    )


def test_every_row_is_kept_with_machine_and_versions(tmp_path: Path) -> None:
    """And with what the benchmark itself has to say; the folder for its files is gone then."""
    folders = []

    def measure(measured: Measurements, folder: Path, note: harness.Note) -> None:
        note("under way")
        assert folder.is_dir()
        folders.append(folder)
        measured.add("a", "x", 1)

    report = tmp_path / "new" / "report.json"
    harness.run(measure, report, lambda measured: {"count": len(measured.rows)})
    kept = json.loads(report.read_text(encoding="utf-8"))
    assert ["where", "count", "rows"] == list(kept)
    assert (1, ["x"]) == (kept["count"], [row["what"] for row in kept["rows"]])
    assert {"cores", "commit", "versions"} < set(kept["where"])
    assert not folders[0].exists()
