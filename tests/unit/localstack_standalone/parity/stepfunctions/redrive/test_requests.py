"""Who may redrive, and what a token answers."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from localstack_standalone.parity.stepfunctions.redrive.requests import (
    EVENTS,
    OPEN,
    REDRIVABLE,
    TOKEN_VALID,
    TOKENS,
    Redrivable,
    Redrives,
    broken,
)

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
SHORT = dt.timedelta(seconds=1)
FAILED = Redrivable(
    status="FAILED", started=NOW - SHORT, stopped=NOW - SHORT, events=5, has_machine=True
)


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
def test_what_did_not_succeed_may_be_redriven(status: str) -> None:
    """For 14 days, and while its history has room for two more events."""
    last = dataclasses.replace(
        FAILED, status=status, stopped=NOW - REDRIVABLE + SHORT, events=EVENTS - 1
    )
    assert last.refusal(NOW) is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "RUNNING", "stopped": None}, "Execution is RUNNING and cannot be redriven"),
        ({"status": "SUCCEEDED"}, "Execution is SUCCEEDED and cannot be redriven"),
        ({"has_machine": False}, "State machine is in DELETING status"),
        ({"events": EVENTS}, "Execution history event limit exceeded"),
        ({"started": NOW - OPEN}, "Execution has exceeded the max execution time"),
        ({"stopped": NOW - REDRIVABLE}, "Execution redrivable period exceeded"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refusal_says_why(fields: dict[str, object], reason: str) -> None:
    """In the words of the API reference, DescribeExecution."""
    assert reason == dataclasses.replace(FAILED, **fields).refusal(NOW)  # type: ignore[arg-type]  # fields by name


def test_a_token_answers_for_a_quarter_of_an_hour() -> None:
    """With the date of the redrive that it made; no token answers nothing."""
    made = Redrives()
    assert (0, None) == (made.count, made.date)
    made.add("a", NOW)
    later = NOW + TOKEN_VALID - SHORT
    assert NOW == made.answered("a", later)
    assert made.answered("a", NOW + TOKEN_VALID) is None
    assert made.answered("b", later) is None
    assert made.answered(None, later) is None


def test_the_last_ten_tokens_answer() -> None:
    """Redrives without one do not push them out; a count of all is kept."""
    made = Redrives()
    for number in range(TOKENS + 1):
        made.add(str(number), NOW)
        made.add(None, NOW + SHORT)
    assert (2 * TOKENS + 2, NOW + SHORT) == (made.count, made.date)
    assert made.answered("0", NOW) is None
    assert NOW == made.answered("1", NOW) == made.answered(str(TOKENS), NOW)


@pytest.mark.parametrize("token", [None, "a", "!~", "x" * 64])
def test_a_token_may_be_any_64_printable_characters(token: str | None) -> None:
    """Or missing: SDKs make one."""
    assert broken(token) is None


@pytest.mark.parametrize(
    ("token", "constraint"),
    [
        ("", "have length greater than or equal to 1"),
        ("x" * 65, "have length less than or equal to 64"),
        ("a b", "satisfy regular expression pattern: [!-~]+"),
        ("♣", "satisfy regular expression pattern: [!-~]+"),
    ],
)
def test_any_other_token_breaks_a_constraint(token: str, constraint: str) -> None:
    """Which is named."""
    assert (broken(token) or "").endswith(f"Member must {constraint}")
