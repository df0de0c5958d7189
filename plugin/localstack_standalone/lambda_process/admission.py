"""Who gets an execution environment next: the machine's limit is a queue, never a refusal.

AWS runs a thousand invocations at once; two cores cannot. An invocation that finds no environment
waits for one here, in order. Only the concurrency that somebody configured throttles, and LocalStack
has counted that before it comes to this.

An environment that becomes free goes to the first who waits for its version. A new one is started
for the first in the queue: at once, while there are fewer than the cores can keep busy; later only
where those that run seem to wait themselves (a function that sleeps, or that calls another one),
which nobody can know: so when the processors are idle, or nothing has ended for a while.
"""

from __future__ import annotations

import collections
import dataclasses
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

# How often the first in the queue looks whether more may start.
LOOK_S: Final = 0.05
# Where nothing has ended for so long, more are started: one, then two, then four … while the
# processors are idle, and one each second whatever they do.
IDLE_GROWTH_S: Final = 0.05
STUCK_GROWTH_S: Final = 1.0
IDLE_BELOW: Final = 0.7
# Twice the longest that a function may run. Nobody who calls synchronously waits longer.
LONGEST_WAIT_S: Final = 30 * 60.0


class WaitedTooLong(Exception):  # noqa: N818 - the caller words it
    """No environment became free in time."""


class VersionGone(Exception):  # noqa: N818 - likewise
    """The version was updated or deleted while an invocation waited for it."""


class Pool[E](Protocol):
    """The environments that there are."""

    def reserve_idle(self, version: str) -> E | None:
        """An idle environment of *version*, now busy; None where there is none."""

    def evict_idle(self) -> bool:
        """Stop the environment that is idle for the longest; False where none is."""

    def total(self) -> int:
        """How many there are, idle or busy."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Capacity:
    """What this machine can bear.

    Attributes:
        starts: how many may load at once: its cores.
        busy: how many keep its cores busy.
        environments: how many its memory has room for.
    """

    starts: int
    busy: int
    environments: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Load:
    """What happens now; all are numbers of invocations, but for the last.

    Attributes:
        running: that have an environment.
        starting: whose environment is being made.
        waiting: in the queue.
        longest_wait_s: of those that wait now, in seconds.
    """

    running: int
    starting: int
    waiting: int
    longest_wait_s: float


class _Ticket[E]:
    """One invocation in the queue."""

    def __init__(self, version: str, since: float) -> None:
        self.version = version
        self.since = since
        self.woken = threading.Event()
        self.granted = False
        self.gone = False
        self.environment: E | None = None


class Admission[E]:
    """The queue of one emulator. Thread-safe.

    Args:
        pool: the environments.
        capacity: what the machine can bear.
        busy_share: the share of processor time that was used since it was last asked, 0 to 1.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        pool: Pool[E],
        capacity: Capacity,
        *,
        busy_share: Callable[[], float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.capacity: Final = capacity
        self._pool = pool
        self._busy_share = busy_share
        self._clock = clock
        self._lock = threading.RLock()
        self._queue: collections.deque[_Ticket[E]] = collections.deque()
        self._running = 0
        self._starting = 0
        self._still_since = clock()  # the last end, or the last growth beyond what cores can bear
        self._growth = 1
        self._stuck = False
        self._looking: _Ticket[E] | None = None

    def load(self) -> Load:
        """What happens now."""
        with self._lock:
            longest = self._clock() - self._queue[0].since if self._queue else 0.0
            return Load(
                running=self._running,
                starting=self._starting,
                waiting=len(self._queue),
                longest_wait_s=longest,
            )

    def enter(self, version: str) -> E | None:
        """Wait for an environment of *version*.

        Returns:
            One that is idle and now ours, to be given back by `leave`; or None: start one, say
            `started` when that is done, and `leave` at the end.

        Raises:
            VersionGone: the version was stopped meanwhile.
            WaitedTooLong: none became free in half an hour.
        """
        ticket: _Ticket[E] = _Ticket(version, self._clock())
        with self._lock:
            self._queue.append(ticket)
            self._serve()
        while not ticket.granted:
            self._wait(ticket)
        return ticket.environment

    def started(self) -> None:
        """The environment that `enter` asked for has been started, or could not be."""
        with self._lock:
            self._starting -= 1
            self._running += 1
            self._serve()

    def leave(self) -> None:
        """An invocation has ended; its environment is idle or stopped."""
        with self._lock:
            self._running -= 1
            self._still_since, self._growth = self._clock(), 1
            self._serve()

    def stop(self, version: str) -> None:
        """Send those away who wait for *version*: it takes no more invocations."""
        with self._lock:
            for ticket in [one for one in self._queue if one.version == version]:
                self._queue.remove(ticket)
                ticket.gone = True
                ticket.woken.set()
            self._serve()

    def _wait(self, ticket: _Ticket[E]) -> None:
        """Until something changed for *ticket*; the first in the queue looks around meanwhile."""
        ticket.woken.wait(LOOK_S if ticket is self._looking else LONGEST_WAIT_S)
        with self._lock:
            if ticket.gone:
                raise VersionGone
            if ticket.granted:
                return
            ticket.woken.clear()
            if self._clock() - ticket.since >= LONGEST_WAIT_S:
                self._queue.remove(ticket)
                self._serve()
                raise WaitedTooLong
            self._serve()

    def _serve(self) -> None:
        """Give what is free to those who wait, in order."""
        self._hand_over()
        for _ in range(self._startable()):
            if not (self._queue and self._has_room()):
                break
            self._starting += 1
            self._grant(self._queue[0], None)
        first = self._queue[0] if self._queue else None
        if first is not self._looking:
            self._looking = first
            if first is not None:
                first.woken.set()

    def _hand_over(self) -> None:
        """Idle environments go to the first who waits for their version."""
        none_idle: set[str] = set()
        for ticket in list(self._queue):
            if ticket.version in none_idle:
                continue
            environment = self._pool.reserve_idle(ticket.version)
            if environment is None:
                none_idle.add(ticket.version)
            else:
                self._running += 1
                self._grant(ticket, environment)

    def _grant(self, ticket: _Ticket[E], environment: E | None) -> None:
        self._queue.remove(ticket)
        ticket.environment, ticket.granted = environment, True
        ticket.woken.set()

    def _startable(self) -> int:
        """How many environments may be started now, if so many wait."""
        capacity = self.capacity
        free = capacity.busy - self._running - self._starting
        startable = min(free, capacity.starts - self._starting)
        if startable > 0 or not self._queue:
            self._stuck = False
            return startable
        still_s = self._clock() - max(self._still_since, self._queue[0].since)
        self._stuck = still_s >= STUCK_GROWTH_S
        if self._stuck:
            growth = 1
        elif still_s >= IDLE_GROWTH_S and self._busy_share() < IDLE_BELOW:
            growth, self._growth = self._growth, self._growth * 2
        else:
            return 0
        self._still_since = self._clock()
        return growth

    def _has_room(self) -> bool:
        """Whether memory has room for one more, or an idle one can make room.

        Where nothing would ever move, one goes in all the same: the one that the others wait for.
        """
        if self._pool.total() + self._starting < self.capacity.environments:
            return True
        return self._pool.evict_idle() or self._stuck
