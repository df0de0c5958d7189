"""What is done when LocalStack starts with our executor: each thing has a room of its own.

LocalStack warns about an unknown ``LAMBDA_RUNTIME_EXECUTOR`` and quietly uses Docker. Whoever set
it to ``process`` wants to know at once.
"""

from __future__ import annotations

from typing import Any

from localstack import config
from localstack.runtime import hooks


class ExecutorMissingError(RuntimeError):
    """Another executor than the configured ``process`` one would run functions."""


@hooks.on_infra_start(name="standalone_startup")
def start() -> None:
    """Patch Lambda's engine for our executor, offer its runtimes alone, and tell its status.

    Raises:
        ExecutorMissingError: LAMBDA_RUNTIME_EXECUTOR is ``process`` but another one was loaded,
            or ours can run no runtime at all.
    """
    if config.LAMBDA_RUNTIME_EXECUTOR != "process":
        return
    from localstack_standalone import status
    from localstack_standalone.lambda_process.engine import patches, runtime_list

    executor = _own_executor()
    patches.patch(executor.shared.metrics)
    runtime_list.narrow_to(executor.runtimes())
    status.offer(executor)


@hooks.on_infra_start(name="standalone_faults")
def stand_by() -> None:
    """Let faults and holds be asked for; without our executor functions have no faults."""
    from localstack_standalone.faults import plugin
    from localstack_standalone.faults.rules import FaultRules
    from localstack_standalone.slow_motion import plugin as slow_motion

    is_ours = config.LAMBDA_RUNTIME_EXECUTOR == "process"
    plugin.stand_by(_own_executor().shared.faults if is_ours else FaultRules())
    slow_motion.stand_by()


def _own_executor() -> Any:
    """The executor that really runs."""
    from localstack.services.lambda_.invocation import runtime_executor

    from localstack_standalone.lambda_process.executor import ProcessRuntimeExecutor

    loaded = runtime_executor.get_runtime_executor()
    if not issubclass(loaded, ProcessRuntimeExecutor):
        raise ExecutorMissingError(
            f"LAMBDA_RUNTIME_EXECUTOR=process, but {loaded.__module__}.{loaded.__qualname__} would "
            "run the functions: is localstack-standalone installed in LocalStack's environment?"
        )
    if not loaded.validate_environment():
        raise ExecutorMissingError(
            "no Python runtime for Lambda was found: set LAMBDA_PROCESS_RUNTIMES, for example to "
            "python3.13=/path/to/python (an environment that holds awslambdaric)"
        )
    return loaded
