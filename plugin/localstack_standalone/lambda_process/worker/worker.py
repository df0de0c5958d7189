"""One worker process as its environment sees it: start, init, invocations, end.

From when the runtime asks for the next event until it is there, the process is stopped.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Final

from localstack_standalone.faults.function import InjectedEnd
from localstack_standalone.faults.kind import FaultKind
from localstack_standalone.lambda_process.worker import connection_owner, usage
from localstack_standalone.lambda_process.worker.companion import Companion
from localstack_standalone.lambda_process.worker.ends import (
    EndedError,
    OutOfTimeError,
    ReportedError,
    Result,
)
from localstack_standalone.lambda_process.worker.extensions import Extension, Extensions
from localstack_standalone.lambda_process.worker.extensions_api import (
    ExtensionsApi,
    FunctionIdentity,
)
from localstack_standalone.lambda_process.worker.freezer import Freezer
from localstack_standalone.lambda_process.worker.logs import LogStream
from localstack_standalone.lambda_process.worker.pump import Pump
from localstack_standalone.lambda_process.worker.runtime_api import (
    RESPONSE_TOO_LARGE,
    Event,
    NextInvocation,
    RuntimeApi,
)
from localstack_standalone.lambda_process.worker.worker_state import WorkerState
from localstack_standalone.lambda_process.zygote.process import Exit, RunningWorker, WorkerSpec
from localstack_standalone.lambda_process.zygote.zygotes import Zygote

LOG = logging.getLogger(__name__)

KILLED_WITHIN_S: Final = 5.0
# The runtime is stopped at once; to look for what is beside it takes time from the answer's way.
ALL_FROZEN_AFTER_S: Final = 0.005
# A runtime's end closes its connection; then its init ends, and the zygote says so.
END_TOLD_WITHIN_S: Final = 1.0
# Of the time that a shutdown may take, what the runtime has.
RUNTIMES_SHARE: Final = 0.3


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
        self._runtime_exit: Exit | None = None  # where its process is not the topmost
        self._running: RunningWorker | None = None
        self._freezer: Freezer | None = None
        self._asked = False
        self._pump = Pump(log, self._look)
        self._extensions = Extensions(spec.extensions, self._changed, self._extension_changed)
        self._companion: Companion | None = None
        if spec.extensions:
            self._companion = Companion(self._extensions, self._runtime_ended)
            self._pump.watch(self._companion.socket, self._companion.read)
        function = FunctionIdentity.of(spec.environment, spec.account)
        self._api = RuntimeApi(self, ExtensionsApi(self._extensions, function))
        environment = spec.environment | {"AWS_LAMBDA_RUNTIME_API": self._api.address}
        control = self._companion.theirs.fileno() if self._companion else None
        try:
            told = dataclasses.replace(spec, environment=environment)
            running = zygote.start_worker(told, self._pump.writer, self._ended, control)
        except BaseException:
            self._release()
            raise
        finally:
            os.close(self._pump.writer)
            if self._companion is not None:
                self._companion.theirs.close()
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
        _ = self._companion and self._companion.read()
        failed = self._runtime_gone() or self._extensions.fault is not None
        return failed or not usage.is_alive(self._pid)

    @property
    def extensions(self) -> list[Extension]:
        """The extensions beside the function, as they stand."""
        return self._extensions.all

    @property
    def peak_memory_bytes(self) -> int:
        """The largest resident memory of the process group that was seen."""
        return max(self._exit.max_rss_bytes if self._exit else 0, self._memory.peak_bytes)

    @property
    def cpu_s(self) -> float:
        """Processor time that the process and its children have used, in seconds."""
        return usage.cpu_s(self._pid)

    def wait_ready(self, timeout_s: float) -> None:
        """Wait until the function is loaded.

        Raises:
            ReportedError: the runtime reported why it could not load it.
            EndedError: the process ended first.
            ExtensionError: an extension failed.
            OutOfTimeError: *timeout_s* passed first.
        """
        deadline = time.monotonic() + timeout_s
        if self._companion is not None:
            self._wait(lambda: self._extensions.registered or None, deadline)
            self._companion.start_runtime()
        self._wait(lambda: self._init_error is not None or self._is_loaded() or None, deadline)
        if self._init_error is not None:
            raise ReportedError(self._init_error)

    def invoke(self, event: Event, timeout_s: float, end: InjectedEnd | None = None) -> Result:
        """Hand *event* over and wait for its result, or for the *end* that it is to have instead.

        Raises:
            ReportedError: the answer was too large: AWS's runtime client ends when it is told so.
            EndedError: the process ended first.
            ExtensionError: an extension failed.
            OutOfTimeError: *timeout_s* passed first.
        """
        invocation = NextInvocation(event, int((time.time() + timeout_s) * 1000))
        with self._changed:
            self._invocation, self._handed_over, self._result = invocation, False, None
            self._end = end
            self._thaw()
            if end is None or end.after:
                self._extensions.invoke(invocation.for_extensions())
                self._changed.notify_all()
            else:
                self._handed_over = True  # as far as its caller can tell
                self._come_to(end)
        try:
            result = self._wait(lambda: self._result, time.monotonic() + timeout_s)
        except OutOfTimeError:
            self._close()  # an answer that comes from now on is none
            raise
        self._look()
        if result.lost:
            raise ReportedError(result.payload)
        return result

    def settle(self, timeout_s: float) -> None:
        """Wait until the runtime and every extension have asked for the next event.

        Raises:
            EndedError: the process ended first.
            ExtensionError: an extension failed.
            OutOfTimeError: *timeout_s* passed first.
        """
        self._wait(
            lambda: (self._asked and self._extensions.ready) or None, time.monotonic() + timeout_s
        )

    def shut_down(self, reason: str) -> None:
        """Have the runtime and the extensions end by themselves, as long as AWS lets them.

        Args:
            reason: ``spindown``, ``timeout`` or ``failure``.
        """
        window_s = self._extensions.shutdown_s
        if not window_s or self._running is None or not self._pumping.acquire(blocking=False):
            return
        try:
            deadline = time.monotonic() + window_s
            with self._changed:
                self._thaw()
                self._freezer = None
            if not self._runtime_gone():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._running.pid, signal.SIGTERM)
                self._wait_until(self._runtime_gone, time.monotonic() + window_s * RUNTIMES_SHARE)
            self._extensions.shut_down(reason, int((time.time() + window_s) * 1000))
            self._wait_until(self._shut_down, deadline)
        finally:
            self._pumping.release()

    def kill(self) -> None:
        """Kill the process group, wait until it is gone, and free everything."""
        self._close()
        if self._running is not None and self._exit is None:
            Freezer(self._running).end_outside()
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
            self._pump.drain()
            self._release()
        finally:
            if left:
                self._pumping.release()

    # What the Runtime API and the zygote tell us, from their threads.

    def next_invocation(self, is_there: Callable[[], bool]) -> NextInvocation | None:
        """Block until there is an event; None when the process has ended."""
        with self._changed:
            if self.state is WorkerState.STARTING:
                self.state = WorkerState.IDLE
                self._extensions.close_registration()
            self._asked = True
            self._pump.wake()
            if not self._event_or_end():
                self._freeze(whole=False)
                if not self._changed.wait_for(self._event_or_end, ALL_FROZEN_AFTER_S):
                    self._freeze()
                    self._changed.wait_for(self._event_or_end)
            if not is_there():  # killed, which its init tells a moment later, or it shut its side
                self._changed.wait_for(self._has_ended, END_TOLD_WITHIN_S)
            self._asked = False
            if self._has_ended() or self._invocation is None or self._handed_over:
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
            refused = self.state is not WorkerState.STARTING or self._init_error is not None
            if not refused:
                self._init_error = payload
                self._pump.wake()
            return not refused

    def is_own(self, peer: tuple[str, int]) -> bool:
        """Whether a connection comes from this worker."""
        with self._changed:
            self._changed.wait_for(lambda: self._pid is not None, timeout=5)
        return self._pid is not None and connection_owner.is_process(peer, self._pid)

    def _event_or_end(self) -> bool:
        waiting = self._invocation is not None and not self._handed_over
        return waiting or self._has_ended()

    def _has_ended(self) -> bool:
        return self.state is WorkerState.ENDED

    def _freeze(self, *, whole: bool = True) -> None:
        if self._asked and self._freezer is not None and self._extensions.ready:
            (self._freezer.freeze if whole else self._freezer.stop_runtime)()

    def _thaw(self) -> None:
        if self._freezer is not None:
            self._freezer.thaw()

    def _is_loaded(self) -> bool:
        return self.state in (WorkerState.IDLE, WorkerState.BUSY) and self._extensions.ready

    def _extension_changed(self) -> None:
        """One has registered, is ready or has failed; the lock is held."""
        self._freeze()
        self._pump.wake()

    def _shut_down(self) -> bool:
        return self._exit is not None or not self._extensions.waits_for_shutdown()

    def _runtime_gone(self) -> bool:
        return self._exit is not None or self._runtime_exit is not None

    def _runtime_ended(self, exit_: Exit) -> None:
        """Where extensions go on after it."""
        with self._changed:
            self._runtime_exit, self.state = exit_, WorkerState.ENDED
            self._changed.notify_all()

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
            self._pump.wake()
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
            self._pump.wake()

    def _close(self) -> None:
        """Take no more from the process, whatever it still says."""
        with self._changed:
            self.state = WorkerState.ENDED
            self._changed.notify_all()

    # The waiting side.

    def _wait[T](self, done: Callable[[], T | None], deadline: float) -> T:
        """Pass output on to the log until *done*, or raise what ended the worker."""

        def outcome() -> T | None:
            if (value := done()) is None:
                self._raise_end()
            return value

        with self._pumping:
            return self._pump.flow(outcome, deadline)

    def _wait_until(self, done: Callable[[], bool], deadline: float) -> None:
        with contextlib.suppress(OutOfTimeError):
            self._pump.flow(lambda: done() or None, deadline)

    def _raise_end(self) -> None:
        gone = self._runtime_exit or self._exit
        if self._extensions.fault is not None:
            self._pump.drain()
            raise self._extensions.fault
        if gone is not None:
            self._pump.drain()
            untouched, used_up = not self._handed_over, self._memory.is_used_up
            raise EndedError(gone, untouched=untouched, out_of_memory=used_up)

    def _look(self) -> None:
        running = self._running
        if running and not self._memory.look(running.pid, sandboxed=running.sandboxed):
            running.kill()

    def _release(self) -> None:
        self._api.close()
        self._extensions.close()
        self._pump.close()
        if self._companion is not None:
            self._companion.close()
