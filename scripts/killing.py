"""Kills Lambda workers of one testbed at random, as a machine that is short of memory does."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Iterator
from typing import Final

import psutil

# A worker dies every so often, in seconds.
PAUSE_S: Final = (0.05, 0.25)
TEMPLATE: Final = "guest/template.py"


class Killer:
    """Ends workers with SIGKILL until its block ends.

    Args:
        emulator: process id of the testbed's emulator; nothing but its workers is touched.
        seed: makes the pauses and choices repeatable, as far as the workers are the same.
    """

    def __init__(self, emulator: int, seed: int) -> None:
        self.kills = 0
        self._emulator = psutil.Process(emulator)
        self._random = random.Random(seed)  # noqa: S311 - a choice of victims, no secret
        self._over = threading.Event()

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Kill from another thread while the block runs."""
        thread = threading.Thread(target=self._kill, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _kill(self) -> None:
        while not self._over.wait(self._random.uniform(*PAUSE_S)):
            victims = self._workers()
            if not victims:
                continue
            with contextlib.suppress(psutil.Error):
                self._random.choice(victims).kill()
                self.kills += 1

    def _workers(self) -> list[psutil.Process]:
        """The children of the templates, which are children of the emulator."""
        with contextlib.suppress(psutil.Error):
            return [
                worker
                for child in self._emulator.children()
                if any(TEMPLATE in part for part in child.cmdline())
                for worker in child.children()
            ]
        return []
