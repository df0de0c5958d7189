"""The four stations of a journey, drawn side by side and lit while it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nicegui import ui

from client.journey import Journey, Stage, Station
from console import elements, files
from console.commands import Cli
from console.journey import Light, Shown, lights
from console.run_elements import MachineGraph, invocation
from testbed import names
from views import failure, sizes
from views.explain import Topic

if TYPE_CHECKING:
    from collections.abc import Callable

    from client.fetch import StoredObject
    from testbed.outputs import Outputs

_WHAT: Final = {
    Station.API: "takes the POST and starts an execution",
    Station.MACHINE: "runs the state machine",
    Station.FUNCTION: "makes the thumbnail",
    Station.STORAGE: "holds the original and the thumbnail",
}


class Stations:
    """Four cards; `show` draws what a journey holds into them, where that changed."""

    def __init__(self, outputs: Callable[[], Outputs]) -> None:
        self._outputs = outputs
        with elements.box(classes="stations"):
            self._cards = {one: _Card(number, one) for number, one in enumerate(Station, start=1)}
        self._result = elements.box(classes="result").props("data-slide")
        self._result.set_visibility(False)

    def show(self, shown: Shown) -> None:
        """Draw *shown* as it stands."""
        journey, outputs = shown.journey, self._outputs()
        for station, light in lights(journey).items():
            self._cards[station].light(light)
        seen = journey.execution
        attempts = seen.attempts if seen else ()
        both = (shown.before, shown.after) if shown.before or shown.after else None
        asked = journey.response or journey.repeats
        self._cards[Station.API].fill(asked, lambda: _api(journey, outputs))
        self._cards[Station.MACHINE].fill(seen, lambda: _machine(shown))
        self._cards[Station.FUNCTION].fill(attempts, lambda: _function(journey))
        self._cards[Station.STORAGE].fill(both, lambda: _storage(shown, outputs))
        if journey.stage is Stage.ENDED:
            self._result.clear()
            self._result.set_visibility(True)
            with self._result:
                _result(shown)


class _Card:
    """One station: how it stands, and what it holds."""

    def __init__(self, number: int, station: Station) -> None:
        self._drawn: object = None
        with elements.box("section", "card station") as self._card:
            self._card.props["data-station"] = station.name
            self._card.props["data-slide"] = ""
            self._card.props["aria-label"] = str(station)
            with elements.box(classes="station-head"):
                with elements.box(classes="named"):
                    with elements.box("h2"):
                        elements.text(str(number), "span", "number")
                        elements.text(str(station), "span")
                    elements.explain(Topic.STATION, str(station))
                self._chip = elements.Chip(Light.WAITING)
            elements.text(_WHAT[station], "p", "dim")
            self._body = elements.box()
        self.light(Light.WAITING)

    def light(self, light: Light) -> None:
        """Show how it stands."""
        if self._card.props.get("data-status") != light.value:
            self._card.props["data-status"] = light.value
            self._card.update()
            self._chip.show(light.value)

    def fill(self, state: object, draw: Callable[[], None]) -> None:
        """Have *draw* show *state*, unless there is none or it was drawn already."""
        if state and state != self._drawn:
            self._drawn = state
            self._body.clear()
            with self._body:
                draw()


def _api(journey: Journey, outputs: Outputs) -> None:
    call, answer = journey.call, journey.response
    for again in journey.repeats:
        elements.text(str(again), "p", "dim")
    if call is None or answer is None:
        return
    with elements.box(classes="good" if answer.has_started else "bad"):
        elements.text(str(answer.status), "b")
        elements.text(f" in {sizes.duration(answer.elapsed_ms)}", "span")
    _refusal(journey, Station.API)
    elements.folded("Request", call.body, opened=True)
    elements.folded("Answer", call.answer, opened=True)
    elements.folded("Rendered mapping template", call.rendered)
    elements.folded("Mapping template", call.template)
    elements.facts({"Rendering": call.rendered_note or None, "Request id": call.request_id})
    elements.commands(Cli(outputs).start(journey.job.body, journey.job.content_type))


def _machine(shown: Shown) -> None:
    seen = shown.journey.execution
    if seen is None:
        return
    with elements.box(classes="row"):
        elements.Chip(seen.status.value)
        elements.text(sizes.duration(seen.duration_ms), "span")
    _refusal(shown.journey, Station.MACHINE)
    if shown.definition:
        MachineGraph().draw(shown.definition, seen.states)
    elements.link("Open this execution", f"/executions/{seen.name}", "button small")


def _function(journey: Journey) -> None:
    seen = journey.execution
    if seen is None:
        return
    _refusal(journey, Station.FUNCTION)
    for attempt in seen.attempts:
        if len(seen.attempts) > 1:
            elements.text(attempt.title, "h3")
        if attempt.error:
            elements.text(attempt.error, "p", "bad")
        if attempt.invocation is not None:
            invocation(seen, attempt.invocation)
        elif attempt.request_id:
            elements.facts({"Request id": attempt.request_id})


def _storage(shown: Shown, outputs: Outputs) -> None:
    key = shown.journey.job.key
    for title, bucket, name, picture in (
        ("Original", outputs.original_bucket, key, shown.before),
        ("Thumbnail", outputs.resized_bucket, names.thumbnail_key(key), shown.after),
    ):
        elements.text(title, "h3")
        if picture is None:
            elements.text("not there", "p", "dim")
            continue
        elements.text(f"s3://{bucket}/{name}", "p", "mono")
        elements.text(told(picture), "p")
        elements.commands(Cli(outputs).download(bucket, name))


def _refusal(journey: Journey, station: Station) -> None:
    setback = journey.setback
    if setback is None or setback.station is not station:
        return
    with elements.box(classes="banner").props("role=alert"):
        with elements.box(classes="row"):
            elements.text(setback.code, "h3", "bad")
            elements.explain(Topic.ERROR, setback.code)
        elements.text(failure.words(setback.cause), "p")


def _result(shown: Shown) -> None:
    if (setback := shown.journey.setback) is not None:
        elements.text(f"Refused at {setback.station}: {setback.code}", "h2", "bad")
        return
    elements.text("Before and after", "h2")
    with elements.box(classes="pictures"):
        _figure("original", "Before", shown.before)
        _figure("resized", "After", shown.after)


def _figure(bucket: str, title: str, picture: StoredObject | None) -> None:
    if picture is None:
        return
    with elements.box("figure"):
        shown = ui.element("img").classes("picture")
        shown.props["src"] = files.address(bucket, picture.key, etag=picture.etag)
        shown.props["alt"] = f"{title}: {picture.key}"
        with elements.box("figcaption"):
            elements.text(title, "b")
            elements.text(f" · {told(picture)}", "span")


def told(picture: StoredObject) -> str:
    """Format, size in pixels and bytes."""
    length = sizes.length(len(picture.content))
    if (kind := picture.facts) is None:
        return f"not recognised as an image · {length}"
    return f"{kind.format} · {kind.width_px}\u00d7{kind.height_px} pixels · {length}"
