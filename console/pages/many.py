"""Many images: a folder, or many files, through the pipeline; a grid fills as they come."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from nicegui import ui

from console import elements, files
from console.batch import MOST_FILES, Batch, BatchItem, ItemState, OpenBatches
from console.commands import Cli
from console.page import Page
from testbed import names
from views.explain import Topic, find

if TYPE_CHECKING:
    from nicegui.element import Element

    from console.watch import WatchedTestbed

REFRESH_S: Final = 0.4
BATCHES: Final = OpenBatches()
"""Those of all pages; `batch_routes` finds the page's own there."""
HINT: Final = (
    f"Up to {MOST_FILES:,} files of up to 25 MB each; four are under way at a time. Hidden files "
    "are left out; whatever is no image is sent too, and refused by the function."
)


async def draw(watch: WatchedTestbed) -> None:
    """The choice of files, what became of them, and the grid."""
    _Many(watch, BATCHES.new())


PAGE: Final = Page(
    route="/many",
    title="Many images",
    lede="Drop a folder, watch a grid fill. Each image is an execution of its own; in the list of "
    "executions they are one row.",
    draw=draw,
)


class _Many:
    """The page's elements, brought up to date while something changes."""

    def __init__(self, watch: WatchedTestbed, batch: Batch) -> None:
        self._watch, self._batch = watch, batch
        self._tiles: list[elements.Rendered] = []
        self._drawn: tuple[BatchItem, ...] = ()
        elements.script("many.js")
        self._choice()
        with elements.box(classes="card").style("margin-top:1rem") as self._progress:
            self._counts()
        with elements.box("section", "card").style("margin-top:1rem") as self._failed:
            elements.text("What failed", "h2")
            self._again = elements.box("button", "button").props("type=button data-again")
            with self._again:
                self._again_label = elements.text("", "span")
            self._failures = elements.Rendered()
        self._grid = elements.box("ul", "grid").props('aria-label="Images of this batch"')
        if watch.up:
            outputs = watch.found.outputs
            elements.commands(Cli(outputs).executions(outputs.state_machine_arn))
        self._draw()
        ui.timer(REFRESH_S, self._refresh)

    def _choice(self) -> None:
        with elements.box(classes="card column-gap dropzone") as zone:
            zone.props["data-drop"] = ""
            zone.props["data-batch"] = self._batch.group
            elements.text("Drop a folder or images here, or choose them", "h2")
            with elements.box(classes="two"):
                elements.field("Images", _input("multiple"))
                elements.field("A whole folder", _input("webkitdirectory"))
            elements.text(HINT, "p", "dim")

    def _counts(self) -> None:
        self._bar: Element = ui.element("progress").props('aria-label="Images that are through"')
        self._count = elements.text("", "p")
        # Said once, when all is over: a count that is read out all the time helps nobody.
        self._over = elements.text("", "p").props("role=status")

    def _refresh(self) -> None:
        if self._batch.items != self._drawn:
            self._draw()

    def _draw(self) -> None:
        items = self._batch.items
        for place, item in enumerate(items):
            if place == len(self._tiles):
                with self._grid:
                    self._tiles.append(elements.Rendered("li", "tile"))
            elif item == self._drawn[place]:
                continue
            self._tiles[place].render(
                "tile.html",
                item=item,
                picture=files.address("resized", names.thumbnail_key(item.key)),
                symbols=elements.SYMBOLS,
            )
        self._drawn = items
        self._progress.set_visibility(bool(items))
        self._draw_counts()
        self._draw_failures()

    def _draw_counts(self) -> None:
        batch = self._batch
        made, failed, working, waiting = (
            batch.count(state)
            for state in (
                *(ItemState.DONE, ItemState.FAILED),
                *(ItemState.WORKING, ItemState.WAITING),
            )
        )
        through, total = made + failed, len(batch.items)
        self._bar.props["max"], self._bar.props["value"] = max(1, total), through
        self._bar.update()
        told = [f"{through:,} of {total:,} through", f"{made:,} made", f"{failed:,} failed"]
        if not batch.is_over:
            told += [f"{working:,} under way", f"{waiting:,} waiting"]
        if batch.left_out:
            told.append(f"{batch.left_out:,} left out")
        self._count.set_text(" · ".join(told))
        is_over = bool(batch.items) and batch.is_over
        self._count.set_visibility(not is_over or bool(batch.left_out))
        over = f"All are through: {made:,} made, {failed:,} failed"
        self._over.set_text(over if is_over else "")

    def _draw_failures(self) -> None:
        failures = self._batch.failures()
        self._failed.set_visibility(bool(failures))
        self._failures.render(
            "failures.html", failures=failures, explained=functools.partial(find, Topic.ERROR)
        )
        repeatable = len(self._batch.repeatable())
        self._again.set_visibility(bool(repeatable))
        self._again_label.set_text(f"Run the {repeatable:,} failed again")


def _input(kind: str) -> Element:
    made = ui.element("input").classes("drop").props("type=file data-many")
    made.props[kind] = ""
    return made
