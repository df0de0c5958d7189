"""Empties a running emulator: what is kept, what is in memory, and what runs.

Services of which nothing is kept are emptied as LocalStack itself does it for snapshots: their
stores, moto's backends, and what a provider does before and after.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any, Final

from localstack.runtime import get_current_runtime
from localstack.services.lambda_.invocation import runtime_executor
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.services.stores import AccountRegionBundle
from moto.core.base_backend import BackendDict

from localstack_standalone.faults.injector import FaultInjector
from localstack_standalone.iam.handler import AccessControl
from localstack_standalone.persistence.keeper import empty_backends
from localstack_standalone.persistence.keepers import Keepers

LOG = logging.getLogger(__name__)

_CALLERS: Final = ("stepfunctions", "apigateway", "events", "lambda")
_ERROR: Final = "Testbed.Reset"
_CAUSE: Final = "the emulator was emptied"


def empty(keepers: Keepers | None) -> None:
    """Leave the emulator as one that was just started.

    Args:
        keepers: of what is kept, None where nothing is.

    Raises:
        NotSavedError: the disk did not take it; nothing was changed then.
    """
    if keepers is not None:
        keepers.journal.clear()
    _forget_requests()
    _stop_executions()
    for name, service in _running_services():
        keeper = None if keepers is None else keepers.of(name)
        if keeper is None:
            _empty_service(service)
        else:
            keeper.clear()
        if name == "lambda":
            _drop_deliveries()
    if keepers is not None:
        keepers.journal.clear()  # again: what ended meanwhile may have been saved


def _forget_requests() -> None:
    """What is remembered of requests for `make iam`, and what is done to them by `make fault`."""
    for handler in get_current_runtime().components.gateway.request_handlers:
        if isinstance(handler, FaultInjector):
            handler.end()
        elif isinstance(handler, AccessControl):
            handler.ledger.clear()


def _running_services() -> Iterator[tuple[str, Any]]:
    """Those that were used, what calls others first."""
    loaded = SERVICE_PLUGINS.list_loaded_services()
    for name in [*(each for each in _CALLERS if each in loaded), *set(loaded).difference(_CALLERS)]:
        if SERVICE_PLUGINS.is_running(name):
            yield name, SERVICE_PLUGINS.get_service(name)


def _drop_deliveries() -> None:
    """Log events and metrics of functions that are gone: they would make a log group anew."""
    shared = getattr(runtime_executor.get_runtime_executor(), "shared", None)
    for batches in (shared.log_events, shared.metrics) if shared else ():
        if batches is not None:
            batches.drop()


def _stop_executions() -> None:
    if not SERVICE_PLUGINS.is_running("stepfunctions"):
        return
    from localstack.services.stepfunctions.backend.store import sfn_stores

    for regions in list(sfn_stores.values()):
        for store in list(regions.values()):
            for execution in list(store.executions.values()):
                if execution.stop_date is None:
                    execution.stop(dt.datetime.now(dt.UTC), _ERROR, _CAUSE)


class _Emptying:
    """Visits what holds a service's state, and empties it."""

    def visit(self, container: Any) -> None:
        if isinstance(container, AccountRegionBundle):
            container.reset()
        elif isinstance(container, BackendDict):
            empty_backends(container)


def _empty_service(service: Any) -> None:
    hook = service.lifecycle_hook
    hook.on_before_state_reset()
    service.accept_state_visitor(_Emptying())
    bytes_of_objects = vars(service).get("_provider").__dict__.get("_storage_backend")
    if bytes_of_objects is not None:
        bytes_of_objects.reset()
    hook.on_after_state_reset()
