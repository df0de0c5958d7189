"""The answer of an Express machine."""

from __future__ import annotations

import datetime as dt
from typing import Any

from console import express_answer
from tests.support.shown import MARKUP, read

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def answer(**more: Any) -> Any:
    stopped = START + dt.timedelta(milliseconds=7)
    return {"executionArn": "arn:e", "startDate": START, "stopDate": stopped, **more}


def test_an_output_is_shown_and_that_nothing_else_is_kept() -> None:
    """With what it took."""
    shown = read(lambda: express_answer.show(answer(status="SUCCEEDED", output='{"a": 1}')))
    assert "✓ SUCCEEDED" in shown.text
    assert "7 ms" in shown.text
    assert "keeps no history" in shown.text


def test_an_error_is_shown_as_text() -> None:
    """With its cause."""
    shown = read(lambda: express_answer.show(answer(status="FAILED", error="Bad", cause=MARKUP)))
    assert f"Bad: {MARKUP}" in shown.text
    assert "img" not in [tag for tag, _ in shown.elements]


def test_its_log_is_led_to_where_it_has_one() -> None:
    """Nowhere else."""
    told = answer(status="SUCCEEDED")
    assert "/there" in read(lambda: express_answer.show(told, logged_at="/there")).values("href")
    assert "from the log" not in read(lambda: express_answer.show(told)).text
