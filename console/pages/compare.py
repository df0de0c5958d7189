"""Compare: two executions side by side, and the first state in which they part."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from nicegui import ui

from console import elements, event_rows, links
from console.difference_elements import difference
from console.drawn_once import DrawnOnce
from console.page import Page
from runs import collect, comparison
from views import differences, sizes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.watch import Deployment, WatchedTestbed
    from runs.comparison import Comparison, Pair
    from runs.model import ExecutionSpan, StateSpan

OFFERED: Final = 50
ROWS: Final = 25
_CHOSEN: Final = (
    "(event) => { const one = event.target.closest('[data-pair]');"
    " if (one) emit(one.dataset.pair); }"
)


async def draw(watch: WatchedTestbed) -> None:
    """The two that the address names; the second is chosen here where it names one."""
    asked = ui.context.client.request.query_params
    await _Compare(watch, asked.get("first", ""), asked.get("second", "")).begin()


PAGE: Final = Page(
    route="/compare",
    title="Compare two executions",
    lede="State by state, paired by name, iteration and visit: what went in, what came out, what "
    "failed and how often it was tried.",
    draw=draw,
    below="/executions",
)


class _Compare:
    """The page's elements, drawn when the testbed is found."""

    def __init__(self, watch: WatchedTestbed, first: str, second: str) -> None:
        self._watch, self._asked = watch, {"first": first, "second": second}
        self._only, self._page, self._chosen = False, 0, -1
        self._place = DrawnOnce(watch, lambda found: _look(found, **self._asked), self._fill)

    async def begin(self) -> None:
        """Draw it, once the executions are known."""
        await self._place.look()

    async def _fill(self, known: tuple[dict[str, str], Comparison | None]) -> None:
        offered, found = known
        self._place.note.set_text("" if found else "Choose two executions.")
        self._place.note.set_visibility(found is None)
        self._draw_choosers(offered)
        if found is not None:
            self._draw(found)

    def _draw_choosers(self, offered: Mapping[str, str]) -> None:
        with elements.box(classes="two"):
            for which, other in (("first", "second"), ("second", "first")):
                options = {"": "choose one"} | {
                    arn: shown for arn, shown in offered.items() if arn != self._asked[other]
                }
                asked = self._asked[which]
                if asked and asked not in options:
                    options[asked] = asked.rpartition(":")[2]

                def choose(arn: str, which: str = which) -> None:
                    ui.navigate.to(links.comparison(**(self._asked | {which: arn})))

                elements.field(
                    f"{which.capitalize()} execution",
                    elements.chooser(options, choose, chosen=asked),
                )

    def _draw(self, found: Comparison) -> None:
        self._found = found
        self._draw_summary(found)
        with elements.box(classes="two").style("margin-top:1rem"):
            self._draw_states()
            self._detail = elements.box("section", "card stays").props("aria-live=polite")
        self._draw_table()
        parting = found.parting
        if parting is not None:
            self._choose(found.pairs.index(parting))
        self._detail.set_visibility(parting is not None)

    def _draw_states(self) -> None:
        with elements.box("section", "card"):
            elements.text("States", "h2")
            with elements.box(classes="row"):
                self._filter = elements.button("Only what differs", self._turn, classes="small")
                self._back = elements.button("← Before", lambda: self._go(-1), classes="small")
                self._on = elements.button("After →", lambda: self._go(1), classes="small")
                self._where = elements.text("", "span", "dim").props("role=status")
            with elements.box(classes="table-scroll"):
                self._table = elements.Rendered("table", "rows pairs").props('aria-label="States"')
                self._table.on(
                    "click", lambda event: self._choose(int(event.args)), js_handler=_CHOSEN
                )

    def _draw_summary(self, found: Comparison) -> None:
        outputs = self._watch.found.outputs
        with elements.box("section", "card").style("margin-top:1rem"):
            elements.text("Where they part", "h2")
            for words in summary(found):
                elements.text(words, "p")
            with elements.box(classes="two"):
                for title, one in (("First", found.first), ("Second", found.second)):
                    with elements.box(), elements.box(classes="row"):
                        elements.text(title, "b")
                        elements.Chip(one.status.value)
                        elements.text(sizes.duration(one.duration_ms), "span")
                        elements.link(one.name, links.execution(outputs, one.arn))
            if not comparison.same(found.first.input, found.second.input):
                elements.text("Input", "h3")
                _show(found.first.input, found.second.input, "Input of the executions")

    def _turn(self) -> None:
        self._only, self._page = not self._only, 0
        self._draw_table()

    def _go(self, pages: int) -> None:
        self._page += pages
        self._draw_table()

    def _choose(self, at: int) -> None:
        self._chosen = at
        self._draw_table()
        self._detail.set_visibility(True)
        self._detail.clear()
        with self._detail:
            _draw_pair(self._found.pairs[at])

    def _draw_table(self) -> None:
        shown = [
            (number, pair)
            for number, pair in enumerate(self._found.pairs)
            if pair.differs or not self._only
        ]
        pages = max(1, -(-len(shown) // ROWS))
        self._page = min(max(0, self._page), pages - 1)
        self._table.render(
            "comparison.html",
            pairs=shown[self._page * ROWS : (self._page + 1) * ROWS],
            chosen=self._chosen,
            symbols=elements.SYMBOLS,
            duration=sizes.duration,
            words=event_rows.words,
        )
        self._filter.props["aria-pressed"] = "true" if self._only else "false"
        self._filter.update()
        differ = sum(bool(pair.differs) for pair in self._found.pairs)
        self._where.set_text(
            f"{len(self._found.pairs):,} states, {differ:,} differ"
            + (f", page {self._page + 1} of {pages}" if pages > 1 else "")
        )
        for button, useless in ((self._back, self._page == 0), (self._on, self._page == pages - 1)):
            button.set_visibility(pages > 1)
            button.props["disabled"] = useless
            button.update()


def summary(found: Comparison) -> list[str]:
    """Where two executions part, in sentences."""
    told = []
    if found.first.state_machine_arn != found.second.state_machine_arn:
        told.append("They are of two state machines.")
    if not comparison.same(found.first.input, found.second.input):
        told.append("They were given different inputs.")
    parting = found.parting
    if parting is None:
        return [*told, "No state differs: the same path, inputs, outputs, errors and attempts."]
    if "path" not in parting.differs:
        place = f", in {parting.where}" if parting.where else ""
        told.append(f"{parting.name}{place} differs first: {', '.join(parting.differs)}.")
    if found.fork is None:
        return [*told, "Both took the same path."]
    common, one, two = found.fork
    behind = f"behind {common.name}" if common else "at the start"
    went = [f"the {word} {_went(state)}" for word, state in (("first", one), ("second", two))]
    return [*told, f"Their paths part {behind}: {' and '.join(went)}."]


def _went(state: StateSpan | None) -> str:
    return f"goes to {state.name}" if state else "has ended"


def _draw_pair(pair: Pair) -> None:
    with elements.box(classes="row"):
        elements.text(pair.name, "h2")
        if pair.where:
            elements.text(f"in {pair.where}", "span", "dim")
    if pair.first is None or pair.second is None:
        which = "first" if pair.second is None else "second"
        elements.text(f"Only the {which} execution entered it.", "p")
    for title, read in (("Input", _input), ("Output", _output), ("Error", _error)):
        one, two = read(pair.first), read(pair.second)
        if one is not None or two is not None:
            elements.text(title, "h3")
            _show(one, two, f"{title} of {pair.name}")


def _input(visit: StateSpan | None) -> str | None:
    return visit.input if visit else None


def _output(visit: StateSpan | None) -> str | None:
    return visit.output if visit else None


def _error(visit: StateSpan | None) -> str | None:
    """Error, cause and attempts as JSON, None where nothing went wrong."""
    if visit is None or (visit.error is None and len(visit.attempts) < 2):  # noqa: PLR2004 - once
        return None
    tries = [{"status": one.status.value, "error": one.error} for one in visit.attempts]
    return json.dumps({"error": visit.error, "cause": visit.cause, "attempts": tries})


def _show(one: str | None, two: str | None, label: str) -> None:
    before, after = _value(one), _value(two)
    words = differences.counted(differences.lines(before, after))
    told = f"second against first: {words}" if words else "the same in both"
    elements.text(told, "p", "dim")
    difference(before, after, label)


def _value(text: str | None) -> Any:
    if text is None:
        return differences.NOTHING
    try:
        return json.loads(text)
    except ValueError:
        return text


def _look(found: Deployment, first: str, second: str) -> tuple[dict[str, str], Comparison | None]:
    """The latest executions that can be chosen, and the two that were."""
    machine = links.machine_of(first or second) if first or second else ""
    latest = collect.listed(found.aws, machine or found.outputs.state_machine_arn, most=OFFERED)
    offered = {
        one.arn: f"{sizes.moment(one.started_at)} {one.status.value} {one.name}" for one in latest
    }
    if not first or not second:
        return offered, None
    seen: list[ExecutionSpan] = [collect.execution(found.aws, arn) for arn in (first, second)]
    return offered, comparison.compare(*seen)
