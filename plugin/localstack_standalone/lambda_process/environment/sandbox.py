"""What an environment runs a function in: one worker at a time, replaced when it was lost.

A worker that crashed, exited or ran out of time is replaced at the next event, with the same
folders and log, as AWS resets its sandbox.

    UNLOADED ─load→ LOADED ─lost: crash, exit, time out─→ LOST ─load→ LOADED
       └─load failed→ LOAD_FAILED ─load once more, within the event→ LOADED │ LOAD_FAILED
"""

from __future__ import annotations

import enum
import os
import signal
import time
from pathlib import Path
from typing import Final

from localstack_standalone.faults.function import FunctionFaults, InjectedEnd
from localstack_standalone.lambda_process.deployment import hot_reload
from localstack_standalone.lambda_process.environment.configuration import Configuration
from localstack_standalone.lambda_process.environment.outcome import EventOutcome
from localstack_standalone.lambda_process.environment.platform_log import PlatformLog
from localstack_standalone.lambda_process.worker.ends import (
    EndedError,
    OutOfTimeError,
    Result,
    WorkerError,
)
from localstack_standalone.lambda_process.worker.runtime_api import Event
from localstack_standalone.lambda_process.worker.usage import MB
from localstack_standalone.lambda_process.worker.worker import Worker
from localstack_standalone.lambda_process.zygote.zygotes import Zygote

# A worker that was killed from outside before it had the event is replaced so often, unseen.
MOST_KILLS: Final = 5
# Why an environment ends, as its extensions are told.
SPINDOWN: Final = "spindown"
TIMEOUT: Final = "timeout"
FAILURE: Final = "failure"


class SandboxState(enum.Enum):
    """Where a sandbox is in its life."""

    UNLOADED = "unloaded"
    LOADED = "loaded"
    LOAD_FAILED = "load failed"
    LOST = "lost"


