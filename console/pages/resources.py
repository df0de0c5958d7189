"""Resources: what is provisioned, what defines it, and the command that shows it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError
from nicegui import ui

from console import inventory, parts
from console.frame import frame
from pipeline import trace_svg
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from console.inventory import Resource
    from console.place import Place

REFRESH_S: Final = 1.0


def register(place: Place) -> None:
    """Serve the page."""

    @ui.page("/resources")
    async def page() -> None:
        lede = "What stands behind the pipeline, as the services themselves describe it."
        with frame(place, path="/resources", title="Resources", lede=lede):
            view = _Resources(place)
        await view.refresh()


class _Resources:
    """The page's parts, drawn when the testbed is found, and again when it is found anew."""

    def __init__(self, place: Place) -> None:
        self._place, self._generation = place, -1
        self._note = parts.text("loading", "p", "dim").props("role=status")
        self._list = parts.box(classes="columns")
        ui.timer(REFRESH_S, self.refresh)

    async def refresh(self) -> None:
        """Look, unless that was done since the testbed was found."""
        if not self._place.up or self._generation == self._place.generation:
            return
        self._generation = self._place.generation
        try:
            resources = await self._place.call(inventory.look)
        except (TestbedError, ClientError) as error:
            self._note.set_content(escape(str(error)))
            self._generation = -1
            return
        self._note.set_content(f"{len(resources)} things")
        self._list.clear()
        with self._list:
            for resource in resources:
                _draw(resource)


def _draw(resource: Resource) -> None:
    with parts.box("section", "card"):
        parts.text(resource.title, "h2")
        if resource.error:
            parts.text(f"{resource.error}: `make provision` brings it back", "p", "bad")
        parts.facts(resource.facts)
        if resource.definition:
            parts.html(trace_svg.svg(resource.definition))
        for title, content in resource.documents:
            parts.folded(title, content)
        parts.commands(*resource.commands)
