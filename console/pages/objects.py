"""Objects: both buckets, with previews; upload, download, delete."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError
from nicegui import events, ui

from console import files, parts, pretty
from console.commands import Cli
from console.frame import frame
from pipeline import submit
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from console.place import Found, Place

ROWS: Final = 24
REFRESH_S: Final = 3.0
_TITLES: Final = {"original": "Originals", "resized": "Thumbnails"}
_WHAT_NEXT: Final = {
    "original": "Drop an image above, or send one on the page Run.",
    "resized": "The function writes here: send an image on the page Run.",
}


def register(place: Place) -> None:
    """Serve the page."""

    @ui.page("/objects")
    async def page() -> None:
        lede = "What is in the two buckets: images as they came, and what was made of them."
        shell = frame(place, path="/objects", title="Objects", lede=lede)
        with shell, parts.box(classes="two"):
            views = [_Bucket(place, bucket) for bucket in files.BUCKETS]
        for view in views:
            await view.refresh()


class _Bucket:
    """One bucket's part of the page."""

    def __init__(self, place: Place, bucket: str) -> None:
        self._place, self._bucket = place, bucket
        self._most = ROWS
        self._drawn: object = None
        with parts.box("section", "card"):
            parts.text(_TITLES[bucket], "h2")
            self._where = parts.text("", "p", "mono")
            if bucket == "original":
                parts.dropper("Drop images here, or choose them", self._upload, several=True)
            self._note = parts.text("", "p").props("role=status")
            self._list = parts.box()
        ui.timer(REFRESH_S, self.refresh)

    async def refresh(self) -> None:
        """List the bucket, and draw it if it has changed."""
        if not self._place.up:
            return
        try:
            listed, more = await self._place.call(self._look)
        except (TestbedError, ClientError) as error:
            self._say(str(error))
            return
        state = (self._most, [(one["Key"], one["ETag"]) for one in listed])
        if state != self._drawn:
            self._drawn = state
            self._draw(listed, more=more)

    def _look(self, found: Found) -> tuple[list[Any], bool]:
        answer = found.aws.s3.list_objects_v2(
            Bucket=files.bucket_name(found, self._bucket), MaxKeys=self._most
        )
        return list(answer.get("Contents", [])), answer.get("IsTruncated", False)

    def _draw(self, listed: list[Any], *, more: bool) -> None:
        outputs = self._place.found.outputs
        name = files.bucket_name(self._place.found, self._bucket)
        self._where.set_content(escape(f"s3://{name}"))
        self._list.clear()
        with self._list:
            if not listed:
                parts.empty("The bucket is empty", _WHAT_NEXT[self._bucket], "h3")
            with parts.box("ul", "objects"):
                for one in listed:
                    self._object(one)
            if more:
                parts.button("Show more", self._more)
            parts.commands(Cli(outputs).list_objects(name))

    def _object(self, one: Any) -> None:
        key, etag = one["Key"], one["ETag"].strip('"')
        with parts.box("li", "object"):
            if one["Size"] <= files.PREVIEW_BYTES:
                _preview(files.address(self._bucket, key, etag=etag), key)
            else:
                parts.text("too large to preview", "div", "no-picture")
            parts.text(key, "div", "name")
            parts.text(
                f"{pretty.size(one['Size'])} · {pretty.moment(one['LastModified'])}", "div", "dim"
            )
            with parts.box(classes="row"):
                address = files.address(self._bucket, key, download=True)
                saver = parts.link("Download", address, "button small", download=True)
                saver.props["aria-label"] = f"Download {key}"
                parts.button(
                    "Delete",
                    lambda: self._confirm(key),
                    classes="small danger",
                    name=f"Delete {key}",
                )

    async def _more(self) -> None:
        self._most += ROWS
        await self.refresh()

    async def _confirm(self, key: str) -> None:
        with ui.dialog() as dialog, parts.box(classes="card"):
            dialog.props["aria-label"] = f"Delete {key}?"
            parts.text(f"Delete {key}?", "h2")
            parts.text("It cannot be brought back.", "p")
            with parts.box(classes="row"):
                parts.button("Keep it", lambda: dialog.submit(None))
                parts.button("Delete it", lambda: dialog.submit(key), classes="danger")
        if await dialog == key:
            await self._delete(key)
        dialog.delete()

    async def _delete(self, key: str) -> None:
        def work(found: Found) -> None:
            name = files.bucket_name(found, self._bucket)
            found.aws.s3.delete_object(Bucket=name, Key=key)

        await self._try(work, f"{key} is deleted")

    async def _upload(self, event: events.UploadEventArguments) -> None:
        content = await event.file.read()
        key = event.file.name

        def work(found: Found) -> None:
            submit.upload(found.aws, found.outputs, key=key, content=content)

        await self._try(work, f"{key} is uploaded")

    async def _try(self, work: Any, done: str) -> None:
        try:
            await self._place.call(work)
        except (TestbedError, ClientError) as error:
            self._say(str(error))
            return
        self._say(done)
        await self.refresh()

    def _say(self, what: str) -> None:
        self._note.set_content(escape(what))


def _preview(address: str, key: str) -> None:
    """The picture, or words in its place where it turns out to be none."""
    shown = ui.element("img").classes("picture")
    shown.props["src"] = address
    shown.props["alt"] = key
    shown.props["loading"] = "lazy"
    shown.on(
        "error",
        js_handler="(event) => { event.target.hidden = true;"
        " event.target.nextElementSibling.hidden = false; }",
    )
    parts.text("not an image that browsers show", "div", "no-picture").props("hidden")
