"""Events as rows: where each happened, and what it holds."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from console import event_rows

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)


def history(*events: tuple[str, int, dict[str, Any]]) -> list[Any]:
    """Events by type, the event that each follows, and its details."""
    return [
        {
            "id": number,
            "timestamp": START,
            "type": kind,
            "previousEventId": follows,
            **({f"{kind[0].lower()}{kind[1:]}EventDetails": details} if details else {}),
        }
        for number, (kind, follows, details) in enumerate(events, start=1)
    ]


BRANCHES = history(
    ("ExecutionStarted", 0, {"input": '{"a": 1}'}),
    ("ParallelStateEntered", 1, {"name": "Both"}),
    ("ParallelStateStarted", 2, {}),
    ("TaskStateEntered", 3, {"name": "One"}),
    ("PassStateEntered", 3, {"name": "Two"}),
    ("TaskScheduled", 4, {"resource": "invoke"}),
    ("PassStateExited", 5, {"name": "Two", "output": "plain"}),
    ("TaskFailed", 6, {"error": "Busy", "cause": "{not JSON"}),
    ("ExecutionFailed", 8, {"error": "Busy"}),
)


def test_each_says_in_which_state_it_happened() -> None:
    """By the events that it follows, also where branches take turns; the execution's in none."""
    found = [row.state for row in event_rows.rows(BRANCHES)]
    assert ["", "Both", "Both", "One", "Two", "One", "Two", "One", ""] == found


def test_each_tells_what_it_holds() -> None:
    """JSON within it as what it says; nothing where the history has nothing."""
    told = [row.told for row in event_rows.rows(BRANCHES)]
    assert {"input": {"a": 1}} == json.loads(told[0])
    assert "" == told[2]
    assert {"name": "Two", "output": "plain"} == json.loads(told[6])
    assert {"error": "Busy", "cause": "{not JSON"} == json.loads(told[7])


def test_a_type_is_broken_between_its_words() -> None:
    """And nothing of it is lost."""
    first, *_ = event_rows.rows(BRANCHES)
    assert ["Execution", "Started"] == first.words
    assert all("".join(row.words) == row.type for row in event_rows.rows(BRANCHES))


def test_a_page_is_not_filled_without_end() -> None:
    """So many are shown at once; the next page goes on, and knows the states of before."""
    many = history(
        ("TaskStateEntered", 0, {"name": "S"}),
        *[("TaskScheduled", 1, {"resource": "invoke"})] * event_rows.SHOWN,
    )
    assert event_rows.SHOWN == len(list(event_rows.rows(many)))
    (last,) = event_rows.rows(many, event_rows.SHOWN)
    assert (event_rows.SHOWN + 1, "S") == (last.id, last.state)
    assert last.told


def test_the_fields_of_events_are_named_once() -> None:
    """Those of every event first, then what some have beside."""
    expected = ["id", "type", "timestamp", "previousEventId", "input", "name", "resource"]
    assert [*expected, "output", "error", "cause"] == event_rows.fields(BRANCHES)
