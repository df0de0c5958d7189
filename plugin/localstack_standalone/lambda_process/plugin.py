"""Offers the executor under the name ``process`` (``LAMBDA_RUNTIME_EXECUTOR=process``)."""

from __future__ import annotations

import functools
from typing import Any

from localstack import config
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin

from localstack_standalone.forks.after_fork import after_fork


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """The entry point that LocalStack finds; the executor itself is imported when it is loaded."""

    name = "process"

    def load(self, *_args: object, **_kwargs: object) -> type[Any]:
        """Give the executor class, which is the same whenever LocalStack asks."""
        return self._executor

    @functools.cached_property
    def _executor(self) -> type[Any]:
        from localstack_standalone.lambda_process.executor import ProcessRuntimeExecutor
        from localstack_standalone.lambda_process.shared import LambdaProcesses

        ProcessRuntimeExecutor.shared = LambdaProcesses()
        return ProcessRuntimeExecutor


@after_fork(name="lambda_processes", priority=10)
def renew() -> None:
    """Threads are gone, zygotes are the parent's, and who waited for an environment is not here."""
    if config.LAMBDA_RUNTIME_EXECUTOR != "process":
        return
    from localstack.services.lambda_.invocation.runtime_executor import get_runtime_executor

    from localstack_standalone.lambda_process.engine import assignment

    get_runtime_executor().shared.renew()
    admission = assignment.running()
    if admission is not None:
        admission.renew()
