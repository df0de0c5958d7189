"""The events of a history, so many at a time: each opens to its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console import elements, event_rows
from views import sizes
from views.explain import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

    from runs.model import ExecutionSpan


class EventTable:
    """The table with its heading, and buttons where there are more events than it shows."""

    def __init__(self) -> None:
        self._events: Sequence[HistoryEventTypeDef] = ()
        self._seen: ExecutionSpan | None = None
        self._first = 0
        elements.text("Events", "h2")
        with elements.box(classes="table-scroll").props(
            'tabindex=0 role=group aria-label="Events"'
        ):
            self._table = elements.Rendered("table", "rows")
            self._table.props["aria-label"] = "Events"
        with elements.box(classes="row") as self._turn:
            self._back = elements.button("← Earlier events", lambda: self._go(-1), classes="small")
            self._on = elements.button("Later events →", lambda: self._go(1), classes="small")
            self._where = elements.text("", "span", "dim").props("role=status")
        self._turn.set_visibility(False)
        self._fields = elements.box()
        self._named: list[str] = []

    def show(self, events: Sequence[HistoryEventTypeDef], seen: ExecutionSpan) -> None:
        """Show the *events* of the execution *seen*."""
        self._events, self._seen = events, seen
        self._draw()
        self._explain(event_rows.fields(events))

    def _explain(self, names: list[str]) -> None:
        if names != self._named:
            self._named = names
            self._fields.clear()
            with self._fields:
                elements.glossary("What the fields mean", Topic.EVENT_FIELD, names)

    def _go(self, pages: int) -> None:
        last = (max(0, len(self._events) - 1) // event_rows.SHOWN) * event_rows.SHOWN
        self._first = min(max(0, self._first + pages * event_rows.SHOWN), last)
        self._draw()

    def _draw(self) -> None:
        if self._seen is None:
            return
        number, until = len(self._events), self._first + event_rows.SHOWN
        self._table.render(
            "events.html",
            events=event_rows.rows(self._events, self._first),
            after_ms=self._seen.after_ms,
            duration=sizes.duration,
        )
        self._turn.set_visibility(number > event_rows.SHOWN)
        self._where.set_text(f"{self._first + 1:,} to {min(until, number):,} of {number:,}")
        for button, useless in ((self._back, self._first == 0), (self._on, until >= number)):
            button.props["disabled"] = useless
            button.update()
