"""One execution environment: a worker, its folders and its log, from the first load to the end.

A worker that crashed, exited or ran out of time is replaced at the next invocation, in the same
environment and log stream, as AWS resets its sandbox.

    UNLOADED ─load→ LOADED ─event→ BUSY ─answer→ LOADED …
       │ load failed       └─ lost: crash, exit, time out ─→ LOST ─load→ LOADED
       └──────────→ LOAD_FAILED ─load once more, within the invocation→ LOADED │ LOAD_FAILED
    from everywhere ─stop→ STOPPED (BUSY: when the event is answered)
"""

from __future__ import annotations

import enum
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Final

from localstack_standalone.lambda_process import (
    debugging,
    failures,
    hot_reload,
    logs,
    platform_lines,
    variables,
    worker,
)
from localstack_standalone.lambda_process.configuration import Configuration, Event, Outcome
from localstack_standalone.lambda_process.limits import MB
from localstack_standalone.lambda_process.roots import Roots
from localstack_standalone.lambda_process.runtime_api import Invocation
from localstack_standalone.lambda_process.template import Template, WorkerSpec

# AWS gives a function ten seconds to load before its first event counts.
INIT_TIMEOUT_S: Final = 10.0
# A worker that was killed from outside before it had the event is replaced so often, unseen.
MOST_KILLS: Final = 5


class State(enum.Enum):
    """Where an environment is in its life."""

    UNLOADED = "unloaded"
    LOADED = "loaded"
    LOAD_FAILED = "load failed"
    LOST = "lost"
    STOPPED = "stopped"


class StoppedError(RuntimeError):
    """The environment takes no more events."""


