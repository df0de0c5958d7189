"""What of a state was told before a crash is told once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from localstack_standalone.parity.stepfunctions.redrive.replay import FailedAttempt, Replay

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def event(event_id: int, kind: str, **details: Any) -> dict[str, Any]:
    return {"id": event_id, "type": kind, "timestamp": AT, **details}


def failed(kind: str | None = "TaskFailed") -> FailedAttempt:
    told = None if kind is None else event(5, kind)
    return FailedAttempt(error="Busy", cause="", at=AT, event=told)


def test_the_events_of_the_last_attempt_are_taken_in_their_order() -> None:
    made = Replay(AT, tail=[event(3, "TaskScheduled"), event(4, "TaskStarted")])
    assert made.next_attempt() is None
    assert [3, 4, None] == [
        made.take(kind) for kind in ("TaskScheduled", "TaskStarted", "TaskSucceeded")
    ]


def test_whoever_goes_another_way_tells_everything_from_there_on() -> None:
    """A definition is the same, but what a state is asked may give another answer now."""
    made = Replay(AT, tail=[event(3, "TaskScheduled"), event(4, "TaskStarted")])
    made.next_attempt()
    assert made.take("EvaluationFailed") is None
    assert made.take("TaskScheduled") is None


def test_an_attempt_that_failed_is_told_and_its_events_are_not_the_next_ones() -> None:
    made = Replay(AT, tail=[event(3, "TaskScheduled")])
    made.fail(failed())
    made.write(event(6, "TaskScheduled"))
    assert failed() == made.next_attempt()
    assert made.take("TaskScheduled") is None
    assert 5 == made.take("TaskFailed")
    assert made.next_attempt() is None
    assert 6 == made.take("TaskScheduled")


def test_a_failure_that_only_parts_tell_is_no_event() -> None:
    """A Map that is retried says so by starting again."""
    made = Replay(AT, failures=[failed(None)])
    made.next_attempt()
    assert made.take("MapStateFailed") is None


def test_a_result_is_the_tasks_own_whatever_kind_it_is() -> None:
    for kind in ("Task", "LambdaFunction", "Activity"):
        field = f"{kind[0].lower()}{kind[1:]}SucceededEventDetails"
        told = event(7, f"{kind}Succeeded", **{field: {"output": '{"a": 1}'}})
        assert ({"a": 1}, 7) == Replay(AT, tail=[event(6, "x"), told]).result()
    assert Replay(AT, tail=[event(6, "TaskStarted")]).result() is None


def test_only_who_was_answered_waits_on() -> None:
    """A task that was started may not have reached its service."""
    started = Replay(AT, tail=[event(3, "TaskScheduled"), event(4, "TaskStarted")])
    assert (None, None) == (started.submitted(), started.waits_since())
    told = event(5, "TaskSubmitted", taskSubmittedEventDetails={"output": '{"ExecutionArn": "a"}'})
    started.write(told)
    assert ({"ExecutionArn": "a"}, AT) == (started.submitted(), started.waits_since())
    assert AT == Replay(AT, tail=[event(3, "ActivityScheduled")]).waits_since()
