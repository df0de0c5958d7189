"""An event on disk is the event that was told."""

from __future__ import annotations

import datetime as dt

import pytest

from localstack_standalone.persistence.errors import DamagedStateError
from localstack_standalone.persistence.executions import history
from localstack_standalone.persistence.executions.history import KeptEvent

ARN = "arn:aws:states:ca-central-1:000000000000:execution:m:e"
AT = dt.datetime(2026, 3, 4, 5, 6, 7, 891011, tzinfo=dt.UTC)
EXITED = {
    "id": 4,
    "previousEventId": 3,
    "type": "PassStateExited",
    "timestamp": AT,
    "stateExitedEventDetails": {"name": "é", "output": '{"a":"\\ud800"}'},
}


def test_it_comes_back_as_it_was() -> None:
    kept = KeptEvent(EXITED, ((2, 0), (7, 12)), "Next", {"kept": [1, None]}, "a token")
    assert kept == history.unpacked(history.packed(kept))


def test_its_details_are_what_its_type_has() -> None:
    assert "é" == KeptEvent(EXITED).details()["name"]
    assert {} == KeptEvent({"id": 1, "type": "MapStateFailed", "timestamp": AT}).details()


@pytest.mark.parametrize("record", [b"", b"\xff", b"7", b"[]", b"[7,[]]", b"[{},[],null,{},null]"])
def test_what_is_no_event_is_noticed(record: bytes) -> None:
    """Bytes that changed are noticed before: each record has a checksum."""
    with pytest.raises(DamagedStateError, match="cannot be read"):
        history.unpacked(record)


def test_keys_are_in_the_order_of_the_ids_and_of_one_execution() -> None:
    keys = [history.key(ARN, event_id) for event_id in (1, 9, 10, 24_999, 25_000)]
    assert sorted(keys) == keys
    assert all(key.startswith(history.prefix(ARN)) for key in keys)
    assert not keys[0].startswith(history.prefix(ARN[:-1]))


def test_behind_a_gap_nothing_has_happened() -> None:
    """The events of two threads are not always written in the order of their ids."""
    events = [KeptEvent({"id": event_id}) for event_id in (1, 2, 4, 5)]
    assert [1, 2] == [kept.event["id"] for kept in history.whole(events)]
    assert [] == list(history.whole(events[1:]))
