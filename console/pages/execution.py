"""One execution: its graph, timeline, states, events and log lines; live while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from nicegui import ui

from client import repeat
from console import elements, event_rows, timeline
from console.commands import Cli
from console.page import Page
from console.run_elements import MachineGraph, gantt, visit
from console.watch import LostError
from runs import collect, history
from runs.model import Status
from testbed.errors import TestbedError
from views import failure, sizes
from views.explain import Topic

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

    from console.watch import Deployment, WatchedTestbed
    from runs.model import ExecutionSpan, StateSpan

REFRESH_S: Final = 0.4
REFUSAL: Final = (
    "A refusal, no crash: the function ran well and answered that it will not, so its state is "
    "green; the machine then led to a Fail state."
)


async def draw(watch: WatchedTestbed, name: str) -> None:
    """The execution called *name*; as the address holds it, it can be shared."""
    await _Execution(watch, name).refresh()


PAGE: Final = Page(
    route="/executions/{name}", title="Execution {name}", draw=draw, below="/executions"
)


class _Execution:
    """The page's elements."""

    def __init__(self, watch: WatchedTestbed, name: str) -> None:
        self._watch, self._name = watch, name
        self._selected: str | None = None
        self._seen: ExecutionSpan | None = None
        self._definition = ""
        self._whole = False
        with elements.box().props("data-slide") as self._head:
            elements.text("loading", "p", "dim").props("role=status")
        with elements.box(classes="two"):
            with elements.box("section", "card stays").props("data-slide"):
                elements.text("Graph", "h2")
                elements.text("Choose a state to see its input and output.", "p", "dim")
                self._graph = MachineGraph()
            self._state = elements.box("section", "card").props("data-slide")
        with elements.box("section", "card below").props("data-slide"):
            elements.text("Timeline", "h2")
            self._timeline = elements.box()
        with elements.box("section", "card below").props("data-slide"):
            elements.text("Events", "h2")
            with elements.box(classes="table-scroll").props(
                'tabindex=0 role=group aria-label="Events"'
            ):
                self._events = elements.Rendered("table", "rows")
                self._events.props["aria-label"] = "Events"
            self._fields = elements.box()
        self._listen()
        self._timer = ui.timer(REFRESH_S, self.refresh)

    def _listen(self) -> None:
        chosen = (
            "const state = event.target.closest('[data-state]');"
            " if (state) { event.preventDefault(); emit(state.dataset.state); }"
        )
        is_key = "event.key === 'Enter' || event.key === ' '"
        for kind, handler in (
            ("click", f"(event) => {{ {chosen} }}"),
            ("keydown", f"(event) => {{ if ({is_key}) {{ {chosen} }} }}"),
        ):
            self._graph.on(kind, lambda event: self._select(str(event.args)), js_handler=handler)

    async def refresh(self) -> None:
        """Look at it again, until it has ended and all its lines are there."""
        if self._whole or not self._watch.up:
            return
        try:
            seen, events = await self._watch.call(self._look)
            if seen != self._seen:
                self._draw(seen, events)
            if seen.status is not Status.RUNNING:
                whole = await self._watch.call(
                    lambda found: collect.with_invocations(found.aws, found.outputs, seen)
                )
                self._end()
                self._draw(whole, events)
        except LostError:
            return  # the banner tells it, and the watch finds it again
        except TestbedError as error:
            self._end()
            self._missing(str(error))

    def _end(self) -> None:
        self._whole = True
        self._timer.deactivate()

    def _look(self, found: Deployment) -> tuple[ExecutionSpan, list[HistoryEventTypeDef]]:
        arn = collect.find(found.aws, found.outputs, self._name)
        seen = collect.execution(found.aws, arn)
        self._definition = self._definition or collect.definition(found.aws, arn)
        return seen, history.events(found.aws, arn)

    def _missing(self, why: str) -> None:
        self._head.clear()
        with self._head:
            elements.empty("This execution is not here", why)
            elements.link("All executions", "/executions", "button")

    def _draw(self, seen: ExecutionSpan, events: list[HistoryEventTypeDef]) -> None:
        self._seen = seen
        if self._selected is None and seen.states:
            self._selected = _telling(seen).name
        self._draw_head(seen)
        self._draw_graph()
        self._draw_state()
        self._timeline.clear()
        with self._timeline:
            gantt(timeline.rows(seen))
        self._events.render(
            "events.html",
            events=event_rows.rows(events),
            after_ms=seen.after_ms,
            duration=sizes.duration,
        )
        self._fields.clear()
        with self._fields:
            names = event_rows.fields(events)
            elements.glossary("What the fields mean", Topic.EVENT_FIELD, names)

    def _draw_head(self, seen: ExecutionSpan) -> None:
        self._head.clear()
        with self._head:
            with elements.box(classes="row"):
                elements.Chip(seen.status.value)
                elements.explain(Topic.STATUS, seen.status.value)
                elements.text(sizes.duration(seen.duration_ms), "span")
                elements.moment(seen.started_at, "started")
                if seen.redrives:
                    elements.text(f"redriven {sizes.times(seen.redrives)}", "span", "dim")
            if seen.error or seen.cause:
                with elements.box(classes="banner"):
                    with elements.box(classes="row"):
                        elements.text(seen.error or seen.status, "h2", "bad")
                        elements.explain(Topic.ERROR, seen.error or "")
                    elements.text(failure.words(seen.cause), "p")
                    if seen.is_refusal:
                        elements.text(REFUSAL, "p", "dim")
            with elements.box(classes="row").style("margin:.8rem 0"):
                elements.button("Run again", self._again, classes="primary")
                if seen.redrivable:
                    elements.button("Redrive", self._redrive)
                elements.copier("location.href", "Copy link", "Link copied")
                name = quote(self._name, safe="")
                elements.link("Trace as a page", f"/files/trace/{name}", "button", download=True)
                elements.link(
                    "Trace as JSON", f"/files/trace/{name}?form=json", "button", download=True
                )
            cli = Cli(self._watch.found.outputs)
            elements.commands(
                cli.describe_execution(seen.arn),
                cli.history(seen.arn),
                cli.trace(seen.name),
                *([cli.redrive(seen.arn)] if seen.redrivable else []),
            )

    def _select(self, name: str) -> None:
        self._selected = name
        self._draw_graph()
        self._draw_state()

    def _draw_graph(self) -> None:
        states = self._seen.states if self._seen else ()
        self._graph.draw(self._definition, states, selected=self._selected, interactive=True)

    def _draw_state(self) -> None:
        self._state.clear()
        with self._state:
            elements.text(self._selected or "State", "h2")
            if self._seen is None:
                return
            chosen = [one for one in self._seen.states if one.name == self._selected]
            if not chosen:
                elements.text("It was not entered.", "p", "dim")
            for state in chosen:
                visit(self._seen, state, Cli(self._watch.found.outputs))

    async def _redrive(self) -> None:
        """Have it go on where it stopped, and look on."""
        if self._seen is None:
            return
        arn = self._seen.arn
        try:
            await self._watch.call(
                lambda found: found.aws.stepfunctions.redrive_execution(executionArn=arn)
            )
        except TestbedError as error:
            ui.notify(str(error), type="negative")
            return
        self._watch.executions.runs_again(arn)
        self._whole = False
        self._timer.activate()

    async def _again(self) -> None:
        body = self._seen.input if self._seen else ""
        try:
            response = await self._watch.call(
                lambda found: repeat.post(found.aws, found.outputs, body)
            )
            arn = response.execution_arn
        except TestbedError as error:
            ui.notify(str(error), type="negative")
            return
        ui.navigate.to(f"/executions/{quote(arn.rpartition(':')[2], safe='')}")


def _telling(seen: ExecutionSpan) -> StateSpan:
    """The state that is looked at first: the first with attempts, else the first."""
    return next((state for state in seen.states if state.attempts), seen.states[0])
