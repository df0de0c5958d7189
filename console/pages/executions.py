"""Executions: all of them, filtered and searched, live."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from nicegui import ui

from console import elements, execution_groups
from console.commands import Cli
from console.execution_list import STATUSES
from console.page import Page
from testbed.errors import TestbedError
from views import sizes

if TYPE_CHECKING:
    from nicegui.element import Element

    from console.execution_groups import ExecutionRow
    from console.watch import WatchedTestbed
    from runs.model import ExecutionSpan

ROWS: Final = 25
REFRESH_S: Final = 1.5
_CHOSEN: Final = (
    "(event) => { const group = event.target.closest('[data-group]');"
    " if (group) { emit(group.dataset.group); } }"
)


async def draw(watch: WatchedTestbed) -> None:
    """The list; it is shared by all who look."""
    await _Executions(watch).refresh()


PAGE: Final = Page(
    route="/executions",
    title="Executions",
    lede="Every run of the state machine, the latest first. The list keeps itself up to date.",
    draw=draw,
)


class _Executions:
    """The page's elements."""

    def __init__(self, watch: WatchedTestbed) -> None:
        self._watch = watch
        self._status, self._search, self._page = "", "", 0
        self._opened: set[str] = set()
        self._filters: dict[str, Element] = {}
        elements.script("executions.js")
        self._controls()
        self._count = elements.text("", "p", "dim").props("role=status")
        with elements.box(classes="table-scroll"):
            self._table = elements.Rendered("table", "rows").props('aria-label="Executions"')
            self._table.on("click", lambda event: self._open(str(event.args)), js_handler=_CHOSEN)
        with elements.box() as self._empty:
            elements.empty(
                "No execution to show",
                "Send an image on the page Run, or `make process IMAGE=samples/club2.png`.",
            )
        with elements.box(classes="row") as self._turn:
            self._back = elements.button("← Later", lambda: self._go(-1))
            self._on = elements.button("Earlier →", lambda: self._go(1))
        if watch.up:
            elements.commands(Cli(watch.found.outputs).executions())
        ui.timer(REFRESH_S, self.refresh)

    def _controls(self) -> None:
        with elements.box(classes="row ends"):
            search = elements.entry(self._look_for, kind="search")
            elements.field("Search by name or key", search)
            with elements.box(classes="row").props('role=group aria-label="Filter by status"'):
                for status in ("", *STATUSES):
                    shown = status.replace("_", " ").capitalize() or "All"
                    act = functools.partial(self._filter, status)
                    self._filters[status] = elements.button(shown, act)
        elements.press(self._filters, self._status)

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
            await self._watch.call(self._watch.executions.refresh)
            self._draw()
            shown = [row.execution for row in self._rows(self._all()) if row.execution]
            if await self._watch.call(lambda found: self._watch.executions.learn(found, shown)):
                self._draw()
        except TestbedError as error:
            self._count.set_text(str(error))

    def _found(self) -> list[ExecutionSpan]:
        return self._watch.executions.find(status=self._status, search=self._search)

    def _all(self) -> list[ExecutionRow]:
        """Those that were started together are one row, unless somebody searches for one."""
        found = self._found()
        if self._search.strip():
            return [execution_groups.ExecutionRow(one, None) for one in found]
        return execution_groups.rows(found, self._opened)

    def _rows(self, rows: list[ExecutionRow]) -> list[ExecutionRow]:
        return rows[self._page * ROWS : (self._page + 1) * ROWS]

    def _open(self, group: str) -> None:
        self._opened ^= {group}
        self._draw()

    def _draw(self) -> None:
        found = self._found()
        rows = self._all()
        pages = max(1, -(-len(rows) // ROWS))
        self._page = min(max(0, self._page), pages - 1)
        self._table.render(
            "executions.html",
            rows=self._rows(rows),
            keys=self._watch.executions.keys,
            errors=self._watch.executions.errors,
            symbols=elements.SYMBOLS,
            sizes=sizes,
        )
        self._table.set_visibility(bool(found))
        self._empty.set_visibility(not found)
        self._count.set_text(f"{len(found):,} executions, page {self._page + 1} of {pages}")
        self._turn.set_visibility(pages > 1)
        for button, useless in ((self._back, self._page == 0), (self._on, self._page == pages - 1)):
            button.props["disabled"] = useless
            button.update()
