"""One execution environment: it takes one event after another, and ends when it is stopped.

IDLE ─start→ STARTING ─loaded or not→ IDLE ─event→ BUSY ─answer→ IDLE
BUSY ─stop→ STOPPING ─answer→ STOPPED
IDLE, STARTING, or BUSY when the emulator ends, ─stop→ STOPPED
"""

from __future__ import annotations

import contextlib
import enum
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from localstack_standalone.lambda_process.environment.configuration import Configuration
from localstack_standalone.lambda_process.environment.outcome import EventOutcome
from localstack_standalone.lambda_process.environment.platform_log import PlatformLog, Report
from localstack_standalone.lambda_process.environment.sandbox import SPINDOWN, Sandbox
from localstack_standalone.lambda_process.worker.runtime_api import Event
from localstack_standalone.lambda_process.worker.usage import MB

# AWS gives a function ten seconds to load before its first event counts.
INIT_TIMEOUT_S: Final = 10.0


class EnvironmentState(enum.Enum):
    """Where an environment is in its life."""

    IDLE = "idle"
    STARTING = "starting"
    BUSY = "busy"
    STOPPING = "stopping"
    STOPPED = "stopped"


class StoppedError(RuntimeError):
    """The environment takes no more events."""


class Environment:
    """See the module. One event at a time; `stop` may come from another thread.

    Args:
        configuration: the version's.
        sandbox: runs the function.
        log: where the platform's lines go.
        on_end: called once, when nothing of it runs any more.

    Attributes:
        state: where it is in its life; set here alone.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        sandbox: Sandbox,
        log: PlatformLog,
        on_end: Callable[[], None],
    ) -> None:
        self._configuration = configuration
        self._sandbox = sandbox
        self._log = log
        self._on_end = on_end
        self._lock = threading.Lock()
        self._settled = threading.Event()  # no event goes on whose answer was given
        self._settled.set()
        self.state = EnvironmentState.IDLE

    @property
    def cpu_s(self) -> float:
        """Processor time that its worker has used, in seconds; 0 where there is none."""
        return self._sandbox.cpu_s

    def start(self) -> None:
        """Load the function; one that cannot be loaded is the first event's error, as on AWS.

        Raises:
            StoppedError: the environment was stopped.
            ZygoteError: no worker could be started at all.
        """
        if not self._configuration.debugged:  # a debugger may keep a function from loading
            with self._occupied(EnvironmentState.STARTING):
                self._sandbox.load(INIT_TIMEOUT_S, "init")

    def invoke(self, event: Event) -> EventOutcome:
        """Run one event.

        Raises:
            StoppedError: the environment was stopped.
            ZygoteError: no worker could be started at all.
        """
        with contextlib.ExitStack() as occupied:
            occupied.enter_context(self._occupied(EnvironmentState.BUSY))
            timeout_s = self._configuration.timeout_s
            self._log.output.begin()
            started = time.monotonic()
            self._sandbox.make_ready(timeout_s)
            self._log.start(event.request_id)
            outcome = self._sandbox.run(event, timeout_s, started + timeout_s)
            if not self._sandbox.has_extensions:
                self._report(event, outcome, started)
                return outcome
            # The caller has the answer, and the extensions go on with the event.
            self._settled.clear()
            rest = occupied.pop_all()
        settling = threading.Thread(
            target=self._settle, args=(rest, event, outcome, started), name="lambda-extensions"
        )
        settling.daemon = True
        settling.start()
        return outcome

    def stop(self, *, now: bool) -> None:
        """End: at once where it is idle, or *now*; after the running event else."""
        with self._lock:
            was = self.state
            if was in {EnvironmentState.STOPPING, EnvironmentState.STOPPED}:
                return
            # Nobody waits for a debugger that was called off.
            wait = was is EnvironmentState.BUSY and not (now or self._configuration.debugged)
            self.state = EnvironmentState.STOPPING if wait else EnvironmentState.STOPPED
        if not wait:
            self._end("" if now else SPINDOWN)

    def _settle(
        self, rest: contextlib.ExitStack, event: Event, outcome: EventOutcome, started: float
    ) -> None:
        """See the end of an event whose answer was given, and wait for the next."""
        timeout_s = self._configuration.timeout_s
        try:
            with rest:
                ended = self._sandbox.settle(
                    outcome, event.request_id, timeout_s, started + timeout_s
                )
                self._report(event, ended, started)
        finally:
            self._settled.set()

    def _report(self, event: Event, outcome: EventOutcome, started: float) -> None:
        timeout_s = self._configuration.timeout_s
        report = Report(
            request_id=event.request_id,
            outcome=outcome,
            duration_ms=min(time.monotonic() - started, timeout_s) * 1000,
            max_memory_mb=self._sandbox.peak_bytes // MB,
            init_ms=self._sandbox.take_init_ms(),
        )
        self._log.end(report)

    @contextlib.contextmanager
    def _occupied(self, state: EnvironmentState) -> Iterator[None]:
        """Be in *state* meanwhile; then wait for an event, or end if that was asked for."""
        self._settled.wait()  # as long as the event before this one may take
        with self._lock:
            if self.state in {EnvironmentState.STOPPING, EnvironmentState.STOPPED}:
                raise StoppedError("the environment was stopped")
            self.state = state
        try:
            yield
        finally:
            with self._lock:
                was = self.state
                self.state = EnvironmentState.IDLE if was is state else EnvironmentState.STOPPED
            if was is EnvironmentState.STOPPING:
                self._end()
            elif was is EnvironmentState.STOPPED:
                self._sandbox.lose()  # what was loaded while it was being stopped

    def _end(self, reason: str = SPINDOWN) -> None:
        self._sandbox.lose(reason)
        self._on_end()
