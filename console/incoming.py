"""Files that were chosen in the browser and are still on their way to the console.

A choice is announced over the page's websocket, which keeps its order with the clicks that follow;
the file itself comes by a request of its own, later or, now and then, sooner.
"""

from __future__ import annotations

import asyncio


class Incoming:
    """Which file is wanted, of those that are on their way: the one that was chosen last.

    Attributes:
        missing: the name of the wanted file that did not arrive; empty otherwise.
    """

    def __init__(self) -> None:
        self.missing = ""
        self._wanted: str | None = None
        self._under_way: list[str] = []
        self._early: list[str] = []
        self._settled = asyncio.Event()
        self._settled.set()

    def announce(self, name: str) -> bool:
        """A file was chosen; False if it is here already."""
        if _take(self._early, name) is not None:
            return False
        self._under_way.append(name)
        self._wanted, self.missing = name, ""
        self._settled.clear()
        return True

    def overrule(self) -> None:
        """Something else was chosen: nothing of what is on its way is wanted any more."""
        self._settle(missing="")

    def arrive(self, name: str) -> bool:
        """A file is here; False if it is not, or no longer, the one that is wanted."""
        announced = _take(self._under_way, name)
        if announced is None:
            self._early.append(name)
        elif announced != self._wanted:
            return False
        self._settle(missing="")
        return True

    def lose(self, name: str) -> bool:
        """A file will not come; False if nobody waits for it."""
        if _take(self._under_way, name) != self._wanted:
            return False
        self._settle(missing=name)
        return True

    async def settled(self) -> None:
        """Wait until the wanted file is here or lost."""
        await self._settled.wait()

    def _settle(self, *, missing: str) -> None:
        self._wanted, self.missing = None, missing
        self._settled.set()


def _take(names: list[str], name: str) -> str | None:
    """Remove *name*, or else the oldest: browsers change some letters of a name on its way."""
    if not names:
        return None
    return names.pop(names.index(name) if name in names else 0)
