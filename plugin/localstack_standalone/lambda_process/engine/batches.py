"""Sends small things together: one thread, at a moment's distance, rather than a call for each."""

from __future__ import annotations

import collections
import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import Final

LOG = logging.getLogger(__name__)

# As many as PutMetricData takes, and a little less than PutLogEvents takes.
BATCH_ITEMS: Final = 1_000
BATCH_BYTES: Final = 900_000
PENDING_BYTES: Final = 8_000_000
DROP_S: Final = 5.0


class Batches[Destination: Hashable, Item]:
    """Items that wait to be sent, and the thread that sends them. Thread-safe.

    Args:
        send: sends items to one destination; they are lost, and the log says so, where it raises.
        name: the thread's.
        pause_s: how long the first item of a batch waits for more.
    """

    def __init__(
        self, send: Callable[[Destination, list[Item]], None], *, name: str, pause_s: float
    ) -> None:
        self._send, self._name, self._pause_s = send, name, pause_s
        self.renew()

    def renew(self) -> None:
        """Nothing waits; after a fork the thread is gone, and what waited is the parent's."""
        self._waiting: collections.deque[tuple[Destination, Item, int]] = collections.deque()
        self._bytes = 0
        self._is_sending = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def put(self, destination: Destination, item: Item, size_bytes: int = 0) -> None:
        """Add one item.

        Blocks while very much waits: a function that floods its log waits for its delivery, as its
        pipe is full then, rather than filling our memory.
        """
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name=self._name)
                self._thread.start()
            self._changed.wait_for(lambda: self._bytes < PENDING_BYTES)
            self._waiting.append((destination, item, size_bytes))
            self._bytes += size_bytes
            if len(self._waiting) == 1:
                self._changed.notify_all()

    def drop(self) -> None:
        """Forget what waits, and return when nothing is on its way, or after DROP_S."""
        with self._changed:
            self._waiting.clear()
            self._bytes = 0
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._is_sending, DROP_S)

    def _run(self) -> None:
        while True:
            by_destination: dict[Destination, list[Item]] = collections.defaultdict(list)
            for destination, item, _ in self._batch():
                by_destination[destination].append(item)
            for destination, items in by_destination.items():
                try:
                    self._send(destination, items)
                except Exception:  # the thread must go on with the others
                    LOG.exception("%s lost %d items for %s", self._name, len(items), destination)
            with self._changed:
                self._is_sending = False
                self._changed.notify_all()

    def _batch(self) -> list[tuple[Destination, Item, int]]:
        """What goes together: all of a moment, or a flood's next piece at once."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting)
            full = len(self._waiting) >= BATCH_ITEMS or self._bytes >= BATCH_BYTES
        if not full:
            time.sleep(self._pause_s)
        batch: list[tuple[Destination, Item, int]] = []
        size = 0
        with self._changed:
            while self._waiting and len(batch) < BATCH_ITEMS and size < BATCH_BYTES:
                batch.append(self._waiting.popleft())
                size += batch[-1][2]
            self._bytes -= size
            self._is_sending = bool(batch)
            self._changed.notify_all()
        return batch
