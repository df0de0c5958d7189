"""The executor that LocalStack asks to run a function: one execution environment each."""

from __future__ import annotations

import atexit
import contextlib
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import (
    LambdaRuntimeException,
    RuntimeExecutor,
)

from localstack_standalone.lambda_process import failures, log_delivery, logs, runtimes, worker
from localstack_standalone.lambda_process.runtime_api import Invocation
from localstack_standalone.lambda_process.template import Template, TemplateError, WorkerSpec

LOG = logging.getLogger(__name__)

# AWS gives a function ten seconds to load before its first event counts.
INIT_TIMEOUT_S: Final = 10.0
MB: Final = 1024 * 1024

_RUNTIMES: dict[str, str] = {}
_TEMPLATES: dict[str, Template] = {}
_TEMPLATES_LOCK = threading.Lock()


class ProcessRuntimeExecutor(RuntimeExecutor):
    """An execution environment made of a worker process.

    A worker that crashed, exited or ran out of time is replaced at the next invocation, in the
    same environment and log stream, as AWS resets its sandbox.
    """

    def __init__(self, id: str, function_version: FunctionVersion) -> None:  # noqa: A002 - theirs
        super().__init__(id=id, function_version=function_version)
        self._worker: worker.Worker | None = None
        self._variables: dict[str, Any] = {}
        self._log = logs.LogStream(lambda *_: None)
        self._init_ms: float | None = None
        self._init_failure: Callable[[str], bytes] | None = None
        self._tmp = ""
        self._stopped = False

    # The lifecycle, in the order of a life.

    @classmethod
    def validate_environment(cls) -> bool:
        """Whether functions can be run here at all."""
        return bool(cls.runtimes())

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Unpack the code of a version, once its runtime is known to be here.

        Raises:
            LambdaRuntimeException: this machine has no such runtime.
        """
        _python_for(function_version)
        if function_version.config.code:
            function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Nothing is kept beside the unpacked code, which LocalStack removes."""

    def start(self, env_vars: dict[str, str]) -> None:
        """Make the environment: its worker is loading or loaded when this returns.

        A function that cannot be loaded is the first invocation's error, as on AWS.

        Raises:
            LambdaRuntimeException: no worker could be started at all.
        """
        self._variables = dict(env_vars)
        stream = log_delivery.Stream(
            account=self.function_version.id.account,
            region=self.function_version.id.region,
            group=self._variables["AWS_LAMBDA_LOG_GROUP_NAME"],
            name=self._variables["AWS_LAMBDA_LOG_STREAM_NAME"],
        )
        self._log = logs.LogStream(lambda when, text: log_delivery.deliver(stream, when, text))
        self._tmp = tempfile.mkdtemp(prefix="lambda-tmp-")
        self._initialise(INIT_TIMEOUT_S)

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Run one event and give its result with the last 4 KB of its log."""
        request_id = payload["invoke-id"]
        timeout_s = float(self.function_version.config.timeout)
        self._log.begin()
        self._log.platform(logs.start(request_id, self.function_version.id.qualifier))
        started = time.monotonic()
        result, is_error, status = self._run(payload, timeout_s)
        duration_ms = (time.monotonic() - started) * 1000
        self._log.flush()
        self._log.platform(logs.end(request_id))
        self._log.platform(self._report(request_id, min(duration_ms, timeout_s * 1000), status))
        if status is not None:
            self._discard()
        return InvocationResult(
            request_id=request_id, payload=result, is_error=is_error, logs=self._log.tail
        )

    def stop(self) -> None:
        """End the environment and remove its temporary folder."""
        self._stopped = True
        self._discard()
        if self._tmp:
            shutil.rmtree(self._tmp, ignore_errors=True)

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
        if not _RUNTIMES:
            _RUNTIMES.update(runtimes.find())
        return dict(_RUNTIMES)

    # One run.

    def _run(self, payload: dict[str, str], timeout_s: float) -> tuple[bytes, bool, str | None]:
        """Give (payload, whether it is an error, status of the environment if it is lost)."""
        request_id = payload["invoke-id"]
        deadline = time.monotonic() + timeout_s
        if self._worker is not None and self._worker.ended:  # while it was idle
            self._discard()
        if self._worker is None and self._init_failure is None:
            self._initialise(timeout_s)
        if self._init_failure is not None:
            failure, self._init_failure = self._init_failure, None
            return failure(request_id), True, "error"
        if self._worker is None:
            return self._out_of_time(request_id, timeout_s)
        invocation = Invocation(
            request_id=request_id,
            payload=payload["payload"].encode(),
            deadline_ms=int((time.time() + max(0.0, deadline - time.monotonic())) * 1000),
            function_arn=payload["invoked-function-arn"],
            trace_id=payload["trace-id"],
        )
        try:
            result = self._worker.invoke(invocation, deadline - time.monotonic())
        except worker.Ended as end:
            if self._stopped:
                raise LambdaRuntimeException("the environment was stopped") from end
            return failures.exited(request_id, end.exit.status), True, "error"
        except worker.OutOfTime:
            return self._out_of_time(request_id, timeout_s)
        return result.payload, result.is_error, "error" if result.lost else None

    def _out_of_time(self, request_id: str, timeout_s: float) -> tuple[bytes, bool, str | None]:
        self._discard()  # first: what it still wrote comes before the line that ends it
        line = logs.timed_out(request_id, timeout_s)
        self._log.platform(line + "\n")
        return failures.timed_out(line), True, "timeout"

    def _initialise(self, timeout_s: float) -> None:
        """Start a worker and wait until the function is loaded, or note why it is not."""
        function = self.function_version
        self._log.platform(logs.init_start(function.config.runtime, function.id.region))
        started = time.monotonic()
        try:
            self._worker = worker.Worker(
                _template_for(function), self._spec, self._log, function.config.memory_size * MB
            )
        except TemplateError as error:
            raise LambdaRuntimeException(str(error)) from error
        try:
            self._worker.wait_ready(timeout_s)
        except worker.InitFailed as error:
            payload = error.payload
            self._init_failure = lambda _request_id: payload
        except worker.Ended as end:
            status = end.exit.status
            self._init_failure = lambda request_id: failures.exited(request_id, status)
        except worker.OutOfTime:
            self._discard()
        self._init_ms = (time.monotonic() - started) * 1000

    def _spec(self, api: str) -> WorkerSpec:
        function = self.function_version
        task_root = str(function.config.code.get_unzipped_code_location())
        environment = worker.environment_of(
            self._variables,
            runtime=function.config.runtime,
            api=api,
            task_root=task_root,
            tmp=self._tmp,
        )
        handler = environment.get("_HANDLER", "")
        return WorkerSpec(
            environment=environment, task_root=task_root, path=[task_root], handler=handler
        )

    def _report(self, request_id: str, duration_ms: float, status: str | None) -> str:
        init_ms, self._init_ms = self._init_ms, None
        peak = self._worker.peak_memory_bytes if self._worker else 0
        return logs.report(
            request_id,
            duration_ms=duration_ms,
            memory_mb=self.function_version.config.memory_size,
            max_memory_mb=peak // MB,
            init_ms=init_ms,
            status=status,
        )

    def _discard(self) -> None:
        worker_, self._worker = self._worker, None
        if worker_ is not None:
            worker_.kill()


def _python_for(function_version: FunctionVersion) -> str:
    runtime = function_version.config.runtime
    known = ProcessRuntimeExecutor.runtimes()
    if runtime not in known:
        raise LambdaRuntimeException(
            f"runtime {runtime} is not on this machine (here: {', '.join(known) or 'none'}); "
            f"install it and name it in {runtimes.SETTING}"
        )
    return known[runtime]


def _template_for(function_version: FunctionVersion) -> Template:
    python = _python_for(function_version)
    with _TEMPLATES_LOCK:
        if python not in _TEMPLATES:
            _TEMPLATES[python] = Template(python)
        return _TEMPLATES[python]


@atexit.register
def _stop_templates() -> None:
    for template in _TEMPLATES.values():
        with contextlib.suppress(OSError):
            template.stop()
