"""Admission: which invocation has an execution environment now, and which waits for one.

A machine runs fewer environments at once than AWS, so what is more waits here, in order, and is not
throttled: throttling is for the concurrency that someone configured. The bound on what is at work
protects the cores; what sleeps or waits for others does not count, or functions that invoke each
other would wait for ever. Knows neither LocalStack nor processes: those are behind `Pool`.
"""

from __future__ import annotations

import collections
import dataclasses
import enum
import threading
import time
from collections.abc import Callable, Hashable
from typing import Final, Protocol

# How often those that run are looked at while others wait.
TICK_S: Final = 0.1
# Who used less processor time than this for so long is asleep, and its place is another's.
ASLEEP_AFTER_S: Final = 0.3
ASLEEP_CPU_S: Final = 0.02
# More ends in a second than anybody has to know of.
ENDS_KEPT: Final = 2048
# With no end and no start for so long, one more is let in whatever the bounds say.
STUCK_AFTER_S: Final = 1.0


class Pool[E](Protocol):
    """The environments that there are; called with the admission's lock held, so quick."""

    def reserve_idle(self, version: Hashable) -> E | None:
        """An idle environment of *version*, now nobody else's."""

    def reserve_oldest(self) -> E | None:
        """The idle environment of any version that was used least recently, to be stopped."""

    def idle(self) -> int:
        """How many are idle."""

    def cpu_s(self, environment: E) -> float:
        """Processor time that *environment* has used, in seconds."""


@dataclasses.dataclass(frozen=True)
class Bounds:
    """What a machine bears.

    Attributes:
        at_work: invocations that use the processor at once.
        starting: environments that start at once.
        environments: environments at once, idle ones included, by memory.
    """

    at_work: int
    starting: int
    environments: int


@dataclasses.dataclass(frozen=True)
class Counts:
    """How it stands now; *longest_wait_s* is the longest of all so far, in seconds."""

    waiting: int
    running: int
    starting: int
    idle: int
    longest_wait_s: float


class AdmissionRefusal(enum.Enum):
    """Why a wait ended without an environment."""

    TIMEOUT = "timeout"
    VERSION_STOPPED = "version stopped"
    EMULATOR_STOPS = "emulator stops"


class NotAdmittedError(Exception):
    """No environment was given; *why* tells the reason."""

    def __init__(self, why: AdmissionRefusal, waited_s: float) -> None:
        super().__init__(f"no execution environment after {waited_s:.1f} s: {why.value}")
        self.why = why


@dataclasses.dataclass(eq=False)
class Ticket[E]:
    """One invocation's place, from asking to leaving.

    Attributes:
        version: whose environment it needs.
        asked_at: when, by the admission's clock.
        environment: the one it has; None while it waits, and after it may start one.
        evicted: another that is to be stopped first, to make room.
    """

    version: Hashable
    asked_at: float
    environment: E | None = None
    evicted: E | None = None
    refusal: AdmissionRefusal | None = None
    starting: bool = False
    quiet_since: float = 0.0
    cpu_s: float | None = None
    decided: threading.Event = dataclasses.field(default_factory=threading.Event)


