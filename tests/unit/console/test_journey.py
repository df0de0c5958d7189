"""A journey as a page is told of it, and how its stations stand."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from typing import TYPE_CHECKING, Any

import pytest

from client import fetch, journey
from client.journey import Job, Journey, Stage
from console.journey import Light, Shown, lights, send
from runs.model import Call, Source, Status
from testbed.errors import TestbedError
from tests.support.journeys import NOTHING, TRIED, ran, refused

if TYPE_CHECKING:
    from console.watch import WatchedTestbed
    from tests.support.fake_step_functions import StepFunctions

RETRYING = dataclasses.replace(TRIED, status=Status.RUNNING)
CALL = Call(source=Source.OBSERVED, url="u", body="{}")


def going(monkeypatch: pytest.MonkeyPatch, *steps: Journey) -> None:
    """Let whatever is sent go these steps, and find no object in S3."""

    def gone(_aws: object, _outputs: object, _job: Job, *, told: Any) -> Journey:
        for step in steps:
            told(step)
        return steps[-1]

    def missing(*_: object, **__: object) -> None:
        raise TestbedError("there is no object")

    monkeypatch.setattr(journey, "send", gone)
    monkeypatch.setattr(fetch, "download", missing)


def test_a_page_is_told_each_step(
    watch: WatchedTestbed, sfn: StepFunctions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, with the definition from the execution on, and at the end once."""
    sfn.definition = "{}"
    running = dataclasses.replace(ran(Status.RUNNING), call=CALL)
    ended = dataclasses.replace(ran(Status.SUCCEEDED), call=CALL)
    going(monkeypatch, Journey(job=NOTHING), running, ended)
    told: list[Shown] = []
    last = asyncio.run(send(watch, NOTHING, told.append))
    assert [Stage.UPLOADING, Stage.RUNNING, Stage.ENDED] == [one.journey.stage for one in told]
    assert [None, "{}", "{}"] == [one.definition for one in told]
    assert told[-1] == last == Shown(journey=ended, definition="{}")


def test_the_call_that_started_an_execution_is_kept(
    watch: WatchedTestbed, sfn: StepFunctions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For its trace: no service keeps it."""
    sfn.definition = "{}"
    going(monkeypatch, dataclasses.replace(ran(Status.SUCCEEDED), call=CALL))
    asyncio.run(send(watch, NOTHING))
    assert {"arn:e": CALL} == watch.calls


def test_one_that_cannot_be_sent_is_an_error(
    watch: WatchedTestbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was told before it was told."""

    def gone(_aws: object, _outputs: object, job: Job, *, told: Any) -> Journey:
        told(Journey(job=job))
        raise TestbedError("no upload")

    monkeypatch.setattr(journey, "send", gone)
    told: list[Shown] = []
    with pytest.raises(TestbedError, match="no upload"):
        asyncio.run(send(watch, NOTHING, told.append))
    assert [Shown(journey=Journey(job=NOTHING))] == told


@pytest.mark.parametrize(
    ("journey", "lit"),
    [
        (Journey(job=NOTHING), "working waiting waiting waiting"),
        (refused("INVALID_REQUEST"), "failed not_reached not_reached not_reached"),
        (ran(Status.RUNNING), "done working waiting waiting"),
        (ran(Status.RUNNING, RETRYING), "done working retrying waiting"),
        (ran(Status.FAILED), "done failed not_reached not_reached"),
        (ran(Status.FAILED, TRIED), "done failed failed not_reached"),
        (ran(Status.SUCCEEDED), "done done not_reached failed"),
    ],
)
def test_stations_are_lit_by_what_is_known(journey: Journey, lit: str) -> None:
    """API, state machine, function and storage; a success without a thumbnail is S3's failure."""
    assert [Light(word) for word in lit.split()] == list(lights(journey).values())


def test_a_page_that_fails_leaves_no_task(
    watch: WatchedTestbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was begun for it is ended with it, though the journey itself is still under way."""
    over = threading.Event()

    def slow(_aws: object, _outputs: object, job: Job, *, told: Any) -> Journey:
        told(Journey(job=job))
        over.wait(20)
        return Journey(job=job)

    def fail(_shown: Shown) -> None:
        raise ValueError("no such element")

    async def shown() -> list[asyncio.Task[Any]]:
        try:
            with pytest.raises(ValueError, match="no such element"):
                await send(watch, NOTHING, fail)
            await asyncio.sleep(0)
            return [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        finally:
            over.set()

    monkeypatch.setattr(journey, "send", slow)
    assert [] == asyncio.run(shown())
