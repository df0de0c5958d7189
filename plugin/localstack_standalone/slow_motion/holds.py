"""Which executions are held, where each of them stands, and who lets it go on.

Nothing is held without somebody who looks: a hold ends when it is let go, when nobody has asked for
it for a while, and after a time of its own at the latest.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from localstack_standalone import locks

MOST_WATCHED: Final = 20
LONGEST_S: Final = 600.0
UNATTENDED_S: Final = 15.0
_LOOK_EVERY_S: Final = 0.5


class HoldError(ValueError):
    """What was asked for cannot be; the text says why."""


@dataclasses.dataclass
class _Watched:
    """An execution that is to be held.

    Attributes:
        asked_at: when somebody last asked how it stands.
        number: of holds so far.
        place: where it is held; None while it runs.
        state: the state, and its type, that it is held in; empty at the API.
        step: set to let it go on.
    """

    asked_at: float
    number: int = 0
    place: str | None = None
    state: str = ""
    type: str = ""
    step: threading.Event = dataclasses.field(default_factory=threading.Event)


class SlowMotion:
    """The executions that are held; none, as a rule. Thread-safe.

    Args:
        longest_s: after which a hold ends in any case.
        unattended_s: after which it ends when nobody asks.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        *,
        longest_s: float = LONGEST_S,
        unattended_s: float = UNATTENDED_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._longest_s, self._unattended_s, self._clock = longest_s, unattended_s, clock
        self._watched: dict[str, _Watched] = {}
        self._lock = locks.fork_safe()

    @property
    def is_on(self) -> bool:
        """Whether any execution is to be held."""
        return bool(self._watched)

    def watch(self, name: str) -> None:
        """Hold the execution that will be called *name*.

        Raises:
            HoldError: too many are.
        """
        with self._lock:
            self._forget()
            if name not in self._watched and len(self._watched) >= MOST_WATCHED:
                raise HoldError(f"{MOST_WATCHED} executions are in slow motion already")
            self._watched[name] = _Watched(asked_at=self._clock())

    def is_watched(self, name: str) -> bool:
        """Whether the execution called *name* is to be held."""
        return name in self._watched

    def look(self, name: str) -> dict[str, Any]:
        """How it stands; who asks is there, so that holds go on."""
        with self._lock:
            self._forget()
            if (known := self._watched.get(name)) is None:
                return {"watched": False, "held": None}
            known.asked_at = self._clock()
            held = {
                "number": known.number,
                "place": known.place,
                "state": known.state,
                "type": known.type,
            }
            return {"watched": True, "held": held if known.place else None}

    def step(self, name: str, number: int) -> None:
        """Let it go on from the hold *number*; one that is over is none to go on from."""
        with self._lock:
            known = self._watched.get(name)
            if known is not None and known.place is not None and known.number == number:
                known.step.set()

    def release(self, name: str) -> None:
        """Hold it no more."""
        with self._lock:
            known = self._watched.pop(name, None)
        if known is not None:
            known.step.set()

    def release_all(self) -> None:
        """Hold nothing any more: the emulator stops."""
        for name in list(self._watched):
            self.release(name)

    def hold(self, name: str, place: str, state: str = "", kind: str = "") -> None:
        """Stay here with the execution called *name*, if it is watched, until it may go on."""
        with self._lock:
            known = self._watched.get(name)
            if known is None:
                return
            known.step.clear()
            known.number += 1
            known.place, known.state, known.type = place, state, kind
        until = self._clock() + self._longest_s
        while not known.step.wait(_LOOK_EVERY_S):
            now = self._clock()
            if now >= until:
                break
            if now - known.asked_at >= self._unattended_s:
                self.release(name)
                break
        with self._lock:
            known.place = None

    def _forget(self) -> None:
        """Those of whom nobody has asked: their page is gone."""
        now = self._clock()
        for name, known in list(self._watched.items()):
            if now - known.asked_at >= self._unattended_s:
                self.release(name)
