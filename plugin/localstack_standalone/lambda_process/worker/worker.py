"""One worker process as its environment sees it: start, init, invocations, end.

STARTING ─next→ IDLE ─event→ BUSY ─response→ IDLE …; from everywhere ─kill, exit→ ENDED, for good.
From when the runtime asks for the next event until it is there, the process is stopped.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import io
import logging
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import Final

from localstack_standalone.faults.function import InjectedEnd
from localstack_standalone.faults.kind import FaultKind
from localstack_standalone.lambda_process.worker import connection_owner, usage
from localstack_standalone.lambda_process.worker.freezer import Freezer
from localstack_standalone.lambda_process.worker.logs import LogStream
from localstack_standalone.lambda_process.worker.runtime_api import (
    RESPONSE_TOO_LARGE,
    Event,
    NextInvocation,
    RuntimeApi,
)
from localstack_standalone.lambda_process.zygote.process import Exit, RunningWorker, WorkerSpec
from localstack_standalone.lambda_process.zygote.zygotes import Zygote

LOG = logging.getLogger(__name__)

# How often a running invocation's memory is looked at.
MEMORY_CHECK_S: Final = 0.05
READ_BYTES: Final = 65_536
KILLED_WITHIN_S: Final = 5.0


class WorkerState(enum.Enum):
    """Where a worker is in its life."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    ENDED = "ended"


class WorkerError(Exception):
    """The worker gave no answer that counts, and runs no further event."""


class EndedError(WorkerError):
    """The worker process ended.

    Attributes:
        exit: how.
        untouched: whether the function had not been given the event yet.
        out_of_memory: whether it was killed for its memory limit.
    """

    def __init__(
        self, exit_: Exit, *, untouched: bool = False, out_of_memory: bool = False
    ) -> None:
        super().__init__(f"worker ended with wait status {exit_.status}")
        self.exit = exit_
        self.untouched = untouched
        self.out_of_memory = out_of_memory


class ReportedError(WorkerError):
    """The runtime could not load the function, or go on; *payload* is the error as it stands."""

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload.decode(errors="replace"))
        self.payload = payload


class OutOfTimeError(WorkerError):
    """The deadline passed first."""


@dataclasses.dataclass(frozen=True)
class Result:
    """What the function returned, or the error that it raised, as JSON.

    Attributes:
        payload: what the runtime sent.
        is_error: whether that is an error.
        lost: whether the runtime cannot go on after it.
    """

    payload: bytes
    is_error: bool
    lost: bool = False


