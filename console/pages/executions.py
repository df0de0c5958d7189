"""Executions: all of them, filtered and searched, live."""

from __future__ import annotations

import functools
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from botocore.exceptions import ClientError
from nicegui import ui

from console import parts, pretty
from console.commands import Cli
from console.frame import frame
from console.listing import STATUSES, Item, Listing
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from nicegui.element import Element

    from console.place import Place

ROWS: Final = 25
REFRESH_S: Final = 1.5
_HEAD: Final = (
    "<thead><tr><th scope=col>Status</th><th scope=col>Key and execution</th>"
    "<th scope=col>Started</th><th scope=col>Took</th></tr></thead>"
)


def register(place: Place) -> None:
    """Serve the page; what it lists is shared by all who look."""
    listing = Listing()

    @ui.page("/executions")
    async def page() -> None:
        lede = "Every run of the state machine, the latest first. The list keeps itself up to date."
        with frame(place, path="/executions", title="Executions", lede=lede):
            view = _Executions(place, listing)
        await view.refresh()


class _Executions:
    """The page's parts."""

    def __init__(self, place: Place, listing: Listing) -> None:
        self._place, self._listing = place, listing
        self._status, self._search, self._page = "", "", 0
        self._generation = place.generation
        self._filters: dict[str, Element] = {}
        self._shown = ""
        self._controls()
        self._count = parts.text("", "p", "dim").props("role=status")
        with parts.box(classes="table-scroll"):
            self._table = parts.html("", "table", "rows").props('aria-label="Executions"')
        with parts.box() as self._empty:
            parts.empty(
                "No execution to show",
                "Send an image on the page Run, or `make process IMAGE=samples/club2.png`.",
            )
        with parts.box(classes="row") as self._turn:
            self._back = parts.button("← Later", lambda: self._go(-1))
            self._on = parts.button("Earlier →", lambda: self._go(1))
        if place.up:
            parts.commands(Cli(place.found.outputs).executions())
        ui.timer(REFRESH_S, self.refresh)

    def _controls(self) -> None:
        with parts.box(classes="row ends"):
            search = parts.entry("", self._look_for, kind="search")
            parts.field("Search by name or key", search)
            with parts.box(classes="row").props('role=group aria-label="Filter by status"'):
                for status in ("", *STATUSES):
                    shown = status.replace("_", " ").capitalize() or "All"
                    made = parts.button(shown, functools.partial(self._filter, status))
                    made.props["aria-pressed"] = "true" if status == self._status else "false"
                    self._filters[status] = made

    def _look_for(self, text: str) -> None:
        self._search, self._page = text, 0
        self._draw()

    def _filter(self, status: str) -> None:
        self._status, self._page = status, 0
        for name, made in self._filters.items():
            made.props["aria-pressed"] = "true" if name == status else "false"
            made.update()
        self._draw()

    async def _go(self, pages: int) -> None:
        self._page += pages
        self._draw()
        await self._learn_keys()

    async def refresh(self) -> None:
        """Ask the testbed, and draw what is new."""
        if not self._place.up:
            return
        if self._generation != self._place.generation:
            self._generation = self._place.generation
            self._listing.forget()
        try:
            await self._place.call(self._listing.refresh)
            self._draw()
            await self._learn_keys()
        except (TestbedError, ClientError) as error:
            self._count.set_content(escape(str(error)))

    async def _learn_keys(self) -> None:
        rows = self._rows(self._found())
        if await self._place.call(lambda found: self._listing.learn_keys(found, rows)):
            self._draw()

    def _found(self) -> list[Item]:
        return self._listing.find(status=self._status, search=self._search)

    def _rows(self, found: list[Item]) -> list[Item]:
        return found[self._page * ROWS : (self._page + 1) * ROWS]

    def _draw(self) -> None:
        found = self._found()
        pages = max(1, -(-len(found) // ROWS))
        self._page = min(max(0, self._page), pages - 1)
        markup = "".join(self._row(item) for item in self._rows(found))
        if markup != self._shown:
            self._shown = markup
            self._table.set_content(f"{_HEAD}<tbody>{markup}</tbody>")
        self._table.set_visibility(bool(found))
        self._empty.set_visibility(not found)
        self._count.set_content(f"{len(found):,} executions, page {self._page + 1} of {pages}")
        self._turn.set_visibility(pages > 1)
        for button, useless in ((self._back, self._page == 0), (self._on, self._page == pages - 1)):
            button.props["disabled"] = useless
            button.update()

    def _row(self, item: Item) -> str:
        key = self._listing.keys.get(item.arn)
        told = f"<b>{escape(key)}</b> " if key else ""
        return (
            f"<tr><td>{parts.chip_html(item.status)}</td>"
            f'<td class="wraps"><a href="/executions/{quote(item.name, safe="")}">'
            f"{told}<span>{escape(item.name)}</span></a></td>"
            f"<td>{pretty.moment(item.started_at)}</td>"
            f"<td>{pretty.duration(item.duration_ms)}</td></tr>"
        )
