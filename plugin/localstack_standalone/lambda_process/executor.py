"""The executor that LocalStack asks to run a function: one execution environment each."""

from __future__ import annotations

import itertools
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from localstack.runtime import events
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import (
    LambdaRuntimeException,
    RuntimeExecutor,
)

from localstack_standalone.lambda_process import (
    debugging,
    failures,
    hot_reload,
    log_delivery,
    logs,
    platform_lines,
    roots,
    templates,
    variables,
    worker,
)
from localstack_standalone.lambda_process.limits import MB
from localstack_standalone.lambda_process.runtime_api import Invocation
from localstack_standalone.lambda_process.template import TemplateError, WorkerSpec
from localstack_standalone.tuning import plugin as tuning

LOG = logging.getLogger(__name__)

# AWS gives a function ten seconds to load before its first event counts.
INIT_TIMEOUT_S: Final = 10.0
# Users of their own for workers, where we are root: far from those that systems give out.
FIRST_UID: Final = 1_700_000_000
UIDS: Final = 100_000
_UIDS = itertools.cycle(range(FIRST_UID, FIRST_UID + UIDS))


class ProcessRuntimeExecutor(RuntimeExecutor):
    """An execution environment made of a worker process.

    A worker that crashed, exited or ran out of time is replaced at the next invocation, in the
    same environment and log stream, as AWS resets its sandbox.
    """

    def __init__(self, id: str, function_version: FunctionVersion) -> None:  # noqa: A002 - theirs
        super().__init__(id=id, function_version=function_version)
        self.client_context: str | None = None
        self._config = function_version.config
        self._lines = platform_lines.of(self._config.logging_config)
        self._prepared: dict[str, Any] = {}
        self._log = logs.LogStream(lambda *_: None)
        self._roots: roots.Roots | None = None
        self._tmp = ""
        self._uid: int | None = None
        self._worker: worker.Worker | None = None
        self._loaded: int | None = None
        self._init_ms: float | None = None
        self._init_failure: Callable[[str], bytes] | None = None
        self._retrying = False
        self._lock = threading.Lock()
        self._busy = False
        self._stopped = False

    # The lifecycle, in the order of a life.

    @classmethod
    def validate_environment(cls) -> bool:
        """Whether functions can be run here at all."""
        return bool(templates.runtimes_here())

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Make the folders of a version, once its runtime is known to be here.

        Raises:
            LambdaRuntimeException: this machine has no such runtime.
        """
        config = function_version.config
        template = templates.template_for(config.runtime)
        if "forked_workers" in tuning.wanted():
            templates.warm(template)
        roots.prepare(_key(function_version), config.code, config.layers)

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Have the version's folders removed when the last of its environments ends."""
        roots.remove(_key(function_version))

    def start(self, env_vars: dict[str, str]) -> None:
        """Make the environment: its worker is loading or loaded when this returns.

        A function that cannot be loaded is the first invocation's error, as on AWS.

        Raises:
            LambdaRuntimeException: no worker could be started at all.
        """
        self._prepared = dict(env_vars)
        self._log = self._open_log()
        self._roots = roots.hold(_key(self.function_version))
        self._tmp = os.path.realpath(tempfile.mkdtemp(prefix="lambda-tmp-"))
        if os.geteuid() == 0:
            self._uid = next(_UIDS)
            os.chown(self._tmp, self._uid, self._uid)
        if not debugging.port(self._prepared):  # a debugger may keep a function from loading
            self._initialise(INIT_TIMEOUT_S, "init")

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Run one event and give its result with the last 4 KB of its log."""
        with self._lock:
            if self._stopped:
                raise LambdaRuntimeException("the environment was stopped")
            self._busy = True
        try:
            return self._invoke(payload)
        finally:
            self._idle()

    def stop(self) -> None:
        """End the environment: at once when it is idle, after the running invocation else."""
        with self._lock:
            first, self._stopped = not self._stopped, True
            # Nobody waits for a debugger that was called off.
            now = events.infra_stopping.is_set() or debugging.port(self._prepared)
            wait = self._busy and not now
        if first and not wait:
            self._end()

    def _idle(self) -> None:
        """After an invocation: go on waiting, or end if that was asked for meanwhile."""
        with self._lock:
            self._busy = False
            stopped = self._stopped
        if stopped:
            self._end()

    # What LocalStack asks beside that.

    def get_address(self) -> str:
        """Workers are on this machine."""
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        """Where a worker reaches LocalStack."""
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        """Only LocalStack's container init would ask for it."""
        return ""

    def get_logs(self) -> str:
        """The end of what the environment has logged."""
        return self._log.tail

    @classmethod
    def runtimes(cls) -> dict[str, str]:
        """Lambda runtimes that can be run here: identifier → interpreter."""
        return templates.runtimes_here()

    # One invocation.

    def _invoke(self, payload: dict[str, str]) -> InvocationResult:
        request_id = payload["invoke-id"]
        timeout_s = debugging.timeout_s(self._prepared, float(self._config.timeout))
        self._log.begin()
        started = time.monotonic()
        self._make_ready(timeout_s)
        self._log.platform(self._lines.start(request_id, self.function_version.id.qualifier))
        result, is_error, status = self._run(payload, timeout_s, started + timeout_s)
        duration_ms = min(time.monotonic() - started, timeout_s) * 1000
        self._log.platform(self._lines.end(request_id))
        error_type = failures.error_type(result) if status == "error" else None
        self._log.platform(self._report(request_id, duration_ms, status, error_type))
        if status is not None:
            self._discard()
        return InvocationResult(
            request_id=request_id, payload=result, is_error=is_error, logs=self._log.tail
        )

    def _make_ready(self, timeout_s: float) -> None:
        """Load the function once more, within the invocation, if it failed to or is lost."""
        self._discard_stale()
        if self._init_failure is not None:
            self._discard()
        if self._worker is None:
            debugged = debugging.port(self._prepared) and self._init_ms is None
            self._initialise(timeout_s, "init" if debugged else "invoke")

    def _run(
        self, payload: dict[str, str], timeout_s: float, deadline: float
    ) -> tuple[bytes, bool, str | None]:
        """Give (payload, whether it is an error, status of the environment if it is lost)."""
        request_id = payload["invoke-id"]
        if self._init_failure is not None:
            failure, self._init_failure = self._init_failure, None
            return failure(request_id), True, "error"
        if self._worker is None:
            return self._out_of_time(request_id, timeout_s)
        left_s = deadline - time.monotonic()
        try:
            result = self._worker.invoke(self._invocation(payload, left_s), left_s)
        except worker.Ended as end:
            return failures.exited(request_id, end.exit.status), True, "error"
        except worker.OutOfTime:
            return self._out_of_time(request_id, timeout_s)
        return result.payload, result.is_error, "error" if result.lost else None

    def _invocation(self, payload: dict[str, str], left_s: float) -> Invocation:
        return Invocation(
            request_id=payload["invoke-id"],
            payload=payload["payload"].encode(),
            deadline_ms=int((time.time() + left_s) * 1000),
            function_arn=payload["invoked-function-arn"],
            trace_id=payload["trace-id"],
            client_context=self.client_context,
        )

    def _out_of_time(self, request_id: str, timeout_s: float) -> tuple[bytes, bool, str | None]:
        self._discard()  # first: what it still wrote comes before the line that ends it
        line = failures.out_of_time(request_id, timeout_s)
        self._log.platform(self._lines.timed_out(line))
        return failures.timed_out(line), True, "timeout"

    def _report(
        self, request_id: str, duration_ms: float, status: str | None, error_type: str | None
    ) -> str | None:
        init_ms, self._init_ms = self._init_ms, None
        peak = self._worker.peak_memory_bytes if self._worker else 0
        return self._lines.report(
            platform_lines.Report(
                request_id=request_id,
                duration_ms=duration_ms,
                memory_mb=self._config.memory_size,
                max_memory_mb=peak // MB,
                init_ms=init_ms,
                status=status,
                error_type=error_type,
            )
        )

    # The worker.

    def _initialise(self, timeout_s: float, phase: str) -> None:
        """Start a worker and wait until the function is loaded, or note why it is not.

        Args:
            timeout_s: how long it may take.
            phase: ``init`` before the first event; ``invoke`` within an invocation, where AWS
                calls it suppressed: the report of the invocation does not tell its duration.
        """
        region = self.function_version.id.region
        if not self._retrying:
            self._log.platform(self._lines.init_start(self._config.runtime, region))
        self._retrying, self._init_failure = False, None
        started = time.monotonic()
        template = templates.template_for(self._config.runtime)
        if self._roots is not None and self._roots.hot:
            self._loaded = hot_reload.fingerprint(self._roots.task)
        try:
            self._worker = worker.Worker(
                template, self._spec, self._log, self._config.memory_size * MB
            )
        except TemplateError as error:
            raise LambdaRuntimeException(str(error)) from error
        failed: tuple[str, str | None] | None = None
        try:
            self._worker.wait_ready(timeout_s)
        except worker.InitFailed as error:
            payload = error.payload
            self._init_failure = lambda _request_id: payload
            failed = "error", failures.error_type(payload)
        except worker.Ended as end:
            status = end.exit.status
            self._init_failure = lambda request_id: failures.exited(request_id, status)
            failed = "error", failures.EXIT_ERROR
        except worker.OutOfTime:
            self._discard()
            failed = "timeout", None
        took_ms = (time.monotonic() - started) * 1000
        self._init_ms = took_ms if phase == "init" and failed is None else None
        if failed is not None:
            self._retrying = phase == "init"
            self._log.platform(self._lines.init_report(took_ms, phase, *failed))

    def _spec(self, api: str) -> WorkerSpec:
        assert self._roots is not None  # noqa: S101 - start() has set it
        runtime = self._config.runtime
        environment = variables.of_function(
            self._prepared, runtime=runtime, api=api, roots=self._roots, tmp=self._tmp
        )
        return WorkerSpec(
            environment=environment,
            task_root=str(self._roots.task),
            path=self._roots.path(runtime),
            handler=environment.get("_HANDLER", ""),
            tmp=self._tmp,
            tmp_mb=self._config.ephemeral_storage.size,
            uid=self._uid,
            preload=debugging.preload(self._prepared),
            fork="forked_workers" in tuning.wanted(),
            bytecode=str(self._roots.bytecode) if "kept_bytecode" in tuning.wanted() else "",
        )

    def _discard_stale(self) -> None:
        """Give up a worker that died while it was idle, or whose files were saved since."""
        if self._worker is None:
            return
        changed = (
            self._loaded is not None
            and self._roots is not None
            and (self._loaded != hot_reload.fingerprint(self._roots.task))
        )
        if self._worker.ended or changed:
            self._discard()

    def _discard(self) -> None:
        worker_, self._worker = self._worker, None
        if worker_ is not None:
            worker_.kill()

    def _end(self) -> None:
        """Leave nothing behind."""
        self._discard()
        if self._tmp:
            templates.template_for(self._config.runtime).release(self._tmp)
            shutil.rmtree(self._tmp, ignore_errors=True)
            self._tmp = ""
            roots.drop(_key(self.function_version))

    def _open_log(self) -> logs.LogStream:
        function = self.function_version.id
        group = self._config.logging_config.get("LogGroup")
        if group and group != self._prepared["AWS_LAMBDA_LOG_GROUP_NAME"]:
            # A group that functions share has their names in its streams'.
            self._prepared["AWS_LAMBDA_LOG_GROUP_NAME"] = group
            name = self._prepared["AWS_LAMBDA_LOG_STREAM_NAME"]
            named = name.replace("/[", f"/{function.function_name}[", 1)
            self._prepared["AWS_LAMBDA_LOG_STREAM_NAME"] = named
        stream = log_delivery.Stream(
            account=function.account,
            region=function.region,
            group=self._prepared["AWS_LAMBDA_LOG_GROUP_NAME"],
            name=self._prepared["AWS_LAMBDA_LOG_STREAM_NAME"],
        )
        return logs.LogStream(lambda when, text: log_delivery.deliver(stream, when, text))


def _key(function_version: FunctionVersion) -> str:
    """Tells versions and their revisions apart."""
    config = function_version.config
    return f"{function_version.qualified_arn}/{config.internal_revision}"
