"""One image's way through the four stations, told while it happens.

Nothing of NiceGUI is here: a page gives a `Journey` a function to call when something changed, and
draws what the journey then holds.
"""

from __future__ import annotations

import asyncio
import dataclasses
import enum
from typing import TYPE_CHECKING, Final

from pipeline import fetch, submit, trace, trace_call
from pipeline.trace_model import Status
from testbed import names
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.place import Found, Place
    from pipeline.fetch import Facts, StoredObject
    from pipeline.submit import Answer
    from pipeline.trace_model import Call, ExecutionSpan

POLL_S: Final = 0.05
LONGEST_S: Final = 120.0
_OK: Final = 200


class Station(enum.StrEnum):
    """Where a request passes."""

    API = "API Gateway"
    MACHINE = "Step Functions"
    FUNCTION = "Lambda"
    STORAGE = "S3"


class Light(enum.StrEnum):
    """How a station stands."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Errand:
    """What is sent.

    Attributes:
        key: the object's name; for the API's body too, unless that is given.
        content: uploaded under *key* before; None uploads nothing.
        body: the text to POST.
        content_type: of the body.
    """

    key: str
    body: str
    content: bytes | None = None
    content_type: str = "application/json"


@dataclasses.dataclass(kw_only=True)
class Picture:
    """An object as it was found: what it holds and what kind of image that is."""

    stored: StoredObject
    facts: Facts | None


@dataclasses.dataclass(kw_only=True)
class Journey:
    """What is known so far; `go` fills it.

    Attributes:
        lights: how each station stands.
        answer: the API's, None before it came.
        call: the same as a part of a trace, with the rendered template.
        definition: of the state machine.
        execution: as last seen.
        before: the original; after: the thumbnail.
        refusal: code and cause, wherever they arose.
        refused_at: which station said no.
    """

    place: Place
    errand: Errand
    changed: Callable[[], None] = lambda: None
    lights: dict[Station, Light] = dataclasses.field(
        default_factory=lambda: dict.fromkeys(Station, Light.WAITING)
    )
    answer: Answer | None = None
    call: Call | None = None
    definition: str | None = None
    execution: ExecutionSpan | None = None
    before: Picture | None = None
    after: Picture | None = None
    refusal: tuple[str, str] | None = None
    refused_at: Station | None = None

    async def go(self) -> None:
        """Send the errand and follow it to its end.

        Raises:
            TestbedError: the testbed went away, or the image cannot be uploaded.
        """
        if self.errand.content is not None:
            await self.place.call(self._upload)
        self._light(Station.API, Light.WORKING)
        arn = await self._post()
        if arn is None:
            return
        self._light(Station.API, Light.DONE, Station.MACHINE, Light.WORKING)
        await self._follow(arn)
        await self._finish()

    def _upload(self, found: Found) -> None:
        content = self.errand.content or b""
        submit.upload(found.aws, found.outputs, key=self.errand.key, content=content)

    async def _post(self) -> str | None:
        """POST; the ARN of the execution that it started, None if it was refused."""

        def work(found: Found) -> tuple[Answer, Call]:
            template = trace_call.template(found.aws, found.outputs)
            answer = submit.post(
                found.outputs, self.errand.body, content_type=self.errand.content_type
            )
            return answer, trace_call.observed(answer, self.errand.body, template)

        answer, call = await self.place.call(work)
        self.answer, self.call = answer, call
        told = _told(answer)
        if answer.status == _OK and "executionArn" in told:
            arn = str(told["executionArn"])
            self.place.keep(arn, call)
            return arn
        code = str(told.get("error", f"HTTP {answer.status}"))
        self._refuse(Station.API, code, str(told.get("message", answer.body)))
        return None

    async def _follow(self, arn: str) -> None:
        """Look at the execution until it has ended."""
        self.definition = await self.place.call(
            lambda found: found.aws.stepfunctions.describe_state_machine_for_execution(
                executionArn=arn
            )["definition"]
        )
        for _ in range(int(LONGEST_S / POLL_S)):
            self.execution = await self.place.call(lambda found: trace.execution(found.aws, arn))
            self._function_light()
            self.changed()
            if self.execution.status is not Status.RUNNING:
                return
            await asyncio.sleep(POLL_S)
        raise TestbedError(f"the execution still runs after {LONGEST_S:.0f} s")

    def _function_light(self) -> None:
        attempts = self.execution.attempts if self.execution else ()
        if not attempts:
            return
        last = attempts[-1].status
        lights = {Status.RUNNING: Light.WORKING, Status.SUCCEEDED: Light.DONE}
        self.lights[Station.FUNCTION] = lights.get(last, Light.FAILED)

    async def _finish(self) -> None:
        """Log lines and objects, which come when the execution has ended."""
        seen = self.execution
        assert seen is not None  # noqa: S101 - _follow has set it
        succeeded = seen.status is Status.SUCCEEDED
        self._light(Station.MACHINE, Light.DONE if succeeded else Light.FAILED)
        if succeeded:
            self._light(Station.STORAGE, Light.WORKING)
        self.execution = await self.place.call(
            lambda found: trace.with_invocations(found.aws, found.outputs, seen)
        )
        self.before = await self.place.call(lambda found: _picture(found, "original", self._key()))
        if not succeeded:
            self._refuse(self._who_refused(), seen.error or seen.status, seen.cause or "")
            return
        thumbnail = names.thumbnail_key(self._key())
        self.after = await self.place.call(lambda found: _picture(found, "resized", thumbnail))
        self._light(Station.STORAGE, Light.DONE if self.after else Light.FAILED)

    def _key(self) -> str:
        return self.errand.key

    def _who_refused(self) -> Station:
        """The function, if it answered with a refusal or an error; else the state machine."""
        attempts = self.execution.attempts if self.execution else ()
        return Station.FUNCTION if attempts else Station.MACHINE

    def _refuse(self, station: Station, code: str, cause: str) -> None:
        self.refusal, self.refused_at = (code, cause), station
        self._light(station, Light.FAILED)

    def _light(self, *pairs: Station | Light) -> None:
        for station, light in zip(pairs[::2], pairs[1::2], strict=True):
            self.lights[Station(station)] = Light(light)
        self.changed()


def _told(answer: Answer) -> dict[str, object]:
    """The API's answer, an empty object if it is none."""
    try:
        told = answer.json()
    except TestbedError:
        return {}
    return told if isinstance(told, dict) else {}


def _picture(found: Found, bucket: str, key: str) -> Picture | None:
    outputs = found.outputs
    name = outputs.original_bucket if bucket == "original" else outputs.resized_bucket
    try:
        stored = fetch.download(found.aws, bucket=name, key=key)
    except TestbedError:
        return None  # it is not there: the pipeline says why, in the execution
    return Picture(stored=stored, facts=fetch.facts(stored.content))
