"""One execution: its graph, timeline, states, events and log lines; live while it runs.

Of a state with many iterations one is open: graph, timeline and data are that one's.
"""

from __future__ import annotations

import dataclasses
import functools
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from nicegui import ui

from client import machines, repeat
from console import elements, express_log, iteration_panel, links, timeline, visit_flow
from console.commands import Cli
from console.event_table import EventTable
from console.iteration_panel import IterationPanel
from console.map_run_panel import MapRunPanel
from console.page import Page
from console.run_elements import MachineGraph, gantt, visit
from console.watch import LostError
from runs import collect, express, history, iterations, map_runs
from runs.model import Status, json_object
from testbed.errors import TestbedError
from views import failure, sizes
from views.explain import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

    from console.watch import Deployment, WatchedTestbed
    from runs.express import LoggedExecution, MachineLog
    from runs.map_runs import MapRun
    from runs.model import ExecutionSpan, StateSpan

REFRESH_S: Final = 0.4
REFUSAL: Final = (
    "A refusal, no crash: the function ran well and answered that it will not, so its state is "
    "green; the machine then led to a Fail state."
)
# What takes long to look at is looked at less often.
REST: Final = 3
VISITS: Final = 10
# Each waits for lines itself, for five seconds.
LOOKS_FOR_LINES: Final = 12
# Step Functions Developer Guide, "Start workflow executions from a task state".
STARTED_BY: Final = "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID"


async def draw(watch: WatchedTestbed, name: str) -> None:
    """The execution of this name or ARN; as the address holds it, it can be shared."""
    await _Execution(watch, name).begin()


PAGE: Final = Page(
    route="/executions/{name}", title="Execution {name}", draw=draw, below="/executions"
)