class Sandbox:
    """See the module. One caller at a time, but for `lose`.

    Args:
        configuration: the version's.
        zygote: starts its workers.
        log: where lines go.
        faults: that its function is to have.

    Attributes:
        state: where it is in its life; set here alone.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        zygote: Zygote,
        log: PlatformLog,
        faults: FunctionFaults,
    ) -> None:
        self._configuration = configuration
        self._faults = faults
        self._zygote = zygote
        self._log = log
        self.state = SandboxState.UNLOADED
        self._worker: Worker | None = None
        self._load_failure: WorkerError | None = None
        self._files: int | None = None
        self._init_ms: float | None = None
        self._peak_bytes = 0  # of the worker that was lost last
        self._again = False  # the next load repeats one that failed before the first event

    @property
    def cpu_s(self) -> float:
        """Processor time that its worker has used, in seconds; 0 where there is none."""
        running = self._worker
        return 0.0 if running is None else running.cpu_s

    @property
    def peak_bytes(self) -> int:
        """The largest resident memory of its worker, or of the last where there is none."""
        running = self._worker
        return self._peak_bytes if running is None else running.peak_memory_bytes

    def take_init_ms(self) -> float | None:
        """How long the cold start took that no event was billed for yet."""
        init_ms, self._init_ms = self._init_ms, None
        return init_ms

    def make_ready(self, timeout_s: float) -> None:
        """Load the function within an event, if it is not, or not as it was saved last.

        Raises:
            ZygoteError: no worker could be started at all.
        """
        loaded = self.state is SandboxState.LOADED
        if loaded and (self._worker_ended() or self._files != self._fingerprint()):
            self.lose()
        if self.state is not SandboxState.LOADED:
            first = self.state is SandboxState.UNLOADED and self._configuration.debugged
            self.load(timeout_s, "init" if first else "invoke")

    def run(self, event: Event, timeout_s: float, deadline: float) -> EventOutcome:
        """Have the worker run *event* until *deadline*, by the monotonic clock.

        Raises:
            ZygoteError: no worker could be started in place of one that was killed.
        """
        try:
            result = self._handed_over(event, deadline)
        except WorkerError as failure:
            return self._lost(failure, event.request_id, timeout_s)
        return EventOutcome(result.payload, result.is_error)

    @property
    def has_extensions(self) -> bool:
        """Whether something may go on after the function's answer, as part of the event."""
        running = self._worker
        return running is not None and bool(running.extensions)

    def settle(
        self, outcome: EventOutcome, request_id: str, timeout_s: float, deadline: float
    ) -> EventOutcome:
        """Wait until the extensions are done with an event, too; how it ended then."""
        running = self._worker
        if running is None:
            return outcome
        try:
            running.settle(deadline - time.monotonic())
        except WorkerError as failure:
            return self._lost(failure, request_id, timeout_s)
        return outcome

    def load(self, timeout_s: float, phase: str) -> None:
        """Start a worker and wait until the function is loaded, or keep why it is not.

        Args:
            timeout_s: how long it may take.
            phase: ``init`` before the first event; ``invoke`` within an event, where AWS calls it
                suppressed: the event's report does not tell its duration.

        Raises:
            ZygoteError: no worker could be started at all.
        """
        again, self._again = self._again, False
        self._discard()
        if not again:
            self._log.loading()
        started = time.monotonic()
        self._files = self._fingerprint()
        self._load_failure = self._loaded_by(started + timeout_s) or self._slowed(
            started + timeout_s
        )
        took_ms = (time.monotonic() - started) * 1000
        if self._load_failure is None:
            self.state = SandboxState.LOADED
            self._init_ms = took_ms if phase == "init" else None
        else:
            self.state = SandboxState.LOAD_FAILED
            self._init_ms, self._again = None, phase == "init"
            why = EventOutcome.of_failure(self._load_failure, "", timeout_s)
            self._log.load_failed(took_ms, phase, why)

    def lose(self, reason: str = SPINDOWN) -> None:
        """Give the worker up, and tell its extensions why; the next event gets a new one.

        Args:
            reason: `SPINDOWN`, `TIMEOUT` or `FAILURE`; "" where there is no time to tell.
        """
        self._discard(reason)
        self.state = SandboxState.LOST

    def _lost(self, failure: WorkerError, request_id: str, timeout_s: float) -> EventOutcome:
        # What it still wrote comes before the lines that end the event.
        self.lose(_reason(failure))
        return EventOutcome.of_failure(failure, request_id, timeout_s)

    def _worker_ended(self) -> bool:
        """Whether the worker died while it was idle."""
        return self._worker is None or self._worker.ended

    def _fingerprint(self) -> int | None:
        """That of the function's files, where they may change."""
        spec = self._configuration.worker
        return hot_reload.fingerprint(Path(spec.code or spec.task_root)) if spec.fresh else None

    def _handed_over(self, event: Event, deadline: float) -> Result:
        """The worker's result; one that died before it had the event is replaced, unseen."""
        wanted = self._faults.end(event.request_id, event.trace_id)
        for _ in range(MOST_KILLS):
            try:
                return self._invoke(event, deadline, wanted)
            except EndedError as end:
                if not end.untouched:
                    raise
                self.lose(FAILURE)
                self.load(deadline - time.monotonic(), "invoke")
                if self._load_failure is not None:
                    raise
        return self._invoke(event, deadline, wanted)

    def _invoke(self, event: Event, deadline: float, end: InjectedEnd | None) -> Result:
        if self._load_failure is not None:
            raise self._load_failure
        running = self._worker
        if running is None:  # the environment was stopped meanwhile
            raise OutOfTimeError
        return running.invoke(event, deadline - time.monotonic(), end)

    def _loaded_by(self, deadline: float) -> WorkerError | None:
        """Why no worker has loaded the function; one that is killed meanwhile is replaced."""
        memory_bytes = self._configuration.memory_mb * MB
        for _ in range(MOST_KILLS):
            self._discard()
            self._worker = loading = Worker(
                self._zygote, self._configuration.worker, self._log.output, memory_bytes
            )
            try:
                self._ready(loading, deadline)
            except EndedError as end:
                failure = end
                within = loading.peak_memory_bytes <= memory_bytes
                if not (within and os.waitstatus_to_exitcode(end.exit.status) == -signal.SIGKILL):
                    break
            except OutOfTimeError as late:
                self._discard(TIMEOUT)
                return late
            except WorkerError as reported:
                return reported
            else:
                return None
        return failure

    def _ready(self, loading: Worker, deadline: float) -> None:
        try:
            loading.wait_ready(deadline - time.monotonic())
        finally:
            self._log.extensions(loading.extensions)

    def _slowed(self, deadline: float) -> WorkerError | None:
        """Take as much longer as a fault asks for; why it is too long, where it is."""
        slow = self._faults.slow_start()
        if slow is not None:
            slow.wait(max(0.0, deadline - time.monotonic()))
            if time.monotonic() >= deadline:
                self._discard()
                return OutOfTimeError()
        return None

    def _discard(self, reason: str = FAILURE) -> None:
        discarded, self._worker = self._worker, None
        if discarded is not None:
            if reason:
                discarded.shut_down(reason)
            discarded.kill()
            self._peak_bytes = discarded.peak_memory_bytes


def _reason(failure: WorkerError) -> str:
    return TIMEOUT if isinstance(failure, OutOfTimeError) else FAILURE