class Environment:
    """See the module. One event at a time; `stop` may come from another thread.

    Args:
        configuration: the version's.
        template: starts its workers.
        roots: its folders of code.
        log: where lines go.
        lines: words the platform's own.
        on_end: called once, when nothing of it is left.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        template: Template,
        roots: Roots,
        log: logs.LogStream,
        lines: platform_lines.Lines,
        on_end: Callable[[], None],
    ) -> None:
        self._configuration = configuration
        self._template = template
        self._roots = roots
        self._log = log
        self._lines = lines
        self._on_end = on_end
        self._debugged = debugging.port(configuration.variables) is not None
        self._state = State.UNLOADED
        self._worker: worker.Worker | None = None
        self._load_error: Callable[[str], bytes] = lambda _request_id: b""
        self._files: int | None = None
        self._init_ms: float | None = None
        self._again = False  # the next load repeats one that failed before the first event
        self._lock = threading.Lock()
        self._busy = False
        self._stopping = False

    @property
    def state(self) -> State:
        """Where it is in its life."""
        return self._state

    @property
    def cpu_s(self) -> float:
        """Processor time that its worker has used, in seconds; 0 where there is none."""
        running = self._worker
        return 0.0 if running is None else running.cpu_s

    def start(self) -> None:
        """Load the function; one that cannot be loaded is the first event's error, as on AWS.

        Raises:
            TemplateError: no worker could be started at all.
        """
        if not self._debugged:  # a debugger may keep a function from loading
            self._load(INIT_TIMEOUT_S, "init")

    def invoke(self, event: Event) -> Outcome:
        """Run one event.

        Raises:
            StoppedError: the environment was stopped.
            TemplateError: no worker could be started at all.
        """
        with self._lock:
            if self._stopping:
                raise StoppedError("the environment was stopped")
            self._busy = True
        try:
            return self._invoke(event)
        finally:
            self._rest()

    def stop(self, *, now: bool) -> None:
        """End: at once where it is idle, or *now*; after the running event else."""
        with self._lock:
            first, self._stopping = not self._stopping, True
            # Nobody waits for a debugger that was called off.
            wait = self._busy and not (now or self._debugged)
        if first and not wait:
            self._end()

    def _rest(self) -> None:
        """After an event: wait for the next, or end if that was asked for meanwhile."""
        with self._lock:
            self._busy = False
            stopping = self._stopping
        if stopping:
            self._end()

    def _invoke(self, event: Event) -> Outcome:
        timeout_s = debugging.timeout_s(
            self._configuration.variables, self._configuration.timeout_s
        )
        self._log.begin()
        started = time.monotonic()
        self._make_ready(timeout_s)
        self._log.platform(self._lines.start(event.request_id, self._configuration.version))
        outcome = self._run(event, timeout_s, started + timeout_s)
        duration_ms = min(time.monotonic() - started, timeout_s) * 1000
        self._log.platform(self._lines.end(event.request_id))
        self._log.platform(self._report(event.request_id, duration_ms, outcome))
        if outcome.status is not None:
            self._lose()
        return outcome

    def _make_ready(self, timeout_s: float) -> None:
        """Load the function within the invocation, if it is not, or not as it was saved last."""
        if self._state is State.LOADED and (self._worker_ended() or self._files_changed()):
            self._lose()
        if self._state is not State.LOADED:
            first = self._state is State.UNLOADED and self._debugged
            self._load(timeout_s, "init" if first else "invoke")

    def _worker_ended(self) -> bool:
        """Whether the worker died while it was idle."""
        return self._worker is None or self._worker.ended

    def _files_changed(self) -> bool:
        return self._roots.hot and self._files != hot_reload.fingerprint(self._roots.task)

    def _run(self, event: Event, timeout_s: float, deadline: float) -> Outcome:
        if self._state is State.LOAD_FAILED:
            return Outcome(self._load_error(event.request_id), is_error=True, status="error")
        loaded = self._worker
        if loaded is None:  # loading took all the time
            return self._out_of_time(event, timeout_s)
        try:
            result = self._handed_over(loaded, event, deadline)
        except worker.Ended as end:
            payload = failures.exited(event.request_id, end.exit.status)
            return Outcome(payload, is_error=True, status="error")
        except worker.OutOfTime:
            return self._out_of_time(event, timeout_s)
        return Outcome(result.payload, result.is_error, "error" if result.lost else None)

    def _handed_over(self, loaded: worker.Worker, event: Event, deadline: float) -> worker.Result:
        """The worker's result; one that died before it had the event is replaced, unseen."""
        for _ in range(MOST_KILLS):
            try:
                left_s = deadline - time.monotonic()
                return loaded.invoke(_invocation(event, left_s), left_s)
            except worker.Ended as end:
                if not end.untouched:
                    raise
                self._lose()
                self._load(deadline - time.monotonic(), "invoke")
                if self._worker is None or self._state is not State.LOADED:
                    raise
                loaded = self._worker
        left_s = deadline - time.monotonic()
        return loaded.invoke(_invocation(event, left_s), left_s)

    def _out_of_time(self, event: Event, timeout_s: float) -> Outcome:
        self._lose()  # first: what it still wrote comes before the line that ends it
        line = failures.out_of_time(event.request_id, timeout_s)
        self._log.platform(self._lines.timed_out(line))
        return Outcome(failures.timed_out(line), is_error=True, status="timeout")

    def _report(self, request_id: str, duration_ms: float, outcome: Outcome) -> str | None:
        init_ms, self._init_ms = self._init_ms, None
        failed = outcome.status == "error"
        return self._lines.report(
            platform_lines.Report(
                request_id=request_id,
                duration_ms=duration_ms,
                memory_mb=self._configuration.memory_mb,
                max_memory_mb=(self._worker.peak_memory_bytes if self._worker else 0) // MB,
                init_ms=init_ms,
                status=outcome.status,
                error_type=failures.error_type(outcome.payload) if failed else None,
            )
        )

    def _load(self, timeout_s: float, phase: str) -> None:
        """Start a worker and wait until the function is loaded, or note why it is not.

        Args:
            timeout_s: how long it may take.
            phase: ``init`` before the first event; ``invoke`` within an invocation, where AWS
                calls it suppressed: the report of the invocation does not tell its duration.

        Raises:
            TemplateError: no worker could be started at all.
        """
        again, self._again = self._again, False
        self._discard()
        if not again:
            where = self._configuration
            self._log.platform(self._lines.init_start(where.runtime, where.region))
        started = time.monotonic()
        if self._roots.hot:
            self._files = hot_reload.fingerprint(self._roots.task)
        failed = self._loaded_by(started + timeout_s)
        took_ms = (time.monotonic() - started) * 1000
        self._init_ms = took_ms if phase == "init" and failed is None else None
        if failed is not None:
            self._again = phase == "init"
            self._log.platform(self._lines.init_report(took_ms, phase, *failed))

    def _loaded_by(self, deadline: float) -> tuple[str, str | None] | None:
        """Have a worker load the function; one that is killed meanwhile is replaced, unseen."""
        memory_bytes = self._configuration.memory_mb * MB
        for kills in range(MOST_KILLS):
            started = worker.Worker(self._template, self._spec, self._log, memory_bytes)
            self._worker = started
            try:
                return self._wait_loaded(started, deadline - time.monotonic())
            except worker.Ended as end:
                status = end.exit.status
                within = started.peak_memory_bytes <= memory_bytes
                killed = within and os.waitstatus_to_exitcode(status) == -signal.SIGKILL
                if not killed or kills + 1 == MOST_KILLS:
                    break
                self._discard()
        self._state = State.LOAD_FAILED
        self._load_error = lambda request_id: failures.exited(request_id, status)
        return "error", failures.EXIT_ERROR

    def _wait_loaded(
        self, loading: worker.Worker, timeout_s: float
    ) -> tuple[str, str | None] | None:
        """None when the function is loaded; else AWS's words for why not: status, error type.

        Raises:
            worker.Ended: the process ended meanwhile.
        """
        try:
            loading.wait_ready(timeout_s)
        except worker.InitFailed as error:
            payload = error.payload
            self._state, self._load_error = State.LOAD_FAILED, lambda _request_id: payload
            return "error", failures.error_type(payload)
        except worker.OutOfTime:
            self._lose()
            return "timeout", None
        self._state = State.LOADED
        return None

    def _spec(self, api: str) -> WorkerSpec:
        """What a worker is to be, told the address of its Runtime API."""
        configuration, roots = self._configuration, self._roots
        environment = variables.of_function(
            configuration.variables,
            runtime=configuration.runtime,
            api=api,
            roots=roots,
            tmp=configuration.tmp,
        )
        keeps = configuration.keep_bytecode and not roots.hot
        return WorkerSpec(
            environment=environment,
            task_root=str(roots.task),
            path=roots.path(configuration.runtime),
            handler=environment.get("_HANDLER", ""),
            tmp=configuration.tmp,
            tmp_mb=configuration.tmp_mb,
            uid=configuration.uid,
            preload=debugging.preload(configuration.variables),
            fork=configuration.fork,
            bytecode=str(roots.bytecode) if keeps else "",
            fresh=roots.hot,
        )

    def _lose(self) -> None:
        """Give the worker up; the next event gets a new one."""
        self._discard()
        self._state = State.LOST

    def _discard(self) -> None:
        worker_, self._worker = self._worker, None
        if worker_ is not None:
            worker_.kill()

    def _end(self) -> None:
        """Leave nothing behind."""
        with self._lock:
            ended, self._state = self._state is State.STOPPED, State.STOPPED
        self._discard()
        if not ended:
            self._template.release(self._configuration.tmp)
            self._on_end()


def _invocation(event: Event, left_s: float) -> Invocation:
    return Invocation(
        request_id=event.request_id,
        payload=event.payload,
        deadline_ms=int((time.time() + left_s) * 1000),
        function_arn=event.function_arn,
        trace_id=event.trace_id,
        client_context=event.client_context,
    )
