"""One worker process as its environment sees it: start, init, invocations, end.

STARTING ─next→ IDLE ─event→ BUSY ─response→ IDLE …; from everywhere ─kill, exit→ ENDED, for good.
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

from localstack_standalone.lambda_process import limits, peers
from localstack_standalone.lambda_process.logs import LogStream
from localstack_standalone.lambda_process.runtime_api import (
    RESPONSE_TOO_LARGE,
    Invocation,
    RuntimeApi,
)
from localstack_standalone.lambda_process.template import (
    Exit,
    RunningWorker,
    Template,
    WorkerSpec,
)

LOG = logging.getLogger(__name__)

# How often a running invocation's memory is looked at.
MEMORY_CHECK_S: Final = 0.05
READ_BYTES: Final = 65_536
KILLED_WITHIN_S: Final = 5.0


class State(enum.Enum):
    """Where a worker is in its life."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    ENDED = "ended"


class Ended(Exception):  # noqa: N818 - not an error by itself: the caller words it
    """The worker process ended.

    Attributes:
        exit: how.
        untouched: whether the function had not been given the event yet.
    """

    def __init__(self, exit_: Exit, *, untouched: bool = False) -> None:
        super().__init__(f"worker ended with wait status {exit_.status}")
        self.exit = exit_
        self.untouched = untouched


class InitFailed(Exception):  # noqa: N818 - likewise
    """The runtime could not load the function; *payload* is the error as it reported it."""

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload.decode(errors="replace"))
        self.payload = payload


class OutOfTime(Exception):  # noqa: N818 - likewise
    """The deadline passed first."""


@dataclasses.dataclass(frozen=True)
class Result:
    """How an invocation ended.

    Attributes:
        payload: what the function returned, or its error, as JSON.
        is_error: whether it is an error.
        lost: whether the runtime cannot go on after it.
    """

    payload: bytes
    is_error: bool
    lost: bool = False


