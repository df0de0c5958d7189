"""Executions: all of a state machine's, filtered and searched, live; two of them are compared."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from nicegui import ui

from client import machines
from console import elements, execution_groups, express_log, links
from console.commands import Cli
from console.execution_list import STATUSES
from console.express_list import ExpressList
from console.page import Page
from runs import express
from testbed.errors import TestbedError
from views import sizes

if TYPE_CHECKING:
    from nicegui.element import Element

    from client.machines import Machine
    from console.execution_groups import ExecutionRow
    from console.execution_list import ExecutionList
    from console.watch import WatchedTestbed
    from runs.express import MachineLog
    from runs.model import ExecutionSpan

ROWS: Final = 25
REFRESH_S: Final = 1.5
COMPARED: Final = 2
_CHOSEN: Final = (
    "(event) => { const group = event.target.closest('[data-group]');"
    " if (group) { emit(group.dataset.group); } }"
)
_MARKED: Final = "(event) => { if (event.target.name) emit(event.target.name); }"


async def draw(watch: WatchedTestbed) -> None:
    """The list of the machine that the address names, or the pipeline's; all who look share it."""
    await _Executions(watch, ui.context.client.request.query_params.get("machine", "")).refresh()


PAGE: Final = Page(
    route="/executions",
    title="Executions",
    lede="Every run of a state machine, the latest first. The list keeps itself up to date. Mark "
    "two to compare them.",
    draw=draw,
)


