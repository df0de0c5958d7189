"""Run: choose or drop an image, send it, watch the four stations."""

from __future__ import annotations

import dataclasses
from html import escape
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError
from nicegui import app, events, ui

from console import parts, pretty
from console.frame import frame
from console.journey import Errand, Journey
from console.stations import Stations
from pipeline.submit import Request
from testbed import settings
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from nicegui.element import Element

    from console.place import Place

SAMPLES: Final = settings.ROOT / "samples"
# As the function has them; more is sent, and refused where it should be.
LIMITS: Final = (
    "PNG, JPEG, GIF, WebP, BMP, TIFF or AVIF; up to 25 MB and 50 megapixels. "
    "What is more, or none of these, is refused: send it and see where."
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

    def errand(self) -> Errand:
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
        return Errand(key=self.key, body=request.body(), content=self.content)


def register(place: Place) -> None:
    """Serve the page, and the samples' pictures."""
    app.add_static_files("/samples", SAMPLES)

    @ui.page("/")
    def page() -> None:
        lede = "Send an image through the pipeline and watch what each station does with it."
        with frame(place, path="/", title="Run", lede=lede):
            _Run(place)


class _Run:
    """The page's parts, which know of each other."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._form = Form()
        self._choices: dict[str, Element] = {}
        with parts.box(classes="card column-gap"):
            self._samples()
            self._upload()
            self._options()
            with parts.box(classes="row"):
                self._send = parts.button("Send", self._go, classes="primary")
                self._note = parts.text("", "span").props("role=status")
        with parts.box() as self._stations_box:
            self._stations = Stations()
        self._choose("club2.png")

    def _samples(self) -> None:
        parts.text("Choose an image", "h2")
        with parts.box(classes="choices").props('role=group aria-label="Samples"'):
            for path in sorted(SAMPLES.iterdir()):
                if path.suffix in {".png", ".jpg", ".gif"}:
                    self._choice(path.name)

    def _choice(self, name: str) -> None:
        made = ui.element("button").classes("choice").props("type=button")
        with made:
            ui.element("img").props(f'src="/samples/{name}" alt="" loading=lazy')
            parts.text(name, "span")
        made.on("click", lambda: self._choose(name))
        self._choices[name] = made

    def _choose(self, name: str) -> None:
        self._take(name, (SAMPLES / name).read_bytes())

    def _take(self, name: str, content: bytes) -> None:
        self._form.key, self._form.content = name, content
        for other, choice in self._choices.items():
            choice.props["aria-pressed"] = "true" if other == name else "false"
            choice.update()
        self._note.set_content(escape(f"{name}, {pretty.size(len(content))}"))

    def _upload(self) -> None:
        parts.dropper(
            "… or one of your own: drop it here, or choose it", self._uploaded, several=False
        )
        parts.text(LIMITS, "p", "dim")

    async def _uploaded(self, event: events.UploadEventArguments) -> None:
        self._take(event.file.name, await event.file.read())

    def _options(self) -> None:
        form = self._form
        with parts.box("details"):
            parts.text("Options", "summary")
            with parts.box(classes="row"):
                size = parts.entry("", lambda value: setattr(form, "size", value), kind="number")
                parts.field("Longest side in pixels", size, "16 to 2048, 256 if left empty")
                kind = parts.chooser(FORMATS, "", lambda value: setattr(form, "format", value))
                parts.field("Format", kind)
                mode = parts.chooser(MODES, "", lambda value: setattr(form, "mode", value))
                parts.field("Mode", mode)

    def _tell(self, what: str) -> None:
        self._note.set_content(f'<span class="bad">{escape(what)}</span>')

    async def _go(self) -> None:
        self._stations_box.clear()
        with self._stations_box:
            self._stations = Stations()
        self._send.props["disabled"] = ""
        self._send.update()
        self._note.set_content("under way")
        try:
            journey = Journey(place=self._place, errand=self._form.errand())
            journey.changed = lambda: self._stations.show(journey)
            await journey.go()
            self._note.set_content("refused, as the stations show" if journey.refusal else "done")
        except (TestbedError, ClientError) as error:
            self._tell(str(error))
        finally:
            self._send.props.pop("disabled", None)
            self._send.update()