class Worker:
    """A worker process, its Runtime API and its output.

    One thread at a time calls `wait_ready` or `invoke`; the Runtime API's threads and the
    template's call the listener methods.

    Args:
        template: starts the process.
        make_spec: gives what the process is to be, told the Runtime API's address.
        log: where its output goes.
        memory_bytes: limit of the resident memory of its process group.
    """

    def __init__(
        self,
        template: Template,
        make_spec: Callable[[str], WorkerSpec],
        log: LogStream,
        memory_bytes: int,
    ) -> None:
        self._log = log
        self._memory = limits.MemoryWatch(memory_bytes)
        self._changed = threading.Condition()
        self._state = State.STARTING
        self._invocation: Invocation | None = None
        self._handed_over = False
        self._result: Result | None = None
        self._init_error: bytes | None = None
        self._exit: Exit | None = None
        self._running: RunningWorker | None = None
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
        try:
            running = template.start_worker(make_spec(self._api.address), writer, self._ended)
        except BaseException:
            self._release()
            raise
        finally:
            os.close(writer)
        with self._changed:
            self._running = running
            self._changed.notify_all()

    @property
    def _pid(self) -> int | None:
        return self._running.pid if self._running else None

    @property
    def state(self) -> State:
        """Where it is in its life."""
        return self._state

    @property
    def ended(self) -> bool:
        """Whether the process is gone, also where the template has not said so yet."""
        return self._exit is not None or not limits.is_alive(self._pid)

    @property
    def peak_memory_bytes(self) -> int:
        """The largest resident memory of the process group that was seen."""
        kernel = self._exit.max_rss_bytes if self._exit else 0
        return max(kernel, self._memory.peak_bytes)

    @property
    def cpu_s(self) -> float:
        """Processor time that the process and its children have used, in seconds."""
        return limits.cpu_s(self._pid)

    def wait_ready(self, timeout_s: float) -> None:
        """Wait until the function is loaded.

        Raises:
            InitFailed: the runtime reported why it could not load it.
            Ended: the process ended first.
            OutOfTime: *timeout_s* passed first.
        """
        deadline = time.monotonic() + timeout_s
        self._pump(lambda: self._init_error is not None or self._is_loaded() or None, deadline)
        if self._init_error is not None:
            raise InitFailed(self._init_error)

    def invoke(self, invocation: Invocation, timeout_s: float) -> Result:
        """Hand *invocation* over and wait for its result.

        Raises:
            Ended: the process ended first.
            OutOfTime: *timeout_s* passed first.
        """
        with self._changed:
            self._invocation, self._handed_over, self._result = invocation, False, None
            self._changed.notify_all()
        try:
            result = self._pump(lambda: self._result, time.monotonic() + timeout_s)
        except OutOfTime:
            self._close()  # an answer that comes from now on is none
            raise
        self._memory.look(self._pid)
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
        self._drain()
        self._release()

    # What the Runtime API and the template tell us, from their threads.

    def next_invocation(self) -> Invocation | None:
        """Block until there is an event; None when the process has ended."""
        with self._changed:
            if self._state is State.STARTING:
                self._state = State.IDLE
                self._wake()
            self._changed.wait_for(self._event_or_end)
            if self._state is State.ENDED or self._invocation is None:
                return None
            self._state, self._handed_over = State.BUSY, True
            return self._invocation

    def responded(self, request_id: str, payload: bytes) -> bool:
        """The function returned."""
        return self._finish(request_id, Result(payload, is_error=False))

    def errored(self, request_id: str, payload: bytes, error_type: str) -> bool:
        """The function raised."""
        # Told that its answer was too large, AWS's runtime client ends.
        lost = error_type == RESPONSE_TOO_LARGE
        return self._finish(request_id, Result(payload, is_error=True, lost=lost))

    def init_failed(self, payload: bytes, _error_type: str) -> bool:
        """The runtime could not load the function."""
        with self._changed:
            if self._state is not State.STARTING or self._init_error is not None:
                return False
            self._init_error = payload
            self._wake()
            return True

    def is_own(self, peer: tuple[str, int]) -> bool:
        """Whether a connection comes from this worker."""
        with self._changed:
            self._changed.wait_for(lambda: self._pid is not None, timeout=5)
        return self._pid is not None and peers.is_from(peer, self._pid)

    def _event_or_end(self) -> bool:
        waiting = self._invocation is not None and not self._handed_over
        return waiting or self._state is State.ENDED

    def _is_loaded(self) -> bool:
        return self._state in (State.IDLE, State.BUSY)

    def _finish(self, request_id: str, result: Result) -> bool:
        with self._changed:
            current = self._invocation
            if self._state is not State.BUSY or current is None:
                return False
            if current.request_id != request_id:
                return False
            self._result, self._state, self._invocation = result, State.IDLE, None
            self._wake()
            return True

    def _ended(self, exit_: Exit) -> None:
        with self._changed:
            self._exit, self._state = exit_, State.ENDED
            self._changed.notify_all()
            self._wake()

    def _close(self) -> None:
        """Take no more from the process, whatever it still says."""
        with self._changed:
            self._state = State.ENDED
            self._changed.notify_all()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # closed already, or woken often enough
            self._waker.send(b"!")

    # The waiting side.

    def _pump[T](self, done: Callable[[], T | None], deadline: float) -> T:
        """Pass output on to the log until *done*; whatever was written before that is in it."""
        look_at = time.monotonic() + MEMORY_CHECK_S
        while True:
            if (value := done()) is not None:
                self._drain()
                return value
            if self._exit is not None:
                self._drain()
                raise Ended(self._exit, untouched=not self._handed_over)
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise OutOfTime
            ready = {
                key.fileobj for key, _ in self._selector.select(min(remaining, MEMORY_CHECK_S))
            }
            if self._woken in ready:
                self._woken.recv(READ_BYTES)
            if self._output in ready and not self._read():
                self._selector.unregister(self._output)  # every writer has closed it
            if time.monotonic() >= look_at:  # also while output flows
                look_at = time.monotonic() + MEMORY_CHECK_S
                if self._running and not self._memory.look(self._pid):
                    self._running.kill()

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