class _Executions:
    """The page's elements."""

    def __init__(self, watch: WatchedTestbed, wanted: str) -> None:
        self._watch, self._wanted = watch, wanted
        self._status, self._search, self._page = "", "", 0
        self._opened: set[str] = set()
        self._filters: dict[str, Element] = {}
        self._marked: list[str] = []
        self._machine: Machine | None = None
        self._log: MachineLog | None = None
        elements.script("executions.js")
        self._head = elements.box(classes="row ends head")
        self._origin = elements.box()
        self._controls()
        self._count = elements.text("", "p", "dim").props("role=status")
        with elements.box(classes="table-scroll"):
            self._table = elements.Rendered("table", "rows").props('aria-label="Executions"')
            self._table.on("click", lambda event: self._open(str(event.args)), js_handler=_CHOSEN)
            self._table.on("change", lambda event: self._mark(str(event.args)), js_handler=_MARKED)
        with elements.box() as self._empty:
            elements.empty(
                "No execution to show",
                "Send an image on the page Run, or `make process IMAGE=samples/club2.png`.",
            )
        with elements.box(classes="row") as self._turn:
            self._back = elements.button("← Later", lambda: self._go(-1))
            self._on = elements.button("Earlier →", lambda: self._go(1))
        self._commands = elements.box()
        ui.timer(REFRESH_S, self.refresh)

    def _controls(self) -> None:
        with elements.box(classes="row ends") as self._search_and_filter:
            search = elements.entry(self._look_for, kind="search")
            elements.field("Search by name or key", search)
            with elements.box(classes="row").props('role=group aria-label="Filter by status"'):
                for status in ("", *STATUSES):
                    shown = status.replace("_", " ").capitalize() or "All"
                    act = functools.partial(self._filter, status)
                    self._filters[status] = elements.button(shown, act)
        elements.press(self._filters, self._status)

    def _draw_head(self, listed: list[Machine], machine: Machine) -> None:
        self._machine = machine
        with self._head:
            options = {one.arn: f"{one.name} ({one.type})" for one in listed}
            chooser = elements.chooser(options, self._choose, chosen=machine.arn)
            elements.field("State machine", chooser)
            with elements.box(classes="row"):
                elements.link("New execution", links.new_execution(machine.arn), "button primary")
                elements.link("Definition", links.definition(machine.arn), "button")
                self._compare = elements.button("Compare the two", self._go_compare)
        self._draw_marked()
        self._compare.set_visibility(not machine.express)
        if not machine.express:
            with self._commands:
                elements.commands(Cli(self._watch.found.outputs).executions(machine.arn))

    def _draw_origin(self, machine: Machine, log: MachineLog) -> None:
        """Where the executions of an Express machine are read, or how that can be."""
        if log == self._log:
            return
        self._log = log
        cli = Cli(self._watch.found.outputs)
        self._origin.clear()
        self._commands.clear()
        self._search_and_filter.set_visibility(log.on)
        self._count.set_visibility(log.on)
        with self._origin:
            if log.on:
                express_log.from_log(log)
            else:
                express_log.off(machine.arn, cli)
        if log.on:
            with self._commands:
                express_log.commands(log, express.all_of(machine.arn), cli)

    def _choose(self, arn: str) -> None:
        ui.navigate.to(links.executions(arn))

    def _mark(self, arn: str) -> None:
        """Mark an execution, or no more; of too many the one that was marked first is left out."""
        if arn in self._marked:
            self._marked.remove(arn)
        else:
            self._marked = [*self._marked, arn][-COMPARED:]
        self._draw_marked()
        self._draw()

    def _draw_marked(self) -> None:
        self._compare.props["disabled"] = len(self._marked) < COMPARED
        self._compare.update()

    def _go_compare(self) -> None:
        if len(self._marked) == COMPARED:
            ui.navigate.to(links.comparison(*self._marked))

    def _look_for(self, text: str) -> None:
        self._search, self._page = text, 0
        self._draw()

    def _filter(self, status: str) -> None:
        self._status, self._page = status, 0
        elements.press(self._filters, status)
        self._draw()

    async def _go(self, pages: int) -> None:
        self._page += pages
        self._draw()
        await self.refresh()

    async def refresh(self) -> None:
        """Ask the testbed, and draw what is new."""
        if not self._watch.up:
            return
        try:
            if self._machine is None:
                listed = await self._watch.call(lambda found: machines.listed(found.aws))
                wanted = self._wanted or self._watch.found.outputs.state_machine_arn
                self._draw_head(listed, machines.wanted(listed, wanted))
            if self._machine is None:
                return
            known = self._known(self._machine)
            await self._watch.call(known.refresh)
            if isinstance(known, ExpressList) and known.log is not None:
                self._draw_origin(self._machine, known.log)
            self._draw()
            rows = self._rows(self._all(known))
            shown = [row.execution for row in rows if row.execution]
            if await self._watch.call(lambda found: known.learn(found, shown)):
                self._draw()
        except TestbedError as error:
            self._count.set_text(str(error))

    def _known(self, machine: Machine) -> ExecutionList:
        if machine.express:
            return self._watch.logged_executions(machine.arn)
        return self._watch.executions(machine.arn)

    def _found(self, known: ExecutionList) -> list[ExecutionSpan]:
        return known.find(status=self._status, search=self._search)

    def _all(self, known: ExecutionList) -> list[ExecutionRow]:
        """Those that were started together are one row, unless somebody searches for one."""
        found = self._found(known)
        if self._search.strip():
            return [execution_groups.ExecutionRow(one, None) for one in found]
        return execution_groups.rows(found, self._opened)

    def _rows(self, rows: list[ExecutionRow]) -> list[ExecutionRow]:
        return rows[self._page * ROWS : (self._page + 1) * ROWS]

    def _open(self, group: str) -> None:
        self._opened ^= {group}
        self._draw()

    def _draw(self) -> None:
        if self._machine is None:
            return
        known = self._known(self._machine)
        found, rows = self._found(known), self._all(known)
        pages = max(1, -(-len(rows) // ROWS))
        self._page = min(max(0, self._page), pages - 1)
        self._table.render(
            "executions.html",
            rows=self._rows(rows),
            keys=known.keys,
            errors=known.errors,
            marked=None if self._machine.express else self._marked,
            address=functools.partial(links.execution, self._watch.found.outputs),
            symbols=elements.SYMBOLS,
            sizes=sizes,
        )
        self._table.set_visibility(bool(found))
        self._empty.set_visibility(not found and not self._machine.express)
        self._count.set_text(
            f"{sizes.number(len(found), 'execution')}, page {self._page + 1} of {pages}"
        )
        self._turn.set_visibility(pages > 1)
        for button, useless in ((self._back, self._page == 0), (self._on, self._page == pages - 1)):
            button.props["disabled"] = useless
            button.update()
