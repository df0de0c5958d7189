"""The executor that LocalStack asks to run a function: one execution environment each."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any, ClassVar

from localstack.runtime import events
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import (
    LambdaRuntimeException,
    RuntimeExecutor,
)

from localstack_standalone.faults.function import FunctionFaults
from localstack_standalone.lambda_process.deployment.roots import RemovedError, Roots
from localstack_standalone.lambda_process.engine.assignment import VersionEndedError
from localstack_standalone.lambda_process.engine.log_delivery import Stream
from localstack_standalone.lambda_process.environment import (
    debugging,
    entrypoint,
    platform_log,
    variables,
)
from localstack_standalone.lambda_process.environment.configuration import Configuration
from localstack_standalone.lambda_process.environment.environment import Environment, StoppedError
from localstack_standalone.lambda_process.environment.sandbox import Sandbox
from localstack_standalone.lambda_process.shared import LambdaProcesses
from localstack_standalone.lambda_process.worker.logs import LogStream
from localstack_standalone.lambda_process.worker.runtime_api import Event
from localstack_standalone.lambda_process.zygote import runtimes
from localstack_standalone.lambda_process.zygote.process import WorkerSpec, ZygoteError
from localstack_standalone.tuning.registry import Option


class ProcessRuntimeExecutor(RuntimeExecutor):
    """LocalStack's side of an execution environment (see `environment`).

    Attributes:
        shared: what it shares with all others of the emulator; set when the class is loaded.
    """

    shared: ClassVar[LambdaProcesses]

    def __init__(self, id: str, function_version: FunctionVersion) -> None:  # noqa: A002 - theirs
        super().__init__(id=id, function_version=function_version)
        self.client_context: str | None = None
        self._log = LogStream(lambda *_: None)
        self._environment: Environment | None = None

    # The lifecycle, in the order of a life.

    @classmethod
    def validate_environment(cls) -> bool:
        """Whether functions can be run here at all.

        Raises:
            SandboxSettingError: they are to have sandboxes, and cannot.
        """
        cls.shared.sandboxes.refuse_missing()
        return bool(cls.shared.zygotes.runtimes)

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Make the folders of a version, once its runtime is known to be here.

        Raises:
            LambdaRuntimeException: this machine has no such runtime.
        """
        config = function_version.config
        with _told_to_localstack():
            zygote = cls.shared.zygotes.of(config.runtime)
        if Option.FORKED_WORKERS in cls.shared.options:
            zygote.warm()
        sandboxed = cls.shared.sandboxes.confinement().sandboxed
        key = _key(function_version)
        cls.shared.roots.prepare(key, config.code, config.layers, sandboxed=sandboxed)

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Have the version's folders removed when the last of its environments ends."""
        cls.shared.roots.remove(_key(function_version))

    def start(self, env_vars: dict[str, str]) -> None:
        """Make the environment: its worker is loading or loaded when this returns.

        Raises:
            LambdaRuntimeException: no worker could be started at all.
        """
        prepared = dict(env_vars)
        self._log = self._open_log(prepared)
        with _told_to_localstack():
            self._environment = self._make(prepared)
            self._environment.start()

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Run one event and give its result with the last 4 KB of its log."""
        request_id = payload["invoke-id"]
        event = Event(
            request_id=request_id,
            payload=payload["payload"].encode(),
            function_arn=payload["invoked-function-arn"],
            trace_id=payload["trace-id"],
            client_context=self.client_context,
        )
        if self._environment is None:
            raise LambdaRuntimeException("the environment was not started")
        with _told_to_localstack():
            outcome = self._environment.invoke(event)
        return InvocationResult(
            request_id=request_id,
            payload=outcome.payload,
            is_error=outcome.is_error,
            logs=self._log.tail,
        )

    def stop(self) -> None:
        """End the environment: at once when it is idle, after the running invocation else."""
        if self._environment is not None:
            self._environment.stop(now=events.infra_stopping.is_set())

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

    @property
    def cpu_s(self) -> float:
        """Processor time that the worker has used, in seconds; 0 where there is none."""
        return 0.0 if self._environment is None else self._environment.cpu_s

    @classmethod
    def runtimes(cls) -> dict[str, str]:
        """Lambda runtimes that can be run here: identifier → program."""
        return cls.shared.zygotes.runtimes | dict.fromkeys(runtimes.OS_ONLY, "bootstrap")

    def _make(self, prepared: dict[str, Any]) -> Environment:
        """The environment with its folders, which go when it ends."""
        shared, version = self.shared, self.function_version
        config = version.config
        zygote = shared.zygotes.of(config.runtime)
        tmp = os.path.realpath(tempfile.mkdtemp(prefix="lambda-tmp-"))
        uid = next(shared.users) if os.geteuid() == 0 else None
        if uid is not None:
            os.chown(tmp, uid, uid)
        key = _key(version)
        roots = shared.roots.hold(key)

        def on_end() -> None:
            zygote.release(tmp)
            shutil.rmtree(tmp, ignore_errors=True)
            shared.roots.drop(key)

        sandboxed = shared.sandboxes.confinement().sandboxed
        configuration = Configuration(
            version=version.id.qualifier,
            region=version.id.region,
            runtime=config.runtime,
            timeout_s=debugging.timeout_s(prepared, float(config.timeout)),
            memory_mb=config.memory_size,
            worker=self._spec(prepared, roots, tmp, uid, sandboxed=sandboxed),
        )
        log = platform_log.of(config.logging_config, configuration, self._log)
        stream = prepared["AWS_LAMBDA_LOG_STREAM_NAME"]
        faults = FunctionFaults(shared.faults, version.id.function_name, stream)
        sandbox = Sandbox(configuration, zygote=zygote, log=log, faults=faults)
        return Environment(configuration, sandbox=sandbox, log=log, on_end=on_end)

    def _spec(
        self,
        prepared: dict[str, Any],
        roots: Roots,
        tmp: str,
        uid: int | None,
        *,
        sandboxed: bool,
    ) -> WorkerSpec:
        config, options = self.function_version.config, self.shared.options
        seen = roots.seen() if sandboxed else roots
        environment = variables.of_function(
            prepared, runtime=config.runtime, roots=seen, tmp=None if sandboxed else tmp
        )
        entry = entrypoint.of(
            config.runtime,
            self.runtimes().get(config.runtime, ""),
            roots,
            memory_mb=config.memory_size,
            environment=environment,
            node_modules=self.shared.node_modules,
            sandboxed=sandboxed,
        )
        environment = {**entry.environment, **environment}
        keeps_bytecode = Option.KEPT_BYTECODE in options and not roots.hot
        return WorkerSpec(
            environment=environment,
            task_root=str(seen.task),
            path=seen.path(config.runtime),
            handler=environment.get("_HANDLER", ""),
            command=entry.command,
            tmp=tmp,
            tmp_mb=config.ephemeral_storage.size,
            uid=uid,
            preload=debugging.preload(prepared, roots.mounts() if sandboxed else []),
            fork=Option.FORKED_WORKERS in options,
            bytecode=str(roots.bytecode) if keeps_bytecode else "",
            fresh=roots.hot,
            code=str(roots.task) if roots.hot else "",
            mounts=roots.mounts() + debugging.mounts(prepared) + entry.mounts if sandboxed else [],
            extensions=roots.extensions(seen),
            wrapper=seen.place_of(entrypoint.wrapper(config.runtime, environment)),
            account=self.function_version.id.account,
        )

    def _open_log(self, prepared: dict[str, Any]) -> LogStream:
        function = self.function_version.id
        group = self.function_version.config.logging_config.get("LogGroup")
        if group and group != prepared["AWS_LAMBDA_LOG_GROUP_NAME"]:
            # A group that functions share has their names in its streams'.
            prepared["AWS_LAMBDA_LOG_GROUP_NAME"] = group
            name = prepared["AWS_LAMBDA_LOG_STREAM_NAME"]
            named = name.replace("/[", f"/{function.function_name}[", 1)
            prepared["AWS_LAMBDA_LOG_STREAM_NAME"] = named
        stream = Stream(
            account=function.account,
            region=function.region,
            group=prepared["AWS_LAMBDA_LOG_GROUP_NAME"],
            name=prepared["AWS_LAMBDA_LOG_STREAM_NAME"],
            function=function.unqualified_arn(),
        )

        def emit(timestamp_ms: int, message: str) -> None:
            event = {"timestamp": timestamp_ms, "message": message}
            self.shared.log_events.put(stream, event, len(message))

        return LogStream(emit)


@contextlib.contextmanager
def _told_to_localstack() -> Iterator[None]:
    """What goes wrong here is LocalStack's exception to those that know no other."""
    try:
        yield
    except (RemovedError, StoppedError) as error:
        raise VersionEndedError(str(error)) from error
    except ZygoteError as error:
        raise LambdaRuntimeException(str(error)) from error


def _key(function_version: FunctionVersion) -> str:
    """Tells versions and their revisions apart."""
    config = function_version.config
    return f"{function_version.qualified_arn}/{config.internal_revision}"
