"""The iterations of a Map state, or the branches of a Parallel one: counted, filtered, opened.

Of a thousand, one is open and a page of them is listed: a browser has as much to draw as of ten.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from console import elements
from console.execution_list import STATUSES
from runs import iterations
from runs.model import Status
from views import sizes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nicegui.element import Element

    from runs.iterations import Iterations
    from runs.model import StateSpan

ROWS: Final = 25
# So many are all shown at once: branches of a Parallel state, a short list.
ALL_SHOWN: Final = 10
_OPENED: Final = (
    "(event) => { const one = event.target.closest('[data-iteration]');"
    " if (one) emit(one.dataset.iteration); }"
)


def opened(group: Iterations, chosen: Mapping[int, int]) -> int:
    """The iteration that is open: the chosen one, else the first that did not succeed, else 0."""
    indexes = [one.index for one in group.items]
    if chosen.get(group.container.id) in indexes:
        return chosen[group.container.id]
    telling = (one.index for one in group.items if one.status is not Status.SUCCEEDED)
    return next(telling, indexes[0])


def hidden(
    states: Sequence[StateSpan], groups: Mapping[int, Iterations], chosen: Mapping[int, int]
) -> set[int]:
    """The ids of the states inside iterations that are not open, where there are too many."""
    found: set[int] = set()
    for at, group in groups.items():
        if len(group.items) > ALL_SHOWN:
            closed = {one.index for one in group.items} - {opened(group, chosen)}
            found |= iterations.within(states, at, closed)
    return found


def counts(group: Iterations) -> str:
    """How many there are, and how many stand how, in words."""
    kind = "iterations" if group.container.type == "Map" else "branches"
    told = ", ".join(
        f"{number:,} {status.value.lower().replace('_', ' ')}"
        for status, number in group.counted().items()
    )
    return f"{len(group.items):,} {kind}: {told}"


class IterationPanel:
    """One container's."""

    def __init__(self, name: str, choose: Callable[[int], None]) -> None:
        self._group: Iterations | None = None
        self._status, self._page, self._chosen = "", 0, 0
        self._around = elements.box()
        with self._around:
            self._make(name, choose)

    def remove(self) -> None:
        """The container is no longer seen."""
        self._around.delete()

    def _make(self, name: str, choose: Callable[[int], None]) -> None:
        elements.text(name, "h3")
        self._count = elements.text("", "p").props("role=status")
        self._filters: dict[str, Element] = {}
        with elements.box(classes="row") as self._choice:
            self._choice.props["role"] = "group"
            self._choice.props["aria-label"] = f"Filter {name} by status"
            for status in ("", *STATUSES):
                shown = status.replace("_", " ").capitalize() or "All"
                act = functools.partial(self._filter, status)
                self._filters[status] = elements.button(shown, act, classes="small")
        elements.press(self._filters, "")
        self._list = elements.Rendered("ol", "iterations")
        self._list.props["aria-label"] = f"Iterations of {name}"
        self._list.on("click", lambda event: choose(int(event.args)), js_handler=_OPENED)
        with elements.box(classes="row") as self._turn:
            self._back = elements.button("← Before", lambda: self._go(-1), classes="small")
            self._on = elements.button("After →", lambda: self._go(1), classes="small")
            self._where = elements.text("", "span", "dim")

    def show(self, group: Iterations, chosen: int) -> None:
        """Show *group*, of which the iteration *chosen* is open."""
        self._group, self._chosen = group, chosen
        self._draw()

    def _filter(self, status: str) -> None:
        self._status, self._page = status, 0
        elements.press(self._filters, status)
        self._draw()

    def _go(self, pages: int) -> None:
        self._page += pages
        self._draw()

    def _draw(self) -> None:
        if self._group is None:
            return
        there = {status.value for status in self._group.counted()}
        for status, button in self._filters.items():
            button.set_visibility(not status or status in there)
        self._choice.set_visibility(len(there) > 1)
        found = [one for one in self._group.items if self._status in ("", one.status)]
        pages = max(1, -(-len(found) // ROWS))
        self._page = min(max(0, self._page), pages - 1)
        self._count.set_text(counts(self._group))
        self._list.render(
            "iterations.html",
            items=found[self._page * ROWS : (self._page + 1) * ROWS],
            group=self._group,
            chosen=self._chosen,
            symbols=elements.SYMBOLS,
            duration=sizes.duration,
        )
        self._turn.set_visibility(pages > 1)
        self._where.set_text(f"page {self._page + 1} of {pages}")
        for button, useless in ((self._back, self._page == 0), (self._on, self._page == pages - 1)):
            button.props["disabled"] = useless
            button.update()
