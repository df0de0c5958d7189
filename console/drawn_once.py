"""What is drawn once, as soon as the testbed can tell it: asked for until there is an answer.

A page that is opened while the testbed is lost, or before its executions are known, fills itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from nicegui import ui

from console import elements
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from console.watch import Deployment, WatchedTestbed

LOOK_S: Final = 1


class DrawnOnce[T]:
    """A note on how it stands, and below it a place that is filled once.

    Attributes:
        note: says that it is loading, why there is nothing, or what the page says then.
    """

    def __init__(
        self,
        watch: WatchedTestbed,
        ask: Callable[[Deployment], T],
        draw: Callable[[T], Awaitable[None]],
        *,
        classes: str = "",
    ) -> None:
        self._watch, self._ask, self._draw = watch, ask, draw
        self._drawn = False
        self.note = elements.text("loading", "p", "dim").props("role=status")
        self._around = elements.box(classes=classes)
        self._timer = ui.timer(LOOK_S, self.look)

    async def look(self) -> None:
        """Ask, and fill the place, unless that is done; a refusal is told, and asked again."""
        if self._drawn or not self._watch.up:
            return
        self._drawn = True
        try:
            found = await self._watch.call(self._ask)
        except TestbedError as error:
            self.note.set_text(str(error))
            self._drawn = False
            return
        self._timer.deactivate()
        with self._around:
            await self._draw(found)
