from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest

from runs.model import (
    Attempt,
    Call,
    ExecutionSpan,
    InvocationSpan,
    Source,
    StateSpan,
    Status,
    Trace,
    as_json,
)

START = dt.datetime(2026, 3, 1, 12, 0, 0, 1_234, tzinfo=dt.UTC)
END = START + dt.timedelta(milliseconds=250)
ATTEMPT = Attempt(
    number=1, status=Status.FAILED, resource="lambda:invoke", scheduled_at=START, ended_at=END
)
STATE = StateSpan(
    id=2, name="S", type="Task", status=Status.RUNNING, entered_at=START, attempts=(ATTEMPT,)
)


def execution(status: Status = Status.SUCCEEDED) -> ExecutionSpan:
    return ExecutionSpan(
        arn="arn:e",
        name="e",
        state_machine_arn="arn:m",
        status=status,
        started_at=START,
        stopped_at=END,
        states=(STATE, STATE),
    )


def test_a_span_without_an_end_has_no_duration() -> None:
    """Neither 0 nor the time until now."""
    assert (250, None, 250) == (ATTEMPT.duration_ms, STATE.duration_ms, execution().duration_ms)


def test_attempts_of_all_states_are_those_of_the_execution() -> None:
    """In order."""
    assert (ATTEMPT, ATTEMPT) == execution().attempts


@pytest.mark.parametrize(
    ("status", "tried", "expected"),
    [
        (Status.FAILED, [Status.SUCCEEDED], True),
        (Status.FAILED, [Status.FAILED, Status.SUCCEEDED], True),
        (Status.FAILED, [Status.FAILED], False),
        (Status.FAILED, [], False),
        (Status.SUCCEEDED, [Status.SUCCEEDED], False),
        (Status.TIMED_OUT, [Status.SUCCEEDED], False),
    ],
)
def test_a_refusal_is_a_failure_in_which_all_went_well(
    *, status: Status, tried: list[Status], expected: bool
) -> None:
    """An attempt that failed and was repeated is forgiven."""
    attempts = tuple(dataclasses.replace(ATTEMPT, status=one) for one in tried)
    state = dataclasses.replace(STATE, attempts=attempts)
    seen = dataclasses.replace(execution(status), states=(state,))
    assert expected is seen.is_refusal


def test_a_trace_is_plain_json() -> None:
    """Times in UTC with milliseconds, statuses as words, durations beside what they follow from."""
    call = Call(source=Source.INFERRED, url="u", body="{}")
    plain = as_json(Trace(call=call, execution=execution()))
    assert plain == json.loads(json.dumps(plain))
    assert "inferred" == plain["call"]["source"]
    assert "2026-03-01T12:00:00.001+00:00" == plain["execution"]["started_at"]
    assert 250 == plain["execution"]["duration_ms"]
    state = plain["execution"]["states"][0]
    assert ("RUNNING", None) == (state["status"], state["duration_ms"])
    assert (1, 250) == (state["attempts"][0]["number"], state["attempts"][0]["duration_ms"])


def test_an_attempt_says_in_which_redrive_it_was_made() -> None:
    """Its number goes on; the first run's attempts say nothing of redrives."""
    again = dataclasses.replace(ATTEMPT, number=3, redrive=2)
    assert ("Attempt 1", "Attempt 3 (redrive 2)") == (ATTEMPT.title, again.title)


def invoked(
    second: int, error: str | None, *, stream: str = "one", cold: bool = False
) -> tuple[InvocationSpan, Attempt]:
    at = START + dt.timedelta(seconds=second)
    span = InvocationSpan(request_id=str(second), log_stream=stream, started_at=at, cold=cold)
    attempt = dataclasses.replace(ATTEMPT, error=error, invocation=span, scheduled_at=at)
    return span, attempt


@pytest.mark.parametrize(
    ("error", "stream", "cold", "expected"),
    [
        ("Runtime.ExitError", "one", False, True),
        ("Sandbox.Timedout", "one", False, True),
        ("ValueError", "one", False, False),  # its handler raised, and the process lives
        (None, "one", False, False),
        ("Runtime.ExitError", "another", False, False),
        ("Runtime.ExitError", "one", True, False),
    ],
)
def test_what_ended_its_process_is_begun_anew(
    error: str | None, stream: str, *, cold: bool, expected: bool
) -> None:
    """Of what another environment did, or another execution, nothing follows."""
    _, first = invoked(1, error, stream=stream)
    span, second = invoked(2, None, cold=cold)
    state = dataclasses.replace(STATE, attempts=(first, second))
    assert expected == dataclasses.replace(execution(), states=(state,)).begins_anew(span)
    assert not dataclasses.replace(execution(), states=()).begins_anew(span)
