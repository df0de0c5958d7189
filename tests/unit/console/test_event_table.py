"""The table of events."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from console import event_rows
from console.event_table import EventTable
from runs.model import ExecutionSpan, Status
from tests.support.shown import Reader, read

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
SEEN = ExecutionSpan(
    arn="arn:e", name="e", state_machine_arn="arn:m", status=Status.RUNNING, started_at=START
)


def shown(count: int, turns: int) -> Reader:
    """A table of *count* events, after so many turns of the page."""
    events: list[Any] = [
        {"id": number, "timestamp": START, "type": "PassStateExited", "previousEventId": 0}
        for number in range(1, count + 1)
    ]

    def draw() -> None:
        table = EventTable()
        table.show(events, SEEN)
        for _ in range(abs(turns)):
            table._go(1 if turns > 0 else -1)  # noqa: SLF001 - what its buttons do

    return read(draw)


@pytest.mark.parametrize(
    ("turns", "words"),
    [(0, "1 to 100 of 250"), (1, "101 to 200 of 250"), (9, "201 to 250 of 250"),
     (-1, "1 to 100 of 250")],
)  # fmt: skip
def test_a_page_of_events_is_shown(turns: int, words: str) -> None:
    """And no turn leads past the last or the first."""
    assert 100 == event_rows.SHOWN
    assert words in shown(250, turns).text


def test_a_few_events_need_no_buttons() -> None:
    """They are all there."""
    assert "1 to 3 of 3" in shown(3, 0).text
    assert [True, True] == shown(3, 0).values("disabled")[:2]
