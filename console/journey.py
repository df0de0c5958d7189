"""One image's way through the four stations, as a page shows it while it happens.

Nothing of NiceGUI is here: a page gives `send` a function to call when something changed, and draws
what it is then given.
"""

from __future__ import annotations

import asyncio
import dataclasses
import enum
from typing import TYPE_CHECKING

from client import fetch, journey
from client.journey import Stage, Station
from runs import collect
from runs.model import Status
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from client.fetch import StoredObject
    from client.journey import Job, Journey
    from console.watch import Deployment, WatchedTestbed


class Light(enum.StrEnum):
    """How a station stands."""

    WAITING = "waiting"
    WORKING = "working"
    RETRYING = "retrying"
    """An attempt failed, and the next one is waited for."""
    DONE = "done"
    FAILED = "failed"
    NOT_REACHED = "not_reached"
    """All is over, and it never came to this one."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shown:
    """What a page draws.

    Attributes:
        journey: what is known so far.
        definition: of the state machine, None until an execution was seen.
        before: the original, None until the end or if it is not there.
        after: the thumbnail, likewise.
    """

    journey: Journey
    definition: str | None = None
    before: StoredObject | None = None
    after: StoredObject | None = None


async def send(
    watch: WatchedTestbed, job: Job, changed: Callable[[Shown], None] = lambda _shown: None
) -> Shown:
    """Send *job* and follow it to its end, telling *changed* on the way.

    Raises:
        TestbedError: the testbed went away, or the image cannot be uploaded.
    """
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[Shown | None] = asyncio.Queue()

    def work(found: Deployment) -> Shown:
        definition: str | None = None

        def tell(now: Journey) -> None:
            nonlocal definition
            if now.execution is not None and definition is None:
                definition = collect.definition(found.aws, now.execution.arn)
                if now.call is not None:
                    watch.keep(now.execution.arn, now.call)
            if now.stage is not Stage.ENDED:
                shown = Shown(journey=now, definition=definition)
                loop.call_soon_threadsafe(told.put_nowait, shown)

        ended = journey.send(found.aws, found.outputs, job, told=tell)
        before = _original(found, job.key) if ended.execution else None
        return Shown(journey=ended, definition=definition, before=before, after=ended.thumbnail)

    going = asyncio.create_task(watch.call(work))
    going.add_done_callback(lambda _task: told.put_nowait(None))
    try:
        while (now := await told.get()) is not None:
            changed(now)
        last = await going
    finally:
        going.cancel()  # where this failed before it had ended
    changed(last)
    return last


def lights(now: Journey) -> dict[Station, Light]:
    """How each station stands."""
    lit = dict.fromkeys(Station, Light.WAITING)
    lit[Station.API] = Light.DONE if now.stage in _BEHIND_THE_API else Light.WORKING
    seen = now.execution
    if now.stage is Stage.RUNNING:
        lit[Station.MACHINE] = Light.WORKING
    if seen is not None:
        lit[Station.MACHINE] = _LIGHTS.get(seen.status, Light.FAILED)
        if seen.retrying is not None:
            lit[Station.FUNCTION] = Light.RETRYING
        elif seen.attempts:
            lit[Station.FUNCTION] = _LIGHTS.get(seen.attempts[-1].status, Light.FAILED)
        if seen.succeeded and now.stage is Stage.FETCHING:
            lit[Station.STORAGE] = Light.WORKING
        elif seen.succeeded and now.stage is Stage.ENDED:
            lit[Station.STORAGE] = Light.DONE if now.thumbnail else Light.FAILED
    if now.setback is not None:
        lit[now.setback.station] = Light.FAILED
    if now.stage is Stage.ENDED:
        lit = {one: Light.NOT_REACHED if at is Light.WAITING else at for one, at in lit.items()}
    return lit


_BEHIND_THE_API = (Stage.RUNNING, Stage.FETCHING, Stage.ENDED)
_LIGHTS = {Status.RUNNING: Light.WORKING, Status.SUCCEEDED: Light.DONE}


def _original(found: Deployment, key: str) -> StoredObject | None:
    bucket = found.outputs.original_bucket
    try:
        return fetch.download(found.aws, bucket=bucket, key=key)
    except TestbedError:
        return None  # it is not there: the pipeline says why, in the execution
