"""``/_localstack/standalone``: what a launcher asks for before it calls an emulator ready."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Final

from localstack.aws.handlers.logging import ResponseLogger
from localstack.services.internal import get_internal_apis

from localstack_standalone import __version__
from localstack_standalone.faults import report as faults

PATH: Final = "/_localstack/standalone"
# What a console asks for every second or so.
_ASKED_AGAIN: Final = (PATH, faults.PATH)


def offer(executor: Any) -> None:
    """Tell whoever asks what runs functions, and what it does now; without a line in the log."""
    get_internal_apis().add(PATH, lambda _request: of(executor))
    ResponseLogger.__call__ = _quietly(ResponseLogger.__call__)


def of(executor: Any) -> dict[str, Any]:
    """What runs functions, and what it does now."""
    return {
        "version": __version__,
        "executor": f"{executor.__module__}.{executor.__qualname__}",
        "runtimes": executor.runtimes(),
        "environments": _environments(),
        "sandbox": dataclasses.asdict(executor.shared.sandboxes.confinement()),
    }


def _environments() -> dict[str, Any] | None:
    """How many invocations wait, run and so on, and the bounds; None before Lambda was used."""
    from localstack_standalone.lambda_process.engine import assignment

    admission = assignment.running()
    if admission is None:
        return None
    return dataclasses.asdict(admission.counts()) | {"bounds": dataclasses.asdict(admission.bounds)}


def _quietly(log: Callable[..., None]) -> Callable[..., None]:
    """Wrap *log*, which writes a line for each request."""

    def wrapped(self: Any, chain: Any, context: Any, response: Any) -> None:
        asks_again = context.request.method == "GET" and context.request.path in _ASKED_AGAIN
        if not asks_again:
            log(self, chain, context, response)

    return wrapped
