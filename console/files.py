"""Objects and traces as files for the browser: previews, downloads, and the traces' own pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from nicegui import app
from starlette.responses import PlainTextResponse, Response

from pipeline import fetch, trace, trace_html, trace_model
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from console.place import Found, Place

BUCKETS: Final = ("original", "resized")
PREVIEW_BYTES: Final = 3_000_000
_SHOWN: Final = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF")
# What a stranger uploaded is looked at, never run: it may be a page that calls itself an image.
_HARMLESS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_NOT_FOUND, _UNAVAILABLE = 404, 503


def bucket_name(found: Found, bucket: str) -> str:
    """The name of the bucket that is called *bucket* in addresses."""
    outputs = found.outputs
    return outputs.original_bucket if bucket == "original" else outputs.resized_bucket


def address(bucket: str, key: str, *, etag: str = "", download: bool = False) -> str:
    """Where the console serves an object; the ETag makes a new address of new content."""
    kind = "download" if download else "preview"
    return f"/files/{kind}/{bucket}?key={quote(key, safe='')}&v={quote(etag, safe='')}"


def register(place: Place) -> None:
    """Serve files; these run in threads, so they may wait for S3."""

    @app.get("/files/preview/{bucket}")
    def preview(bucket: str, key: str) -> Response:
        return _object(place, bucket, key, inline=True)

    @app.get("/files/download/{bucket}")
    def download(bucket: str, key: str) -> Response:
        return _object(place, bucket, key, inline=False)

    @app.get("/files/trace/{name}")
    def trace_of(name: str, form: str = "html") -> Response:
        return _trace(place, name, form)


def _object(place: Place, bucket: str, key: str, *, inline: bool) -> Response:
    if bucket not in BUCKETS:
        return PlainTextResponse("no such bucket", _NOT_FOUND)
    try:
        found = place.found
        stored = fetch.download(found.aws, bucket=bucket_name(found, bucket), key=key)
    except TestbedError as error:
        status = _NOT_FOUND if place.up else _UNAVAILABLE
        return PlainTextResponse(str(error), status)
    if not inline:
        disposition = f"attachment; filename*=UTF-8''{quote(fetch.file_name(key))}"
        headers = {**_HARMLESS, "Content-Disposition": disposition}
        return Response(stored.content, media_type="application/octet-stream", headers=headers)
    kind = fetch.facts(stored.content)
    if kind is None or kind.format not in _SHOWN:
        return PlainTextResponse("not an image that browsers show", _NOT_FOUND)
    media_type = f"image/{kind.format.lower()}"
    return Response(stored.content, media_type=media_type, headers=_HARMLESS)


def _trace(place: Place, name: str, form: str) -> Response:
    try:
        found = place.found
        arn = trace.find(found.aws, found.outputs, name)
        whole = trace.collect(found.aws, found.outputs, arn, call=place.calls.get(arn))
    except TestbedError as error:
        status = _NOT_FOUND if place.up else _UNAVAILABLE
        return PlainTextResponse(str(error), status)
    saved_as = fetch.file_name(f"trace-{name}.{'json' if form == 'json' else 'html'}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(saved_as)}"}
    if form == "json":
        content = json.dumps(trace_model.as_json(whole), indent=2)
        return Response(content, media_type="application/json", headers=headers)
    machine = found.aws.stepfunctions.describe_state_machine_for_execution(executionArn=arn)
    page = trace_html.page(whole, machine["definition"])
    return Response(page, media_type="text/html", headers=headers)
