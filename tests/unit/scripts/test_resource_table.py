"""What a plan looks like in a terminal."""

from __future__ import annotations

from typing import Any

import pytest

from infra.resource import Difference, Outcome, ResourcePlan
from infra.resources.bucket import Bucket
from infra.stack import Settled
from scripts import resource_table

BUCKET = Bucket("b")


def planned(outcome: Outcome, *differences: Difference) -> ResourcePlan:
    return ResourcePlan(BUCKET, outcome, None, differences)


def lines(capsys: pytest.CaptureFixture[str], *plans: ResourcePlan) -> list[str]:
    resource_table.show(list(plans))
    return [line.strip() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("found", "wanted", "told"),
    [
        (3, 30, "3 → 30"),
        (None, 14, "none → 14"),
        ("[red]", {"a": "é"}, '"[red]" → {"a": "é"}'),
    ],
)
def test_a_difference_is_told_from_what_to_what(
    capsys: pytest.CaptureFixture[str], found: Any, wanted: Any, told: str
) -> None:
    """As it is written in JSON, whatever a terminal's markup would make of it."""
    shown = lines(capsys, planned(Outcome.UPDATED, Difference("size", found, wanted)))
    expected = ["bucket b  would be updated", f"size: {told}"]
    assert [*expected, "1 of 1 resources would change"] == shown


def test_a_long_value_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """A definition of a hundred lines does not hide the other differences."""
    _, told, _ = lines(capsys, planned(Outcome.UPDATED, Difference("text", "x" * 500, "y")))
    assert told.startswith('text: "xxx')
    assert told.endswith(' … → "y"')
    assert len(told) < 2 * resource_table.SHOWN_CHARACTERS


def test_what_would_be_created_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """All of its attributes are new, which says nothing."""
    shown = lines(capsys, planned(Outcome.CREATED, Difference("size", None, 1)))
    assert "bucket b  would be created" == shown[0]
    assert 2 == len(shown)


def test_that_nothing_would_change_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Resource by resource, and as a whole."""
    shown = lines(capsys, planned(Outcome.UNCHANGED))
    assert ["bucket b  unchanged", "0 of 1 resources would change"] == shown


def test_the_table_has_every_resource_in_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    """In the order of the declaration, whichever is done first; what broke off before is open."""
    with resource_table.ResourceTable(["bucket a", "bucket b"]) as table:
        table.add(Settled("bucket b", Outcome.CREATED, 0.5))
    first, second = capsys.readouterr().out.splitlines()
    assert ["bucket", "a", "…"] == first.split()
    assert ["bucket", "b", "created", "0.50", "s"] == second.split()
