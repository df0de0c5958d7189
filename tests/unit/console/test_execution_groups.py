"""Executions that were started together, as one row."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from console import execution_groups as groups
from console.execution_groups import GroupKind
from runs.model import ExecutionSpan, Status

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def execution(name: str, status: Status = Status.SUCCEEDED, second: int = 0) -> ExecutionSpan:
    started = NOON + dt.timedelta(seconds=second)
    ended = None if status is Status.RUNNING else started + dt.timedelta(seconds=1)
    return ExecutionSpan(
        arn=f"arn:{name}",
        name=name,
        state_machine_arn="arn:machine",
        status=status,
        started_at=started,
        stopped_at=ended,
    )


BATCH = "batch-0a1b2c3d"
LISTED = [
    execution("later", second=9),
    execution(f"{BATCH}-2", Status.FAILED, 5),
    execution("between", second=4),
    execution(f"{BATCH}-1", second=3),
    execution("wrong-00000000-1", Status.FAILED, 1),
]


def told(opened: set[str]) -> list[str]:
    return [
        row.execution.name if row.execution else row.group.title if row.group else "?"
        for row in groups.rows(LISTED, opened)
    ]


def test_those_of_a_group_are_one_row_where_the_latest_stands() -> None:
    """The list of a student's own executions is not flooded."""
    assert ["later", "Batch of 2", "between", "Tried wrong: 1"] == told(set())


def test_a_group_opens_into_its_members() -> None:
    """Each has a row then, below that of the group."""
    expected = ["later", "Batch of 2", f"{BATCH}-2", f"{BATCH}-1", "between", "Tried wrong: 1"]
    assert expected == told({BATCH})


def test_a_group_counts_its_members_and_their_time() -> None:
    """From the first start to the last end."""
    (group,) = [row.group for row in groups.rows(LISTED, ()) if row.group][:1]
    assert [("FAILED", 1), ("SUCCEEDED", 1)] == group.counts
    assert (NOON + dt.timedelta(seconds=3), 3000.0) == (group.started_at, group.duration_ms)


def test_a_group_takes_no_time_yet_while_one_runs() -> None:
    """Nobody knows it."""
    (row,) = groups.rows([execution(f"{BATCH}-1", Status.RUNNING)], ())
    assert row.group is not None
    assert row.group.duration_ms is None


def test_what_was_run_again_counts_once() -> None:
    """An image that failed and was run again is one image of the batch."""
    again = [execution(groups.member(BATCH, 1, 1)), execution(groups.member(BATCH, 1))]
    (row,) = groups.rows(again, ())
    assert row.group is not None
    assert "Batch of 1" == row.group.title


@pytest.mark.parametrize("name", ["batch-1", "batches-0a1b2c3d-1", "0a1b2c3d", f"{BATCH}-1-2-3"])
def test_other_names_stand_alone(name: str) -> None:
    """A name of a person's own is no group's."""
    assert groups.group_of(name) is None


@pytest.mark.parametrize("kind", list(GroupKind))
def test_a_name_is_one_that_the_api_takes(kind: GroupKind) -> None:
    """1 to 80 of A-Z, a-z, 0-9, - and _ (docs/api.md); and it is known again."""
    group = groups.new(kind)
    name = groups.member(group, 1000, 99)
    assert re.fullmatch("[0-9A-Za-z_-]{1,80}", name)
    assert group == groups.group_of(name)
    assert groups.new(kind) != group
