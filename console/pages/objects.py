"""Objects: both buckets, with previews; upload, download, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nicegui import events, ui

from client import submit
from console import elements, files
from console.commands import Cli
from console.page import Page
from testbed.errors import TestbedError
from views import sizes

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.watch import Deployment, WatchedTestbed

ROWS: Final = 24
REFRESH_S: Final = 3.0
_TITLES: Final = {"original": "Originals", "resized": "Thumbnails"}
_WHAT_NEXT: Final = {
    "original": "Drop an image above, or send one on the page Run.",
    "resized": "The function writes here: send an image on the page Run.",
}


async def draw(watch: WatchedTestbed) -> None:
    """Both buckets, side by side."""
    with elements.box(classes="two"):
        views = [_Bucket(watch, bucket) for bucket in files.BUCKETS]
    for view in views:
        await view.refresh()


PAGE: Final = Page(
    route="/objects",
    title="Objects",
    lede="What is in the two buckets: images as they came, and what was made of them.",
    draw=draw,
)


class _Bucket:
    """One bucket's part of the page."""

    def __init__(self, watch: WatchedTestbed, bucket: str) -> None:
        self._watch, self._bucket = watch, bucket
        self._most = ROWS
        self._drawn: object = None
        with elements.box("section", "card"):
            elements.text(_TITLES[bucket], "h2")
            self._where = elements.text("", "p", "mono")
            if bucket == "original":
                elements.dropper(
                    "Drop images here, or choose them",
                    self._upload,
                    several=True,
                    refuse=self._refuse,
                    lose=lambda name: self._tell(f"{name} did not arrive: choose it again"),
                )
            self._refused = elements.text("", "p", "bad").props("role=status")
            self._note = elements.text("", "p").props("role=status")
            self._list = elements.box()
        ui.timer(REFRESH_S, self.refresh)

    async def refresh(self) -> None:
        """List the bucket, and draw it if it has changed."""
        if not self._watch.up:
            return
        try:
            listed, more = await self._watch.call(self._look)
        except TestbedError as error:
            self._tell(str(error))
            return
        state = (self._most, [(one["Key"], one["ETag"]) for one in listed])
        if state != self._drawn:
            self._drawn = state
            self._draw(listed, more=more)

    def _look(self, found: Deployment) -> tuple[list[Any], bool]:
        answer = found.aws.s3.list_objects_v2(
            Bucket=files.bucket_name(found, self._bucket), MaxKeys=self._most
        )
        return list(answer.get("Contents", [])), answer.get("IsTruncated", False)

    def _draw(self, listed: list[Any], *, more: bool) -> None:
        outputs = self._watch.found.outputs
        name = files.bucket_name(self._watch.found, self._bucket)
        self._where.set_text(f"s3://{name}")
        self._list.clear()
        with self._list:
            if not listed:
                elements.empty("The bucket is empty", _WHAT_NEXT[self._bucket], "h3")
            with elements.box("ul", "objects"):
                for one in listed:
                    self._object(one)
            if more:
                elements.button("Show more", self._more)
            elements.commands(Cli(outputs).list_objects(name))

    def _object(self, one: Any) -> None:
        key, etag = one["Key"], one["ETag"].strip('"')
        with elements.box("li", "object"):
            if one["Size"] <= files.PREVIEW_BYTES:
                _preview(files.address(self._bucket, key, etag=etag), key)
            else:
                elements.text("too large to preview", "div", "no-picture")
            elements.text(key, "div", "name")
            with elements.box(classes="dim"):
                elements.text(f"{sizes.length(one['Size'])} · ", "span")
                elements.moment(one["LastModified"])
            with elements.box(classes="row"):
                address = files.address(self._bucket, key, download=True)
                saver = elements.link("Download", address, "button small", download=True)
                saver.props["aria-label"] = f"Download {key}"
                elements.button(
                    "Delete",
                    lambda: self._confirm(key),
                    classes="small danger",
                    name=f"Delete {key}",
                )

    async def _more(self) -> None:
        self._most += ROWS
        await self.refresh()

    async def _confirm(self, key: str) -> None:
        with ui.dialog() as dialog, elements.box(classes="card"):
            dialog.props["aria-label"] = f"Delete {key}?"
            elements.text(f"Delete {key}?", "h2")
            elements.text("It cannot be brought back.", "p")
            with elements.box(classes="row"):
                elements.button("Keep it", lambda: dialog.submit(None))
                elements.button("Delete it", lambda: dialog.submit(key), classes="danger")
        if await dialog == key:
            await self._delete(key)
        dialog.delete()

    async def _delete(self, key: str) -> None:
        await self._try(
            lambda found: found.aws.s3.delete_object(
                Bucket=files.bucket_name(found, self._bucket), Key=key
            ),
            f"{key} is deleted",
        )

    async def _upload(self, event: events.UploadEventArguments) -> None:
        content = await event.file.read()
        key = event.file.name
        await self._try(
            lambda found: submit.upload(found.aws, found.outputs, key=key, content=content),
            f"{key} is uploaded",
        )

    def _refuse(self, words: str) -> None:
        self._refused.set_text(words)

    def _tell(self, what: str) -> None:
        self._note.set_text(what)

    async def _try(self, work: Callable[[Deployment], object], done: str) -> None:
        try:
            await self._watch.call(work)
        except TestbedError as error:
            self._tell(str(error))
            return
        self._tell(done)
        await self.refresh()


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
    elements.text("not an image that browsers show", "div", "no-picture").props("hidden")
