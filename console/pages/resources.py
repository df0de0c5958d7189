"""Resources: what is provisioned, what defines it, and the command that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nicegui import ui

from console import elements, inventory
from console.page import Page
from console.run_elements import MachineGraph
from testbed.errors import TestbedError
from views import graph
from views.explain import Topic

if TYPE_CHECKING:
    from console.inventory import Item
    from console.watch import Deployment, WatchedTestbed

REFRESH_S: Final = 1.0


async def draw(watch: WatchedTestbed) -> None:
    """All of it."""
    await _Resources(watch).refresh()


PAGE: Final = Page(
    route="/resources",
    title="Resources",
    lede="What stands behind the pipeline, as the services themselves describe it.",
    draw=draw,
)


class _Resources:
    """The page's parts, drawn when the testbed is found, and again when it is found anew."""

    def __init__(self, watch: WatchedTestbed) -> None:
        self._watch = watch
        self._drawn: Deployment | None = None
        self._note = elements.text("loading", "p", "dim").props("role=status")
        self._list = elements.box(classes="columns")
        ui.timer(REFRESH_S, self.refresh)

    async def refresh(self) -> None:
        """Look, unless that was done since the testbed was found."""
        if not self._watch.up or self._watch.found is self._drawn:
            return
        self._drawn = self._watch.found
        try:
            items = await self._watch.call(inventory.look)
        except TestbedError as error:
            self._note.set_text(str(error))
            self._drawn = None
            return
        self._note.set_text(f"{len(items)} things")
        self._list.clear()
        with self._list:
            for item in items:
                _draw(item)


def _draw(item: Item) -> None:
    described = item.description
    with elements.box("section", "card"):
        elements.text(item.title, "h2")
        if item.error:
            elements.text(f"{item.error}: `make provision` brings it back", "p", "bad")
        elements.facts(described.facts)
        if described.definition:
            MachineGraph().draw(described.definition)
            names = graph.fields(described.definition)
            elements.glossary("What the definition's fields mean", Topic.FIELD, names)
        for title, content in described.documents:
            elements.folded(title, content)
        elements.commands(*item.commands)