class Worker:
    """A worker process, its Runtime API and its output.

    One thread at a time calls `wait_ready` or `invoke`; the Runtime API's threads and the
    zygote's call the listener methods.

    Args:
        zygote: starts the process.
        spec: what the process is to be, but for the Runtime API's address.
        log: where its output goes.
        memory_bytes: limit of the resident memory of its process group.

    Attributes:
        state: where it is in its life; set here alone.
    """

    def __init__(self, zygote: Zygote, spec: WorkerSpec, log: LogStream, memory_bytes: int) -> None:
        self._log = log
        self._memory = usage.MemoryWatch(memory_bytes)
        self._changed = threading.Condition()
        self._pumping = threading.RLock()
        self.state = WorkerState.STARTING
        self._invocation: NextInvocation | None = None
        self._handed_over = False
        self._result: Result | None = None
        self._end: InjectedEnd | None = None
        self._init_error: bytes | None = None
        self._exit: Exit | None = None
        self._running: RunningWorker | None = None
        self._freezer: Freezer | None = None
        self._asked = False
        # Objects that know when they are closed: a number may be another file's by then.
        self._woken, self._waker = socket.socketpair()
        self._waker.settimeout(0)
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        self._output = io.FileIO(reader)
        self._selector = selectors.PollSelector()
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._selector.register(self._output, selectors.EVENT_READ)
        self._api = RuntimeApi(self)
        environment = spec.environment | {"AWS_LAMBDA_RUNTIME_API": self._api.address}
        try:
            running = zygote.start_worker(
                dataclasses.replace(spec, environment=environment), writer, self._ended
            )
        except BaseException:
            self._release()
            raise
        finally:
            os.close(writer)
        with self._changed:
            self._running = running
            if not spec.preload:  # a debugger speaks with its editor at any time
                self._freezer = Freezer(running)
            self._freeze()
            self._changed.notify_all()

    @property
    def _pid(self) -> int | None:
        return self._running.pid if self._running else None

    @property
    def ended(self) -> bool:
        """Whether the process is gone, also where the zygote has not said so yet."""
        return self._exit is not None or not usage.is_alive(self._pid)

    @property
    def peak_memory_bytes(self) -> int:
        """The largest resident memory of the process group that was seen."""
        kernel = self._exit.max_rss_bytes if self._exit else 0
        return max(kernel, self._memory.peak_bytes)

    @property
    def cpu_s(self) -> float:
        """Processor time that the process and its children have used, in seconds."""
        return usage.cpu_s(self._pid)

    def wait_ready(self, timeout_s: float) -> None:
        """Wait until the function is loaded.

        Raises:
            ReportedError: the runtime reported why it could not load it.
            EndedError: the process ended first.
            OutOfTimeError: *timeout_s* passed first.
        """
        deadline = time.monotonic() + timeout_s
        self._pump(lambda: self._init_error is not None or self._is_loaded() or None, deadline)
        if self._init_error is not None:
            raise ReportedError(self._init_error)

    def invoke(self, event: Event, timeout_s: float, end: InjectedEnd | None = None) -> Result:
        """Hand *event* over and wait for its result, or for the *end* that it is to have instead.

        Raises:
            ReportedError: the answer was too large: AWS's runtime client ends when it is told so.
            EndedError: the process ended first.
            OutOfTimeError: *timeout_s* passed first.
        """
        invocation = NextInvocation(event, int((time.time() + timeout_s) * 1000))
        with self._changed:
            self._invocation, self._handed_over, self._result = invocation, False, None
            self._end = end
            self._thaw()
            if end is None or end.after:
                self._changed.notify_all()
            else:
                self._handed_over = True  # as far as its caller can tell
                self._come_to(end)
        try:
            result = self._pump(lambda: self._result, time.monotonic() + timeout_s)
        except OutOfTimeError:
            self._close()  # an answer that comes from now on is none
            raise
        self._look_at_memory()
        if result.lost:
            raise ReportedError(result.payload)
        return result

    def kill(self) -> None:
        """Kill the process group, wait until it is gone, and free everything."""
        self._close()
        if self._running is not None and self._exit is None:
            self._running.kill()
            with self._changed:
                gone = self._changed.wait_for(lambda: self._exit is not None, KILLED_WITHIN_S)
            if not gone:
                LOG.warning(
                    "Lambda worker %d was killed and has not ended in %g s: the system still "
                    "holds it (a disk or network that does not answer?); it ends when that does",
                    self._running.pid,
                    KILLED_WITHIN_S,
                )
        # Whoever waits for it meanwhile sees its end, and leaves the output to be closed.
        left = self._pumping.acquire(timeout=KILLED_WITHIN_S)
        try:
            self._drain()
            self._release()
        finally:
            if left:
                self._pumping.release()

    # What the Runtime API and the zygote tell us, from their threads.

    def next_invocation(self) -> NextInvocation | None:
        """Block until there is an event; None when the process has ended."""
        with self._changed:
            if self.state is WorkerState.STARTING:
                self.state = WorkerState.IDLE
                self._wake()
            self._asked = True
            if not self._event_or_end():
                self._freeze()
                self._changed.wait_for(self._event_or_end)
            self._asked = False
            if self.state is WorkerState.ENDED or self._invocation is None:
                return None
            self.state, self._handed_over = WorkerState.BUSY, True
            return self._invocation

    def responded(self, request_id: str, payload: bytes) -> bool:
        """The function returned."""
        return self._finish(request_id, Result(payload, is_error=False))

    def errored(self, request_id: str, payload: bytes, error_type: str) -> bool:
        """The function raised."""
        lost = error_type == RESPONSE_TOO_LARGE
        return self._finish(request_id, Result(payload, is_error=True, lost=lost))

    def init_failed(self, payload: bytes, _error_type: str) -> bool:
        """The runtime could not load the function."""
        with self._changed:
            if self.state is not WorkerState.STARTING or self._init_error is not None:
                return False
            self._init_error = payload
            self._wake()
            return True

    def is_own(self, peer: tuple[str, int]) -> bool:
        """Whether a connection comes from this worker."""
        with self._changed:
            self._changed.wait_for(lambda: self._pid is not None, timeout=5)
        return self._pid is not None and connection_owner.is_process(peer, self._pid)

    def _event_or_end(self) -> bool:
        waiting = self._invocation is not None and not self._handed_over
        return waiting or self.state is WorkerState.ENDED

    def _freeze(self) -> None:
        if self._asked and self._freezer is not None:
            self._freezer.freeze()

    def _thaw(self) -> None:
        if self._freezer is not None:
            self._freezer.thaw()

    def _is_loaded(self) -> bool:
        return self.state in (WorkerState.IDLE, WorkerState.BUSY)

    def _finish(self, request_id: str, result: Result) -> bool:
        with self._changed:
            current = self._invocation
            if self.state is not WorkerState.BUSY or current is None:
                return False
            if current.event.request_id != request_id:
                return False
            self.state, self._invocation = WorkerState.IDLE, None
            if self._end is not None:
                self._come_to(self._end)
                return True
            self._result = result
            self._wake()
            return True

    def _come_to(self, end: InjectedEnd) -> None:
        """Have the process end as the real fault would; who waits for a result sees that."""
        if end.kind is FaultKind.OUT_OF_MEMORY:
            self._memory.overrun()
        if end.kind is not FaultKind.TIMEOUT and self._running is not None:
            self._running.kill()

    def _ended(self, exit_: Exit) -> None:
        with self._changed:
            self._exit, self.state = exit_, WorkerState.ENDED
            self._changed.notify_all()
            self._wake()

    def _close(self) -> None:
        """Take no more from the process, whatever it still says."""
        with self._changed:
            self.state = WorkerState.ENDED
            self._changed.notify_all()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # closed already, or woken often enough
            self._waker.send(b"!")

    # The waiting side.

    def _pump[T](self, done: Callable[[], T | None], deadline: float) -> T:
        """Pass output on to the log until *done*; whatever was written before that is in it."""
        with self._pumping:
            return self._pumped(done, deadline)

    def _pumped[T](self, done: Callable[[], T | None], deadline: float) -> T:
        look_at = time.monotonic() + MEMORY_CHECK_S
        while True:
            if (value := done()) is not None:
                self._drain()
                return value
            if self._exit is not None:
                self._drain()
                raise EndedError(
                    self._exit,
                    untouched=not self._handed_over,
                    out_of_memory=self._memory.is_used_up,
                )
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise OutOfTimeError
            ready = {
                key.fileobj for key, _ in self._selector.select(min(remaining, MEMORY_CHECK_S))
            }
            if self._woken in ready:
                self._woken.recv(READ_BYTES)
            if self._output in ready and not self._read():
                self._selector.unregister(self._output)  # every writer has closed it
            if time.monotonic() >= look_at:  # also while output flows
                look_at = time.monotonic() + MEMORY_CHECK_S
                if self._running and not self._look_at_memory():
                    self._running.kill()

    def _look_at_memory(self) -> bool:
        """Whether all that it runs is within its limit."""
        sandboxed = self._running is not None and self._running.sandboxed
        return self._memory.look(self._pid, sandboxed=sandboxed)

    def _read(self) -> bool:
        """Pass on what there is; False at the end of the output, and where there is nothing."""
        output = self._output.read(READ_BYTES)
        if output:
            self._log.write(output)
        return bool(output)

    def _drain(self) -> None:
        while not self._output.closed and self._read():
            pass

    def _release(self) -> None:
        self._api.close()
        self._selector.close()
        for end in (self._output, self._woken, self._waker):
            end.close()
