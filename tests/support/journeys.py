"""Journeys as they may stand."""

from __future__ import annotations

import datetime as dt
import json
from typing import Final

from client.journey import Job, Journey, Stage
from runs.call import ApiResponse
from runs.model import Attempt, ExecutionSpan, StateSpan, Status

START: Final = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
NOTHING: Final = Job(key="", body="")
TRIED: Final = StateSpan(
    id=1,
    name="S",
    type="Task",
    status=Status.FAILED,
    entered_at=START,
    attempts=(
        Attempt(number=1, status=Status.FAILED, resource="lambda:invoke", scheduled_at=START),
    ),
)
"""A task whose one attempt failed."""


def refused(code: str) -> Journey:
    """One that the API refused."""
    response = ApiResponse(
        url="u",
        status=400,
        headers={},
        body=json.dumps({"error": code, "message": "because"}),
        elapsed_ms=1,
    )
    return Journey(job=NOTHING, stage=Stage.ENDED, response=response)


def ran(status: Status, *states: StateSpan, error: str | None = None) -> Journey:
    """One whose execution stands so."""
    execution = ExecutionSpan(
        arn="arn:e",
        name="e",
        state_machine_arn="arn:m",
        status=status,
        started_at=START,
        states=states,
        error=error,
        cause="because",
    )
    stage = Stage.RUNNING if status is Status.RUNNING else Stage.ENDED
    return Journey(job=NOTHING, stage=stage, execution=execution)
