"""Refuses to start when Lambda would run with another executor than ours.

LocalStack warns about an unknown ``LAMBDA_RUNTIME_EXECUTOR`` and quietly uses Docker. Whoever set
it to ``process`` wants to know at once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Final

from localstack import config
from localstack.runtime import hooks

STATUS_PATH: Final = "/_localstack/standalone"


class ExecutorMissingError(RuntimeError):
    """Another executor than the configured ``process`` one would run functions."""


@hooks.on_infra_start(name="standalone_check")
def refuse_other_executor() -> None:
    """Check the executor that really runs, patch what must be, and offer our status address.

    Raises:
        ExecutorMissingError: LAMBDA_RUNTIME_EXECUTOR is ``process`` but another one was loaded,
            or ours can run no runtime at all.
    """
    if config.LAMBDA_RUNTIME_EXECUTOR != "process":
        return
    from localstack.aws.handlers.logging import ResponseLogger
    from localstack.services.internal import get_internal_apis
    from localstack.services.lambda_.invocation import runtime_executor

    from localstack_standalone.lambda_process import engine, offer
    from localstack_standalone.lambda_process.executor import (
        ProcessRuntimeExecutor,
    )

    loaded = runtime_executor.get_runtime_executor()
    if loaded is not ProcessRuntimeExecutor:
        raise ExecutorMissingError(
            f"LAMBDA_RUNTIME_EXECUTOR=process, but {loaded.__module__}.{loaded.__qualname__} would "
            "run the functions: is localstack-standalone installed in LocalStack's environment?"
        )
    if not ProcessRuntimeExecutor.validate_environment():
        raise ExecutorMissingError(
            "no Python runtime for Lambda was found: set LAMBDA_PROCESS_RUNTIMES, for example to "
            "python3.13=/path/to/python (an environment that holds awslambdaric)"
        )
    engine.patch()
    offer.only(loaded.runtimes())
    get_internal_apis().add(STATUS_PATH, lambda _request: status(loaded))
    ResponseLogger.__call__ = quietly(ResponseLogger.__call__)


def quietly(log: Callable[..., None]) -> Callable[..., None]:
    """Wrap *log*, which writes a line for each request: who watches our status fills no log."""

    def wrapped(self: Any, chain: Any, context: Any, response: Any) -> None:
        if context.request.path != STATUS_PATH:
            log(self, chain, context, response)

    return wrapped


def status(executor: type[Any]) -> dict[str, Any]:
    """What our launcher asks for before it calls the emulator ready."""
    from localstack_standalone import __version__

    return {
        "version": __version__,
        "executor": f"{executor.__module__}.{executor.__qualname__}",
        "runtimes": executor.runtimes(),
        "environments": environments(),
    }


def environments() -> dict[str, Any] | None:
    """How many invocations wait, run and so on, and the bounds; None before Lambda was used."""
    from localstack.services.plugins import SERVICE_PLUGINS

    from localstack_standalone.lambda_process import engine

    if not SERVICE_PLUGINS.is_running("lambda"):
        return None
    provider: Any = SERVICE_PLUGINS.get_service("lambda")._provider  # noqa: SLF001 - no other way
    admission = engine.admission_of(provider.lambda_service.assignment_service)
    return dataclasses.asdict(admission.counts()) | {"bounds": dataclasses.asdict(admission.bounds)}
