"""Where the browser sends the images of a batch, one a request, and says what it could not send.

Each request stays until its image is through, so that the browser, which has four of them open at
most, is also what bounds how much is under way.
"""

from __future__ import annotations

import functools
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import anyio
import pydantic
from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from client import many, submit
from client.journey import Job
from console.batch import MOST_BYTES
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from console.batch import Batch, BatchItem, OpenBatches
    from console.watch import WatchedTestbed

# Of all pages together: each is a thread, and up to 25 MB.
AT_ONCE: Final = 8


class ChosenFile(pydantic.BaseModel):
    """A file that was chosen: its name with its folders, and its size in bytes."""

    name: str
    size: int


class ChosenFiles(pydantic.BaseModel):
    """All that were chosen at once, and how many hidden ones were among them."""

    files: list[ChosenFile]
    hidden: int = 0


def routes(watch: WatchedTestbed, batches: OpenBatches) -> APIRouter:
    """Where a batch grows, and where its images go."""
    desk = BatchDesk(watch, batches)
    router = APIRouter(prefix="/batches/{group}")
    router.add_api_route("/files", desk.chosen, methods=["POST"])
    router.add_api_route("/files/{number}", desk.sent, methods=["POST"])
    router.add_api_route("/files/{number}/again", desk.again, methods=["POST"])
    router.add_api_route("/files/{number}/lost", desk.lost, methods=["POST"])
    router.add_api_route("/failed", desk.failed, methods=["GET"])
    return router


class BatchDesk:
    """Answers what the page's script asks for; 404 for a batch or an image that is not there."""

    def __init__(self, watch: WatchedTestbed, batches: OpenBatches) -> None:
        self._watch, self._batches = watch, batches
        self._limiter = anyio.CapacityLimiter(AT_ONCE)

    def chosen(self, group: str, told: ChosenFiles) -> Response:
        """Files were chosen: each gets its number, 0 if it is not to be sent."""
        if (batch := self._batches.get(group)) is None:
            return _unknown()
        files = [(one.name, one.size) for one in told.files]
        return JSONResponse({"numbers": batch.add(files, hidden=told.hidden)})

    async def sent(self, group: str, number: int, request: Request) -> Response:
        """A file is here: put it through."""
        batch = self._batches.get(group)
        item = batch.begin(number) if batch else None
        if batch is None or item is None:
            return _unknown()
        try:
            image = await _body(request)
        except ClientDisconnect:
            batch.not_sent(number, "the browser broke off")
            raise
        if image is None:
            batch.not_sent(number, "larger than the 25 MB that the function reads")
            return PlainTextResponse("too large\n", HTTPStatus.CONTENT_TOO_LARGE)
        return await self._through(batch, item, image)

    async def again(self, group: str, number: int) -> Response:
        """An image whose object is there: put it through again."""
        batch = self._batches.get(group)
        item = batch.begin(number) if batch else None
        if batch is None or item is None:
            return _unknown()
        return await self._through(batch, item, None)

    def lost(self, group: str, number: int) -> Response:
        """The browser could not send a file."""
        if (batch := self._batches.get(group)) is None:
            return _unknown()
        batch.not_sent(number, "the browser could not read or send it")
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def failed(self, group: str) -> Response:
        """What can be run again, and whether its object is there."""
        if (batch := self._batches.get(group)) is None:
            return _unknown()
        told = [{"number": item.number, "stored": item.stored} for item in batch.repeatable()]
        return JSONResponse({"failed": told})

    async def _through(self, batch: Batch, item: BatchItem, image: bytes | None) -> Response:
        work = functools.partial(_run, self._watch, batch, item, image)
        await to_thread.run_sync(work, limiter=self._limiter)
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _unknown() -> Response:
    return PlainTextResponse("no such batch, or no such image to be run\n", HTTPStatus.NOT_FOUND)


async def _body(request: Request) -> bytes | None:
    """The body, None where it is longer than an image may be; no more of it is read then."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > MOST_BYTES:
            return None
    return bytes(content)


def _run(watch: WatchedTestbed, batch: Batch, item: BatchItem, image: bytes | None) -> None:
    body = submit.Request(key=item.key).body()
    job = Job(key=item.key, body=body, image=image, name=batch.name(item))
    try:
        outcome = watch.ask(lambda found: many.send(found.aws, found.outputs, job))
    except TestbedError as error:
        batch.not_sent(item.number, str(error))
    else:
        batch.end(item.number, outcome)
