"""Objects and traces as files for the browser: previews, downloads, and the traces' own pages."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from client import fetch
from console.watch import LostError
from runs import collect, model
from testbed import settings
from testbed.errors import TestbedError
from views import html

if TYPE_CHECKING:
    from console.watch import Deployment, WatchedTestbed

SAMPLES: Final = settings.ROOT / "samples"
BUCKETS: Final = ("original", "resized")
PREVIEW_BYTES: Final = 3_000_000
_SHOWN: Final = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF")
# What a stranger uploaded is looked at, never run: it may be a page that calls itself an image.
_HARMLESS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def bucket_name(found: Deployment, bucket: str) -> str:
    """The name of the bucket that is called *bucket* in addresses."""
    outputs = found.outputs
    return outputs.original_bucket if bucket == "original" else outputs.resized_bucket


def address(bucket: str, key: str, *, etag: str = "", download: bool = False) -> str:
    """Where the console serves an object; the ETag makes a new address of new content."""
    kind = "download" if download else "preview"
    return f"/files/{kind}/{bucket}?key={quote(key, safe='')}&v={quote(etag, safe='')}"


def routes(watch: WatchedTestbed) -> APIRouter:
    """Where files are; these run in threads, so they may wait for S3."""
    router = APIRouter(prefix="/files")

    @router.get("/preview/{bucket}")
    def preview(bucket: str, key: str) -> Response:
        return _object(watch, bucket, key, inline=True)

    @router.get("/download/{bucket}")
    def download(bucket: str, key: str) -> Response:
        return _object(watch, bucket, key, inline=False)

    @router.get("/trace/{name}")
    def trace_of(name: str, form: str = "html") -> Response:
        return _trace(watch, name, form)

    return router


def _object(watch: WatchedTestbed, bucket: str, key: str, *, inline: bool) -> Response:
    if bucket not in BUCKETS:
        return PlainTextResponse("no such bucket", HTTPStatus.NOT_FOUND)
    try:
        stored = watch.ask(
            lambda found: fetch.download(found.aws, bucket=bucket_name(found, bucket), key=key)
        )
    except TestbedError as error:
        return _failure(error)
    if not inline:
        disposition = f"attachment; filename*=UTF-8''{quote(fetch.file_name(key))}"
        headers = {**_HARMLESS, "Content-Disposition": disposition}
        return Response(stored.content, media_type="application/octet-stream", headers=headers)
    kind = stored.facts
    if kind is None or kind.format not in _SHOWN:
        # It is there, and has nothing to look at; a 404 would be an error in the browser's console.
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=_HARMLESS)
    media_type = f"image/{kind.format.lower()}"
    return Response(stored.content, media_type=media_type, headers=_HARMLESS)


def _trace(watch: WatchedTestbed, name: str, form: str) -> Response:
    def work(found: Deployment) -> tuple[model.Trace, str]:
        arn = collect.find(found.aws, found.outputs, name)
        whole = collect.collect(found.aws, found.outputs, arn, call=watch.calls.get(arn))
        return whole, collect.definition(found.aws, arn)

    try:
        whole, definition = watch.ask(work)
    except TestbedError as error:
        return _failure(error)
    saved_as = fetch.file_name(f"trace-{name}.{'json' if form == 'json' else 'html'}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(saved_as)}"}
    if form == "json":
        content = json.dumps(model.as_json(whole), indent=2)
        return Response(content, media_type="application/json", headers=headers)
    page = html.page(whole, definition)
    return Response(page, media_type="text/html", headers=headers)


def _failure(error: TestbedError) -> Response:
    lost = isinstance(error, LostError)
    status = HTTPStatus.SERVICE_UNAVAILABLE if lost else HTTPStatus.NOT_FOUND
    return PlainTextResponse(str(error), status)
