"""Run: choose or drop an image, send it, watch the four stations."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from nicegui import events, ui

from client.journey import Job
from client.submit import Request
from console import elements, files, journey, slow_motion, tour
from console.incoming import Incoming
from console.page import Page
from console.stations import Stations
from testbed.errors import TestbedError
from views import sizes

if TYPE_CHECKING:
    from nicegui.element import Element

    from console.watch import WatchedTestbed

# As the function has them; more is sent, and refused where it should be.
LIMITS: Final = (
    "PNG, JPEG, GIF, WebP, BMP, TIFF or AVIF; up to 25 MB and 50 megapixels. A larger file is not "
    "uploaded; more pixels, or none of these formats, the function refuses: send it and see."
)
FORMATS: Final = {"": "auto", "jpeg": "JPEG", "png": "PNG", "webp": "WebP"}
MODES: Final = {"": "thumbnail", "copy": "copy and rename"}


@dataclasses.dataclass
class Form:
    """What is chosen on the page."""

    key: str = ""
    content: bytes = b""
    size: str = ""
    format: str = ""
    mode: str = ""
    slow: bool = False

    def job(self) -> Job:
        """What to send.

        Raises:
            TestbedError: the size is no number.
        """
        try:
            size = int(self.size) if self.size.strip() else None
        except ValueError:
            raise TestbedError(f"the size {self.size!r} is not a whole number of pixels") from None
        request = Request(
            key=self.key, size=size, format=self.format or None, mode=self.mode or None
        )
        return Job.of(request, self.content)


async def draw(watch: WatchedTestbed) -> None:
    """The choice of an image, and the stations below it."""
    _Run(watch)


PAGE: Final = Page(
    route="/",
    title="Run",
    lede="Send an image through the pipeline and watch what each station does with it.",
    draw=draw,
)


class _Run:
    """The page's parts, which know of each other."""

    def __init__(self, watch: WatchedTestbed) -> None:
        self._watch = watch
        self._form = Form()
        self._incoming = Incoming()
        self._refused = ""
        self._choices: dict[str, Element] = {}
        with elements.box(classes="row").style("margin-bottom:.8rem"):
            tour.offer()
            elements.link("Class link", "/class", "button small")
        with elements.box(classes="card column-gap").props("data-tour=choice data-slide"):
            self._samples()
            self._upload()
            self._options()
            with elements.box(classes="row").props("data-tour=send"):
                self._send = elements.button("Send", self._go, classes="primary")
                self._note = elements.text("", "span").props("role=status")
        self._slow = slow_motion.SlowRun(watch)
        with elements.box() as self._stations_box:
            self._stations = Stations(lambda: self._watch.found.outputs)
        self._choose("club2.png")

    def _samples(self) -> None:
        elements.text("Choose an image", "h2")
        with elements.box(classes="choices").props('role=group aria-label="Samples"'):
            for path in sorted(files.SAMPLES.iterdir()):
                if path.suffix in {".png", ".jpg", ".gif"}:
                    self._choice(path.name)

    def _choice(self, name: str) -> None:
        made = ui.element("button").classes("choice").props("type=button")
        with made:
            ui.element("img").props(f'src="/samples/{name}" alt="" loading=lazy')
            elements.text(name, "span")
        made.on("click", lambda: self._choose(name))
        self._choices[name] = made

    def _choose(self, name: str) -> None:
        self._incoming.overrule()
        self._take(name, (files.SAMPLES / name).read_bytes())

    def _take(self, name: str, content: bytes) -> None:
        self._form.key, self._form.content, self._refused = name, content, ""
        elements.press(self._choices, name)
        self._tell(f"{name}, {sizes.length(len(content))}")

    def _upload(self) -> None:
        elements.dropper(
            "… or one of your own: drop it here, or choose it",
            self._uploaded,
            several=False,
            announce=self._announced,
            lose=self._lost,
            refuse=self._refuse,
        )
        elements.text(LIMITS, "p", "dim")

    def _refuse(self, words: str) -> None:
        self._refused = words
        if words:  # nothing is chosen then: it is not the choice before that goes
            self._incoming.overrule()
            elements.press(self._choices, "")
            self._tell(words, "bad")

    def _announced(self, name: str) -> None:
        if self._incoming.announce(name):
            elements.press(self._choices, name)
            self._tell(f"{name} is on its way")

    async def _uploaded(self, event: events.UploadEventArguments) -> None:
        content = await event.file.read()
        if self._incoming.arrive(event.file.name):
            self._take(event.file.name, content)

    def _lost(self, name: str) -> None:
        if self._incoming.lose(name):
            self._tell_missing()

    def _tell_missing(self) -> None:
        self._tell(f"{self._incoming.missing} did not arrive: choose it again", "bad")

    def _options(self) -> None:
        form = self._form
        with elements.box("details"):
            elements.text("Options", "summary")
            with elements.box(classes="row starts"):
                size = elements.entry(lambda value: setattr(form, "size", value), kind="number")
                elements.field("Longest side in pixels", size, "16 to 2048, 256 if left empty")
                kind = elements.chooser(FORMATS, lambda value: setattr(form, "format", value))
                elements.field("Format", kind)
                mode = elements.chooser(MODES, lambda value: setattr(form, "mode", value))
                elements.field("Mode", mode)
            slow = elements.tick(lambda value: setattr(form, "slow", value))
            elements.field("Slow motion: hold it at each station", slow, slow_motion.WHY)

    def _tell(self, what: str, colour: str = "") -> None:
        self._note.classes(replace=colour).set_text(what)

    async def _go(self) -> None:
        self._send.props["disabled"] = ""
        self._send.update()
        try:
            await self._incoming.settled()
            if self._refused:
                self._tell(self._refused, "bad")
            elif self._incoming.missing:
                self._tell_missing()
            else:
                await self._send_it()
        except TestbedError as error:
            self._tell(str(error), "bad")
        finally:
            self._send.props.pop("disabled", None)
            self._send.update()

    async def _send_it(self) -> None:
        self._stations_box.clear()
        with self._stations_box:
            self._stations = Stations(lambda: self._watch.found.outputs)
        self._tell("under way")
        job = self._form.job()
        if self._form.slow:
            name = await self._slow.begin()
            job = dataclasses.replace(job, name=name, patience_s=slow_motion.PATIENCE_S)
        try:
            shown = await journey.send(self._watch, job, self._stations.show)
        finally:
            await self._slow.end()
        self._tell("refused, as the stations show" if shown.journey.setback else "done")
