"""What is written of executions is read back, and goes when they are forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from localstack_standalone.persistence.executions.history import KeptEvent
from localstack_standalone.persistence.executions.recorder import (
    EVENT,
    EXECUTION,
    OUTCOME,
    REVISION,
    TOKEN,
    KeptOutcome,
    KeptToken,
    Recorder,
    Records,
)
from localstack_standalone.persistence.journal import Journal

ARN = "arn:aws:states:ca-central-1:000000000000:execution:m:e"
AT = dt.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=dt.UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path)
    yield made
    made.close()


def event(event_id: int, kind: str = "PassStateEntered") -> KeptEvent:
    return KeptEvent({"id": event_id, "previousEventId": 0, "type": kind, "timestamp": AT})


def test_an_execution_is_read_as_it_was_written(journal: Journal) -> None:
    recorder, records = Recorder(journal), Records(journal)
    recorder.started(ARN, {"name": "e", "started": AT})
    for event_id in (2, 1):
        recorder.wrote(ARN, event(event_id))
    outcome = KeptOutcome(
        status="FAILED", stopped=AT, error="Busy", redrives=(1, AT, [("token", AT)])
    )
    recorder.became(ARN, outcome)
    assert {ARN: {"name": "e", "started": AT}} == records.executions()
    assert {ARN: outcome} == records.outcomes()
    assert [event(1), event(2)] == records.events(ARN)


def test_a_revision_is_written_once(journal: Journal) -> None:
    """However many executions are started with it."""
    recorder = Recorder(journal)
    first = recorder.revision(("a",), lambda: {"definition": "x"})
    same = recorder.revision(("b",), lambda: {"definition": "x"})
    other = recorder.revision(("c",), lambda: {"definition": "y"})
    assert first == same != other
    records = Records(journal)
    assert {"definition": "y"} == records.revision(other)
    records.forget_unused({first})
    assert [first] == [key for key, _ in journal.entries(REVISION)]


def test_a_token_says_who_has_it_and_what_was_answered(journal: Journal) -> None:
    recorder, records = Recorder(journal), Records(journal)
    recorder.given(ARN, "one", "worker")
    recorder.answered(ARN, "one", success="1", failure=None)
    recorder.answered(ARN, "two", success=None, failure=("Busy", None))
    assert {
        "one": KeptToken(given=True, worker="worker", success="1"),
        "two": KeptToken(failure=("Busy", None)),
    } == records.tokens(ARN)


def test_tokens_are_of_no_use_when_the_execution_ended(journal: Journal) -> None:
    """Those from before a crash, too."""
    recorder = Recorder(journal)
    recorder.expect(ARN, {"old": KeptToken()})
    recorder.answered(ARN, "old", success="1", failure=None)
    recorder.became(ARN, KeptOutcome(status="RUNNING"))
    assert 1 == len(list(journal.entries(TOKEN)))
    recorder.became(ARN, KeptOutcome(status="SUCCEEDED", stopped=AT))
    assert [] == list(journal.entries(TOKEN))


def test_what_is_forgotten_is_gone_from_the_disk(journal: Journal) -> None:
    """And nothing of an execution whose ARN begins alike."""
    recorder = Recorder(journal)
    for arn in (ARN, f"{ARN}2"):
        recorder.started(arn, {})
        recorder.wrote(arn, event(1))
        recorder.became(arn, KeptOutcome(status="RUNNING"))
        recorder.answered(arn, "token", success="1", failure=None)
    recorder.forgotten([ARN])
    for kind in (EXECUTION, OUTCOME, EVENT, TOKEN):
        assert [f"{ARN}2"] == [key.partition("#")[0] for key, _ in journal.entries(kind)], kind


def test_events_behind_a_gap_are_cut_off(journal: Journal) -> None:
    recorder, records = Recorder(journal), Records(journal)
    for event_id in (1, 2, 4):
        recorder.wrote(ARN, event(event_id))
    records.cut(ARN, len(records.events(ARN)))
    assert 2 == len(list(journal.entries(EVENT)))