class _Execution:
    """The page's elements."""

    def __init__(self, watch: WatchedTestbed, name: str) -> None:
        self._watch, self._name = watch, name
        self._selected: str | None = None
        self._chosen: dict[int, int] = {}
        self._panels: dict[int, IterationPanel] = {}
        self._seen: ExecutionSpan | None = None
        self._plain: ExecutionSpan | None = None
        self._looks_left = LOOKS_FOR_LINES
        self._told: tuple[ExecutionSpan, bool] | None = None
        self._events: list[HistoryEventTypeDef] = []
        self._definition, self._parent = "", ""
        self._log: MachineLog | None = None
        self._whole, self._redrives = False, 0
        with elements.box(classes="head").props("data-slide") as self._head:
            elements.text("loading", "p", "dim").props("role=status")
        with elements.box(classes="two"):
            with elements.box("section", "card stays").props("data-slide"):
                elements.text("Graph", "h2")
                elements.text("Choose a state to see its input and output.", "p", "dim")
                self._graph = MachineGraph()
                self._graph.on_choice(self._select)
            self._state = elements.box("section", "card").props("data-slide")
        self._flow = elements.box("section", "card below").props("aria-live=polite data-slide")
        self._flow.set_visibility(False)
        self._iterations = elements.box("section", "card below").props("data-slide")
        with self._iterations:
            elements.text("Iterations and branches", "h2")
        self._iterations.set_visibility(False)
        self._map_runs = MapRunPanel()
        with elements.box("section", "card below").props("data-slide"):
            elements.text("Timeline", "h2")
            self._timeline = elements.box()
        with elements.box("section", "card below").props("data-slide"):
            self._table = EventTable()
        self._timer = ui.timer(REFRESH_S, self.refresh)

    async def begin(self) -> None:
        """Show what one request tells: a history of thousands of events takes its time."""
        if not self._watch.up:
            return
        try:
            self._draw_head(await self._watch.call(self._describe))
        except LostError:
            return
        except TestbedError as error:
            self._end()
            self._missing(str(error))

    async def refresh(self) -> None:
        """Look at it again, until it has ended and all its lines are there."""
        if self._whole or not self._watch.up:
            return
        try:
            began_s, redrives = time.monotonic(), self._redrives
            seen, events = await self._watch.call(self._look)
            self._timer.interval = max(REFRESH_S, REST * (time.monotonic() - began_s))
            if seen != self._plain:
                self._plain = seen
                self._draw(seen, events)
            if started := map_runs.started(events):
                found = await self._watch.call(functools.partial(_read_map_runs, started))
                self._map_runs.show(found, self._watch.found.outputs)
            if seen.status is not Status.RUNNING:
                whole = await self._watch.call(
                    lambda found: collect.with_invocations(found.aws, found.outputs, seen)
                )
                if redrives != self._redrives:
                    return  # it was redriven meanwhile, and goes on
                if whole != self._seen:
                    self._draw(whole, events)
                self._looks_left -= 1
                if self._looks_left == 0 or not _waits_for_lines(whole):
                    self._end()
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
        if record := self._watch.trials.record(arn):
            self._definition = record.definition
            return record.seen, record.events
        if express.is_express(arn):
            logged = self._read_log(found, arn)
            return logged.seen, logged.events
        # In this order, so that what has ended has all its events.
        seen = self._describe(found)
        events = history.events(found.aws, arn)
        self._definition = self._definition or collect.definition(found.aws, arn)
        return dataclasses.replace(seen, states=history.states(events)), events

    def _describe(self, found: Deployment) -> ExecutionSpan:
        arn = collect.find(found.aws, found.outputs, self._name)
        if record := self._watch.trials.record(arn):
            return record.seen
        if express.is_express(arn):
            return self._read_log(found, arn).seen
        seen = collect.alone(found.aws, arn)
        self._parent = str(json_object(seen.input).get(STARTED_BY) or "")
        return seen

    def _read_log(self, found: Deployment, arn: str) -> LoggedExecution:
        """Of an Express execution nothing else tells."""
        logged = express.read(found.aws, arn)
        self._definition, self._log = logged.definition, logged.log
        return logged

    def _missing(self, why: str) -> None:
        self._told = None
        self._head.clear()
        with self._head:
            elements.empty("This execution is not here", why)
            others = "/executions"
            if express.is_express(self._name):
                others = links.executions(express.machine_of(self._name))
            elements.link("All executions", others, "button")

    def _draw(self, seen: ExecutionSpan, events: list[HistoryEventTypeDef]) -> None:
        self._seen, self._events = seen, events
        self._groups = iterations.of(seen.states)
        self._draw_head(seen)
        self._draw_open()
        self._table.show(events, seen)

    def _draw_open(self) -> None:
        """What depends on which iterations are open."""
        if self._seen is None:
            return
        states = self._seen.states
        hidden = iteration_panel.hidden(states, self._groups, self._chosen)
        self._open = [state for state in states if state.id not in hidden]
        if self._selected is None and self._open:
            self._selected = _telling(self._open).name
        self._draw_iterations(hidden)
        self._draw_graph()
        self._draw_state()
        self._timeline.clear()
        with self._timeline:
            gantt(timeline.rows(self._seen, hidden=hidden))

    def _draw_iterations(self, hidden: set[int]) -> None:
        """A panel for each container that is not inside a closed iteration itself."""
        seen = {at: group for at, group in self._groups.items() if at not in hidden}
        for at in [at for at in self._panels if at not in seen]:
            self._panels.pop(at).remove()
        for at, group in seen.items():
            if at not in self._panels:
                with self._iterations:
                    self._panels[at] = IterationPanel(
                        group.container.name, functools.partial(self._open_iteration, at)
                    )
            self._panels[at].show(group, iteration_panel.opened(group, self._chosen))
        self._iterations.set_visibility(bool(seen))

    def _open_iteration(self, container: int, index: int) -> None:
        """Show another iteration, and of it what tells most."""
        self._chosen[container] = index
        self._flow.set_visibility(False)
        inside = [
            state
            for state in (self._seen.states if self._seen else ())
            if state.parent == container and state.iteration == index
        ]
        if inside:
            self._selected = inside[-1].name
        self._draw_open()

    def _draw_head(self, seen: ExecutionSpan) -> None:
        """What stands above the graph; it stays as it is while nobody has news of it."""
        told = dataclasses.replace(seen, states=()), seen.is_refusal
        if told == self._told:
            return
        self._told = told
        self._head.clear()
        with self._head:
            with elements.box(classes="row"):
                with elements.box(classes="named"):
                    elements.Chip(seen.status.value)
                    elements.explain(Topic.STATUS, seen.status.value)
                elements.text(sizes.duration(seen.duration_ms), "span")
                partly = self._log is not None and self._log.level != express.ALL
                elements.moment(seen.started_at, "first logged" if partly else "started")
                if seen.redrives:
                    elements.text(f"redriven {sizes.times(seen.redrives)}", "span", "dim")
                self._draw_origin(seen)
            if seen.error or seen.cause:
                with elements.box(classes="banner"):
                    with elements.box(classes="row"):
                        elements.text(seen.error or seen.status, "h2", "bad")
                        elements.explain(Topic.ERROR, seen.error or "")
                    elements.text(failure.words(seen.cause), "p")
                    if seen.is_refusal:
                        elements.text(REFUSAL, "p", "dim")
            if self._log is not None:
                express_log.from_log(self._log)
                elements.folded("Input of the execution", seen.input)
                elements.folded("Output of the execution", seen.output)
            with elements.box(classes="row").style("margin:.8rem 0"):
                self._draw_starts(seen)
                elements.copier("location.href", "Copy link", "Link copied")
                if self._log is None:
                    self._draw_traces()
            cli = Cli(self._watch.found.outputs)
            if self._log is not None:
                express_log.commands(self._log, seen.arn, cli)
                return
            elements.commands(
                cli.describe_execution(seen.arn),
                cli.history(seen.arn),
                cli.trace(seen.name),
                *([cli.redrive(seen.arn)] if seen.redrivable else []),
            )

    def _draw_traces(self) -> None:
        name = quote(self._name, safe="")
        elements.link("Trace as a page", f"/files/trace/{name}", "button", download=True)
        elements.link("Trace as JSON", f"/files/trace/{name}?form=json", "button", download=True)

    def _draw_origin(self, seen: ExecutionSpan) -> None:
        """Of which machine it is, and which execution started it."""
        outputs = self._watch.found.outputs
        machine = self._watch.trials.machine(seen.arn)
        if machine is not None:
            elements.text("a copy, removed when it has ended, of", "span", "dim")
        of = machine or seen.state_machine_arn
        elements.link(of.rpartition(":")[2], links.definition(of))
        if self._parent.startswith("arn:"):
            elements.link(
                f"started by {self._parent.rpartition(':')[2]}",
                links.execution(outputs, self._parent),
            )

    def _draw_starts(self, seen: ExecutionSpan) -> None:
        """What can be started from here: nothing of a copy, which is gone."""
        if self._watch.trials.machine(seen.arn) is not None:
            return
        again = links.new_execution(seen.state_machine_arn, like=seen.arn)
        if self._log is not None:  # an Express machine is run to its end, to have its answer
            elements.link("Run again", again, "button primary")
            return
        elements.button("Run again", self._again, classes="primary")
        if seen.redrivable:
            elements.button("Redrive", self._redrive)
        elements.link("Run with another input", again, "button")
        elements.link("Compare", links.comparison(seen.arn), "button")

    def _select(self, name: str) -> None:
        if name == self._selected:
            return
        self._selected = name
        self._flow.set_visibility(False)
        self._draw_graph()
        self._draw_state()

    def _draw_graph(self) -> None:
        states = self._open if self._seen else ()
        self._graph.draw(self._definition, states, selected=self._selected, interactive=True)

    def _draw_state(self) -> None:
        self._state.clear()
        with self._state:
            elements.text(self._selected or "State", "h2")
            if self._seen is None:
                return
            chosen = [one for one in self._open if one.name == self._selected]
            if not chosen:
                elements.text("It was not entered.", "p", "dim")
            if len(chosen) > VISITS:
                words = f"{len(chosen):,} visits; these are the latest {VISITS}."
                elements.text(words, "p", "dim")
            for state in chosen[-VISITS:]:
                visit(self._seen, state, Cli(self._watch.found.outputs))
                if self._log is None:
                    visit_flow.offer(self._watch, self._seen, state, into=self._flow)

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
        self._watch.executions(self._seen.state_machine_arn).runs_again(arn)
        self._redrives += 1
        self._whole, self._looks_left = False, LOOKS_FOR_LINES
        self._timer.activate()

    async def _again(self) -> None:
        if self._seen is None:
            return
        body, machine = self._seen.input, self._seen.state_machine_arn

        def again(found: Deployment) -> str:
            if machine != found.outputs.state_machine_arn:
                return machines.start(found.aws, machine, body)
            return repeat.post(found.aws, found.outputs, body).execution_arn

        try:
            arn = await self._watch.call(again)
        except TestbedError as error:
            ui.notify(str(error), type="negative")
            return
        ui.navigate.to(links.execution(self._watch.found.outputs, arn))


def _read_map_runs(arns: Sequence[str], found: Deployment) -> list[MapRun]:
    """On an emulator they are counted alone: it fails where they are to be listed."""
    on_aws = found.outputs.endpoint is None
    return [map_runs.read(found.aws, arn, children=on_aws) for arn in arns]


def _waits_for_lines(seen: ExecutionSpan) -> bool:
    """Whether log lines of it are still on their way: a busy machine takes its time."""
    return any(attempt.note == collect.LATE for attempt in seen.attempts)


def _telling(states: Sequence[StateSpan]) -> StateSpan:
    """The state that is looked at first: the first with attempts, else the first."""
    return next((state for state in states if state.attempts), states[0])
