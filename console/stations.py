"""The four stations of a journey, drawn side by side and lit while it goes on."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from nicegui import ui

from console import files, parts, pretty
from console.commands import Cli
from console.journey import Journey, Light, Station
from pipeline import trace_svg
from testbed import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.element import Element

    from console.journey import Picture

_WHAT: Final = {
    Station.API: "takes the POST and starts an execution",
    Station.MACHINE: "runs the state machine",
    Station.FUNCTION: "makes the thumbnail",
    Station.STORAGE: "holds the original and the thumbnail",
}


class Stations:
    """Four cards; `show` draws what a journey holds into them, where that changed."""

    def __init__(self) -> None:
        self._cards: dict[Station, Element] = {}
        self._chips: dict[Station, ui.html] = {}
        self._bodies: dict[Station, Element] = {}
        self._drawn: dict[Station, object] = {}
        with parts.box(classes="stations"):
            for number, station in enumerate(Station, start=1):
                self._card(number, station)
        with parts.box(classes="result") as self._result:
            pass
        self._result.set_visibility(False)

    def _card(self, number: int, station: Station) -> None:
        with parts.box("section", "card station") as card:
            card.props["data-station"] = station.name
            card.props["aria-label"] = str(station)
            with parts.box(classes="station-head"):
                title = f'<span class="number">{number}</span>{station}'
                parts.html(title, "h2")
                self._chips[station] = parts.chip(Light.WAITING)
            parts.text(_WHAT[station], "p", "dim")
            self._bodies[station] = parts.box()
        self._cards[station] = card
        self._light(station, Light.WAITING)

    def _light(self, station: Station, light: Light) -> None:
        card = self._cards[station]
        if card.props.get("data-status") != light.value:
            card.props["data-status"] = light.value
            card.update()
            self._chips[station].set_content(parts.chip_html(light.value))

    def show(self, journey: Journey) -> None:
        """Draw *journey* as it stands."""
        for station, light in journey.lights.items():
            self._light(station, light)
        seen = journey.execution
        self._fill(Station.API, journey.answer, lambda: _api(journey))
        self._fill(Station.MACHINE, seen, lambda: _machine(journey))
        attempts = seen.attempts if seen else ()
        self._fill(Station.FUNCTION, attempts, lambda: _function(journey))
        both = (journey.before, journey.after) if journey.before or journey.after else None
        self._fill(Station.STORAGE, both, lambda: _storage(journey))
        refusal = journey.refusal and journey.refused_at
        if refusal or journey.after:
            self._fill_result(journey)

    def _fill(self, station: Station, state: object, draw: Callable[[], None]) -> None:
        if not state or self._drawn.get(station) == state:
            return
        self._drawn[station] = state
        self._bodies[station].clear()
        with self._bodies[station]:
            draw()

    def _fill_result(self, journey: Journey) -> None:
        self._result.clear()
        self._result.set_visibility(True)
        with self._result:
            _result(journey)


def _api(journey: Journey) -> None:
    call, answer = journey.call, journey.answer
    if call is None or answer is None:
        return
    parts.html(
        f"<b>{answer.status}</b> in {pretty.duration(answer.elapsed_ms)}",
        classes="good" if answer.status < 300 else "bad",  # noqa: PLR2004 - the success codes
    )
    _refusal(journey, Station.API)
    parts.folded("Request", call.body, opened=True)
    parts.folded("Answer", call.answer, opened=True)
    parts.folded("Rendered mapping template", call.rendered)
    parts.folded("Mapping template", call.template)
    parts.facts({"Request id": call.request_id})
    cli = Cli(journey.place.found.outputs)
    parts.commands(cli.post(journey.errand.body, journey.errand.content_type))


def _machine(journey: Journey) -> None:
    seen = journey.execution
    if seen is None:
        return
    with parts.box(classes="row"):
        parts.chip(seen.status.value)
        parts.text(pretty.duration(seen.duration_ms), "span")
    _refusal(journey, Station.MACHINE)
    if journey.definition:
        statuses = {state.name: state.status.value for state in seen.states}
        notes = {
            state.name: f"{state.type} · {pretty.duration(state.duration_ms)}"
            for state in seen.states
            if state.duration_ms is not None
        }
        parts.html(trace_svg.svg(journey.definition, statuses, notes=notes))
    parts.link("Open this execution", f"/executions/{seen.name}", "button small")


def _function(journey: Journey) -> None:
    seen = journey.execution
    if seen is None:
        return
    _refusal(journey, Station.FUNCTION)
    for attempt in seen.attempts:
        if len(seen.attempts) > 1:
            parts.text(f"Attempt {attempt.number}", "h3")
        if attempt.error:
            parts.text(attempt.error, "p", "bad")
        if attempt.invocation is not None:
            parts.invocation(seen, attempt.invocation)
        elif attempt.request_id:
            parts.facts({"Request id": attempt.request_id})


def _storage(journey: Journey) -> None:
    outputs = journey.place.found.outputs
    key = journey.errand.key
    for title, bucket, name, picture in (
        ("Original", outputs.original_bucket, key, journey.before),
        ("Thumbnail", outputs.resized_bucket, names.thumbnail_key(key), journey.after),
    ):
        parts.text(title, "h3")
        if picture is None:
            parts.text("not there", "p", "dim")
            continue
        parts.text(f"s3://{bucket}/{name}", "p", "mono")
        parts.text(told(picture), "p")
        parts.commands(Cli(outputs).download(bucket, name))


def _refusal(journey: Journey, station: Station) -> None:
    if journey.refusal is None or journey.refused_at is not station:
        return
    code, cause = journey.refusal
    with parts.box(classes="banner").props("role=alert"):
        parts.text(code, "h3", "bad")
        parts.text(cause, "p")


def _result(journey: Journey) -> None:
    if journey.refusal is not None:
        code, _ = journey.refusal
        parts.text(f"Refused at {journey.refused_at}: {code}", "h2", "bad")
        return
    parts.text("Before and after", "h2")
    with parts.box(classes="pictures"):
        _figure("original", "Before", journey.before)
        _figure("resized", "After", journey.after)


def _figure(bucket: str, title: str, picture: Picture | None) -> None:
    if picture is None:
        return
    with parts.box("figure"):
        shown = ui.element("img").classes("picture")
        stored = picture.stored
        shown.props["src"] = files.address(bucket, stored.key, etag=stored.etag)
        shown.props["alt"] = f"{title}: {stored.key}"
        parts.html(f"<b>{title}</b> · {escape(told(picture))}", "figcaption")


def told(picture: Picture) -> str:
    """Format, size in pixels and bytes."""
    length = pretty.size(len(picture.stored.content))
    if picture.facts is None:
        return f"not an image · {length}"
    kind = picture.facts
    return f"{kind.format} · {kind.width_px}\u00d7{kind.height_px} pixels · {length}"