class Admission[E]:
    """Gives environments to invocations, first come, first served. Thread-safe.

    Args:
        bounds: what the machine bears.
        pool: the environments.
        clock: monotonic, in seconds.
        keep_time: calls the function it is given every `TICK_S` until that returns False.
    """

    def __init__(
        self,
        bounds: Bounds,
        pool: Pool[E],
        *,
        clock: Callable[[], float] = time.monotonic,
        keep_time: Callable[[Callable[[], bool]], None] | None = None,
    ) -> None:
        self.bounds = bounds
        self._pool = pool
        self._clock = clock
        self._keep_time = keep_time or in_a_thread
        self.renew()

    def renew(self) -> None:
        """Nobody waits and nobody runs; also after a fork, where their threads are gone."""
        self._lock = threading.Lock()
        self._ticking = False
        self._stopped = False
        self._waiting: dict[Ticket[E], None] = {}
        self._admitted: dict[Ticket[E], None] = {}
        self._asleep: set[Ticket[E]] = set()
        self._ends: collections.deque[float] = collections.deque(maxlen=ENDS_KEPT)
        self._moved_at = self._clock()
        self._longest_wait_s = 0.0

    def enter(self, version: Hashable, timeout_s: float) -> Ticket[E]:
        """Wait for a place: `Ticket.environment` is an idle one, or None to start a new one.

        Raises:
            NotAdmittedError: *timeout_s* passed, the version was stopped, or everything stops.
        """
        ticket = self.ask(version)
        if not ticket.decided.wait(timeout_s):
            self._refuse(AdmissionRefusal.TIMEOUT, lambda waiting: waiting is ticket)
        if ticket.refusal is not None:
            raise NotAdmittedError(ticket.refusal, self._clock() - ticket.asked_at)
        return ticket

    def ask(self, version: Hashable) -> Ticket[E]:
        """A place in the queue; it may be decided at once."""
        with self._lock:
            ticket = Ticket[E](version, self._clock())
            if self._stopped:
                self._decide(ticket, AdmissionRefusal.EMULATOR_STOPS)
                return ticket
            if not self._waiting:
                self._moved_at = max(self._moved_at, ticket.asked_at)
            self._waiting[ticket] = None
            self._dispatch(self._free())
            tick = bool(self._waiting) and not self._ticking
            self._ticking = self._ticking or tick
        if tick:
            self._keep_time(self.tick)
        return ticket

    def started(self, ticket: Ticket[E], environment: E) -> None:
        """The environment that *ticket* was to start is there."""
        with self._lock:
            ticket.environment, ticket.starting = environment, False
            ticket.quiet_since = self._clock()
            self._moved_at = self._clock()
            self._dispatch(self._free())

    def leave(self, ticket: Ticket[E]) -> None:
        """The invocation has ended, and its environment is idle or stopped."""
        with self._lock:
            self._admitted.pop(ticket, None)
            self._asleep.discard(ticket)
            self._moved_at = self._clock()
            self._ends.append(self._moved_at)
            self._dispatch(self._free())

    @property
    def stopped(self) -> bool:
        """Whether nobody is let in any longer."""
        return self._stopped

    def cancel(self, version: Hashable) -> None:
        """Nobody waits for *version* any longer."""
        self._refuse(AdmissionRefusal.VERSION_STOPPED, lambda waiting: waiting.version == version)

    def stop(self) -> None:
        """Nobody waits any longer, nor from now on."""
        self._stopped = True
        self._refuse(AdmissionRefusal.EMULATOR_STOPS, lambda _: True)

    def counts(self) -> Counts:
        """How it stands."""
        with self._lock:
            starting = self._starting()
            return Counts(
                waiting=len(self._waiting),
                running=len(self._admitted) - starting,
                starting=starting,
                idle=self._pool.idle(),
                longest_wait_s=round(self._longest_wait_s, 3),
            )

    def tick(self) -> bool:
        """Look at those that run and let others in; False when nobody waits any longer."""
        with self._lock:
            if not self._waiting:
                self._ticking = False
                return False
            now = self._clock()
            self._asleep = self._sleepers(now)
            free = self._free()
            if self._admitted and len(self._asleep) == len(self._admitted):
                free = max(free, len(self._asleep))  # twice as many each time: they only wait
            self._dispatch(free)
            if self._waiting and now - self._moved_at >= STUCK_AFTER_S:
                self._admit(next(iter(self._waiting)), evict=self._is_full())
            return True

    def _free(self) -> int:
        return self.bounds.at_work - (len(self._admitted) - len(self._asleep))

    def _sleepers(self, now: float) -> set[Ticket[E]]:
        """Who runs and uses no processor; nobody while invocations end briskly."""
        while self._ends and self._ends[0] < now - STUCK_AFTER_S:
            self._ends.popleft()
        quiet = {ticket for ticket in self._admitted if self._is_quiet(ticket, now)}
        return quiet if 2 * len(self._ends) < len(self._admitted) else set()

    def _is_quiet(self, ticket: Ticket[E], now: float) -> bool:
        if ticket.environment is None:
            return False
        used_s = self._pool.cpu_s(ticket.environment)  # a millisecond: only where somebody waits
        if ticket.cpu_s is None:  # the first look at it
            ticket.cpu_s = used_s
            return False
        if not 0 <= used_s - ticket.cpu_s <= ASLEEP_CPU_S:
            ticket.cpu_s, ticket.quiet_since = used_s, now
        return now - ticket.quiet_since >= ASLEEP_AFTER_S

    def _dispatch(self, free: int) -> None:
        """Let in as many as are *free*, in order; whose version has nothing now is passed over."""
        nothing_for: set[Hashable] = set()
        for ticket in list(self._waiting):
            if free <= 0:
                return
            if ticket.version in nothing_for:
                continue
            if self._try(ticket):
                free -= 1
            else:
                nothing_for.add(ticket.version)

    def _try(self, ticket: Ticket[E]) -> bool:
        ticket.environment = self._pool.reserve_idle(ticket.version)
        if ticket.environment is not None:
            self._admit(ticket)
            return True
        if self._starting() >= self.bounds.starting:
            return False
        full = self._is_full()
        if full and self._pool.idle() == 0:
            return False
        self._admit(ticket, evict=full)
        return True

    def _admit(self, ticket: Ticket[E], *, evict: bool = False) -> None:
        now = self._clock()
        self._longest_wait_s = max(self._longest_wait_s, now - ticket.asked_at)
        if evict:
            ticket.evicted = self._pool.reserve_oldest()
        ticket.starting, ticket.quiet_since = ticket.environment is None, now
        self._moved_at = now
        self._admitted[ticket] = None
        del self._waiting[ticket]
        ticket.decided.set()

    def _is_full(self) -> bool:
        return len(self._admitted) + self._pool.idle() >= self.bounds.environments

    def _starting(self) -> int:
        return sum(ticket.starting for ticket in self._admitted)

    def _refuse(self, why: AdmissionRefusal, whom: Callable[[Ticket[E]], bool]) -> None:
        with self._lock:
            for ticket in [waiting for waiting in self._waiting if whom(waiting)]:
                del self._waiting[ticket]
                self._decide(ticket, why)

    def _decide(self, ticket: Ticket[E], why: AdmissionRefusal) -> None:
        ticket.refusal = why
        ticket.decided.set()


def in_a_thread(tick: Callable[[], bool]) -> None:
    """Call *tick* every `TICK_S` until it returns False, in a thread."""

    def loop() -> None:
        time.sleep(TICK_S)
        while tick():
            time.sleep(TICK_S)

    threading.Thread(target=loop, daemon=True, name="lambda-admission").start()
