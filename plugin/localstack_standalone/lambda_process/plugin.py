"""Offers the executor under the name ``process`` (``LAMBDA_RUNTIME_EXECUTOR=process``)."""

from __future__ import annotations

from typing import Any

from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """The entry point that LocalStack finds; the executor itself is imported when it is loaded."""

    name = "process"

    def load(self, *_args: object, **_kwargs: object) -> type[Any]:
        """Give the executor class."""
        from localstack_standalone.lambda_process.executor import (
            ProcessRuntimeExecutor,
        )

        return ProcessRuntimeExecutor
