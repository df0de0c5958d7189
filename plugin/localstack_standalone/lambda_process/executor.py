"""The executor that LocalStack asks to run a function: one execution environment each."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from typing import Any, Final

from localstack.runtime import events
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import (
    LambdaRuntimeException,
    RuntimeExecutor,
)

from localstack_standalone.lambda_process import (
    log_delivery,
    logs,
    platform_lines,
    roots,
    templates,
)
from localstack_standalone.lambda_process.configuration import Configuration, Event
from localstack_standalone.lambda_process.environment import Environment, StoppedError
from localstack_standalone.lambda_process.template import TemplateError
from localstack_standalone.tuning import plugin as tuning

# Users of their own for workers, where we are root: far from those that systems give out.
FIRST_UID: Final = 1_700_000_000
UIDS: Final = 100_000
_UIDS = itertools.cycle(range(FIRST_UID, FIRST_UID + UIDS))


class ProcessRuntimeExecutor(RuntimeExecutor):
    """LocalStack's side of an execution environment (see `environment`)."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:  # noqa: A002 - theirs
        super().__init__(id=id, function_version=function_version)
        self.client_context: str | None = None
        self._log = logs.LogStream(lambda *_: None)
        self._environment: Environment | None = None

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

        Raises:
            LambdaRuntimeException: no worker could be started at all.
        """
        prepared = dict(env_vars)
        self._log = self._open_log(prepared)
        self._environment = self._make(prepared)
        try:
            self._environment.start()
        except TemplateError as error:
            raise LambdaRuntimeException(str(error)) from error

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
        try:
            outcome = self._environment.invoke(event)
        except (StoppedError, TemplateError) as error:
            raise LambdaRuntimeException(str(error)) from error
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
        """Lambda runtimes that can be run here: identifier → interpreter."""
        return templates.runtimes_here()

    def _make(self, prepared: dict[str, Any]) -> Environment:
        """The environment with its folders, which go when it ends."""
        version = self.function_version
        config = version.config
        tmp = os.path.realpath(tempfile.mkdtemp(prefix="lambda-tmp-"))
        uid = next(_UIDS) if os.geteuid() == 0 else None
        if uid is not None:
            os.chown(tmp, uid, uid)
        key = _key(version)

        def on_end() -> None:
            shutil.rmtree(tmp, ignore_errors=True)
            roots.drop(key)

        return Environment(
            Configuration(
                version=version.id.qualifier,
                region=version.id.region,
                runtime=config.runtime,
                timeout_s=float(config.timeout),
                memory_mb=config.memory_size,
                tmp_mb=config.ephemeral_storage.size,
                variables=prepared,
                tmp=tmp,
                uid=uid,
                fork="forked_workers" in tuning.wanted(),
                keep_bytecode="kept_bytecode" in tuning.wanted(),
            ),
            template=templates.template_for(config.runtime),
            roots=roots.hold(key),
            log=self._log,
            lines=platform_lines.of(config.logging_config),
            on_end=on_end,
        )

    def _open_log(self, prepared: dict[str, Any]) -> logs.LogStream:
        function = self.function_version.id
        group = self.function_version.config.logging_config.get("LogGroup")
        if group and group != prepared["AWS_LAMBDA_LOG_GROUP_NAME"]:
            # A group that functions share has their names in its streams'.
            prepared["AWS_LAMBDA_LOG_GROUP_NAME"] = group
            name = prepared["AWS_LAMBDA_LOG_STREAM_NAME"]
            named = name.replace("/[", f"/{function.function_name}[", 1)
            prepared["AWS_LAMBDA_LOG_STREAM_NAME"] = named
        stream = log_delivery.Stream(
            account=function.account,
            region=function.region,
            group=prepared["AWS_LAMBDA_LOG_GROUP_NAME"],
            name=prepared["AWS_LAMBDA_LOG_STREAM_NAME"],
        )
        return logs.LogStream(lambda when, text: log_delivery.deliver(stream, when, text))


def _key(function_version: FunctionVersion) -> str:
    """Tells versions and their revisions apart."""
    config = function_version.config
    return f"{function_version.qualified_arn}/{config.internal_revision}"
