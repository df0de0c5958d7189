"""One execution: its graph, timeline, states, events and log lines; live while it runs."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from botocore.exceptions import ClientError
from nicegui import ui

from console import parts, pretty, timeline
from console.commands import Cli
from console.frame import frame
from pipeline import follow, submit, trace, trace_svg
from pipeline.trace_model import Status
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

    from console.place import Found, Place
    from pipeline.trace_model import Attempt, ExecutionSpan, StateSpan

REFRESH_S: Final = 0.4
_OK: Final = 200
_EVENT_HEAD: Final = (
    "<thead><tr><th scope=col>#</th><th scope=col>At</th><th scope=col>Event</th>"
    "<th scope=col>State</th><th scope=col>Follows</th></tr></thead>"
)


def register(place: Place) -> None:
    """Serve the page; its address holds the execution's name, so that it can be shared."""

    @ui.page("/executions/{name}")
    async def page(name: str) -> None:
        with frame(place, path="/executions", title=f"Execution {name}"):
            view = _Execution(place, name)
        await view.refresh()


class _Execution:
    """The page's parts."""

    def __init__(self, place: Place, name: str) -> None:
        self._place, self._name = place, name
        self._selected: str | None = None
        self._seen: ExecutionSpan | None = None
        self._definition = ""
        self._whole = False
        with parts.box() as self._head:
            parts.text("loading", "p", "dim").props("role=status")
        with parts.box(classes="two"):
            with parts.box("section", "card"):
                parts.text("Graph", "h2")
                parts.text("Choose a state to see its input and output.", "p", "dim")
                self._graph = parts.html("")
            with parts.box("section", "card") as self._state:
                pass
        with parts.box("section", "card").style("margin-top:1rem"):
            parts.text("Timeline", "h2")
            self._timeline = parts.box()
        with parts.box("section", "card").style("margin-top:1rem"):
            parts.text("Events", "h2")
            with parts.box(classes="table-scroll").props(
                'tabindex=0 role=group aria-label="Events"'
            ):
                self._events = parts.html("", "table", "rows").props('aria-label="Events"')
        self._listen()
        self._timer = ui.timer(REFRESH_S, self.refresh)

    def _listen(self) -> None:
        chosen = "const state = event.target.closest('[data-state]'); if (state)"
        self._graph.on(
            "click",
            lambda event: self._select(str(event.args)),
            js_handler=f"(event) => {{ {chosen} emit(state.dataset.state); }}",
        )
        self._graph.on(
            "keydown",
            lambda event: self._select(str(event.args)),
            js_handler="(event) => { if (event.key !== 'Enter' && event.key !== ' ') return;"
            f" {chosen} {{ event.preventDefault(); emit(state.dataset.state); }} }}",
        )

    async def refresh(self) -> None:
        """Look at it again, until it has ended and all its lines are there."""
        if self._whole or not self._place.up:
            return
        try:
            seen, events = await self._place.call(self._look)
        except (TestbedError, ClientError) as error:
            self._missing(str(error))
            return
        if seen == self._seen and not self._whole:
            return
        self._draw(seen, events)
        if seen.status is not Status.RUNNING:
            self._whole = True
            self._timer.deactivate()
            seen = await self._place.call(
                lambda found: trace.with_invocations(found.aws, found.outputs, seen)
            )
            self._draw(seen, events)

    def _look(self, found: Found) -> tuple[ExecutionSpan, list[HistoryEventTypeDef]]:
        arn = trace.find(found.aws, found.outputs, self._name)
        sfn = found.aws.stepfunctions
        seen = trace.execution(found.aws, arn)
        if not self._definition:
            machine = sfn.describe_state_machine_for_execution(executionArn=arn)
            self._definition = machine["definition"]
        return seen, follow.history(found.aws, arn)

    def _missing(self, why: str) -> None:
        self._whole = True
        self._timer.deactivate()
        self._head.clear()
        with self._head:
            parts.empty("This execution is not here", why)
            parts.link("All executions", "/executions", "button")

    def _draw(self, seen: ExecutionSpan, events: list[HistoryEventTypeDef]) -> None:
        self._seen = seen
        if self._selected is None and seen.states:
            self._selected = _telling(seen).name
        self._draw_head(seen)
        self._draw_graph()
        self._draw_state()
        self._timeline.clear()
        with self._timeline:
            parts.gantt(timeline.rows(seen))
        rows = "".join(_event(seen, event) for event in events)
        self._events.set_content(f"{_EVENT_HEAD}<tbody>{rows}</tbody>")

    def _draw_head(self, seen: ExecutionSpan) -> None:
        self._head.clear()
        with self._head:
            with parts.box(classes="row"):
                parts.chip(seen.status.value)
                parts.text(pretty.duration(seen.duration_ms), "span")
                parts.text(f"started {pretty.moment(seen.started_at)}", "span", "dim")
            if seen.error or seen.cause:
                with parts.box(classes="banner"):
                    parts.text(seen.error or seen.status, "h2", "bad")
                    parts.text(seen.cause or "", "p")
            with parts.box(classes="row").style("margin:.8rem 0"):
                parts.button("Run again", self._again, classes="primary")
                self._copy_link()
                name = quote(self._name, safe="")
                parts.link("Trace as a page", f"/files/trace/{name}", "button", download=True)
                parts.link(
                    "Trace as JSON", f"/files/trace/{name}?form=json", "button", download=True
                )
            with parts.box("details"):
                parts.text("Show me the command", "summary")
                cli = Cli(self._place.found.outputs)
                parts.command(cli.describe_execution(seen.arn))
                parts.command(cli.history(seen.arn))
                parts.command(cli.make("trace", ID=seen.name))

    def _copy_link(self) -> None:
        made = ui.element("button").classes("button").props("type=button")
        made.on(
            "click",
            js_handler="(event) => { const spot = event.currentTarget.querySelector('span');"
            " navigator.clipboard.writeText(location.href)"
            ".then(() => { spot.textContent = 'Link copied'; }); }",
        )
        with made:
            parts.text("Copy link", "span").props("aria-live=polite")

    def _select(self, name: str) -> None:
        self._selected = name
        self._draw_graph()
        self._draw_state()

    def _draw_graph(self) -> None:
        states = self._seen.states if self._seen else ()
        notes = {
            state.name: f"{state.type} · {pretty.duration(state.duration_ms)}"
            for state in states
            if state.duration_ms is not None
        }
        self._graph.set_content(
            trace_svg.svg(
                self._definition,
                {state.name: state.status.value for state in states},
                notes=notes,
                selected=self._selected,
                interactive=True,
            )
        )

    def _draw_state(self) -> None:
        self._state.clear()
        entered = self._seen.states if self._seen else ()
        chosen = [one for one in entered if one.name == self._selected]
        with self._state:
            parts.text(self._selected or "State", "h2")
            if not chosen:
                parts.text("It was not entered.", "p", "dim")
            for state in chosen:
                self._visit(state)

    def _visit(self, state: StateSpan) -> None:
        with parts.box(classes="row"):
            parts.chip(state.status.value)
            parts.text(f"{state.type} {pretty.duration(state.duration_ms)}", "span")
        if not state.attempts and state.error:
            parts.text(f"{state.error}: {state.cause or ''}", "p", "bad")
        parts.folded("Input", state.input, opened=True)
        for attempt in state.attempts:
            self._attempt(attempt)
        parts.folded("Output", state.output, opened=True)

    def _attempt(self, attempt: Attempt) -> None:
        parts.text(f"Attempt {attempt.number} · {attempt.resource}", "h3")
        with parts.box(classes="row"):
            parts.chip(attempt.status.value)
            parts.text(pretty.duration(attempt.duration_ms), "span")
        if attempt.error or attempt.cause:
            parts.text(attempt.error or "", "p", "bad")
            parts.folded("Cause", attempt.cause)
        if attempt.note:
            parts.text(attempt.note, "p", "dim")
        if attempt.invocation is not None and self._seen is not None:
            parts.invocation(self._seen, attempt.invocation)
            _objects(attempt)
            parts.commands(Cli(self._place.found.outputs).log(attempt.invocation.request_id))

    async def _again(self) -> None:
        body = self._seen.input if self._seen else ""
        try:
            answer = await self._place.call(lambda found: submit.post(found.outputs, body))
            if answer.status != _OK:
                ui.notify(f"the API answered {answer.status}: {answer.body}", type="negative")
                return
            arn = str(answer.json()["executionArn"])
        except (TestbedError, ClientError, KeyError) as error:
            ui.notify(str(error), type="negative")
            return
        ui.navigate.to(f"/executions/{quote(arn.rpartition(':')[2], safe='')}")


def _telling(seen: ExecutionSpan) -> StateSpan:
    """The state that is looked at first: the first with attempts, else the first."""
    return next((state for state in seen.states if state.attempts), seen.states[0])


def _objects(attempt: Attempt) -> None:
    invocation = attempt.invocation
    if invocation is None or not invocation.objects:
        return
    parts.text("S3", "h3")
    for one in invocation.objects:
        size = "" if one.length_bytes is None else f", {pretty.size(one.length_bytes)}"
        parts.html(
            f"<b>{one.operation}</b> s3://{escape(one.bucket)}/{escape(one.key)}{size} "
            f'<span class="dim">({one.source}: {escape(one.note)})</span>',
            "p",
        )


def _event(seen: ExecutionSpan, event: HistoryEventTypeDef) -> str:
    details: Any = (
        event.get("stateEnteredEventDetails") or event.get("stateExitedEventDetails") or {}
    )
    after = seen.after_ms(event["timestamp"])
    return (
        f"<tr><td>{event['id']}</td><td>{after:.0f} ms</td><td>{escape(event['type'])}</td>"
        f"<td>{escape(str(details.get('name', '')))}</td><td>{event.get('previousEventId', 0)}</td>"
        "</tr>"
    )
