"""What LocalStack's Lambda engine does wrong and has no extension point for: patched here.

docs/decisions/0002 tells why each is a patch. All are made before the engine's first use.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from localstack import config
from localstack.aws.api.lambda_ import (
    InvalidParameterValueException,
    ThrottleReason,
    TooManyRequestsException,
)
from localstack.services.lambda_.invocation import lambda_models, lambda_service
from localstack.services.lambda_.invocation.counting_service import CountingService
from localstack.services.lambda_.invocation.event_manager import Poller
from localstack.services.lambda_.invocation.execution_environment import (
    ExecutionEnvironment,
    RuntimeStatus,
)
from localstack.services.lambda_.invocation.logs import LogHandler
from localstack.services.lambda_.invocation.runtime_executor import LambdaRuntimeException
from localstack.utils.patch import Patch

from localstack_standalone.lambda_process.deployment import archive
from localstack_standalone.lambda_process.engine import assignment, metrics, polling
from localstack_standalone.lambda_process.engine.admission import AdmissionRefusal, NotAdmittedError

LOG = logging.getLogger(__name__)


def patch(batches: metrics.MetricBatches | None) -> None:
    """Make every patch of the engine; metrics are put through *batches*, or as they ever were."""
    # Ours delivers the logs (see log_delivery).
    LogHandler.start_subscriber = lambda _self: None
    LogHandler.add_logs = lambda _self, _item: None
    assignment.patch()
    polling.patch()
    Patch.function(Poller.__init__, with_many_invokers).apply()
    Patch.function(ExecutionEnvironment.invoke, with_client_context).apply()
    Patch.function(CountingService.get_invocation_lease, with_reason).apply()
    Patch.function(lambda_service.store_lambda_archive, checked).apply()
    lambda_models.unzip = lambda path, target: archive.unpack(path, Path(target))
    lambda_models.chmod_r = lambda *_: None  # through links, too; ours sets modes
    if batches is not None:
        metrics.patch(batches)


def checked(store: Callable[..., Any], archive_file: bytes, *arguments: Any, **options: Any) -> Any:
    """LocalStack's *store*, which keeps the archive of a function or layer, refuses an unsafe one.

    AWS words it so for each that it cannot unzip, whatever the reason; ours is in the log.
    """
    stored = store(archive_file, *arguments, **options)
    try:
        archive.check(io.BytesIO(archive_file))
    except archive.UnsafeArchiveError as error:
        stored.destroy()
        LOG.warning("An archive was refused: %s", error)
        raise InvalidParameterValueException(
            "Could not unzip uploaded file. Please check your file, then try to upload again.",
            Type="User",
        ) from error
    return stored


def with_many_invokers(
    init: Callable[..., None], self: Poller, *arguments: Any, **named: Any
) -> None:
    """Poller's *init*: LocalStack runs four or so more events at once than there are cores.

    The pool's own queue would hold what the account's concurrency or the admission should; its
    threads start as they are needed.
    """
    init(self, *arguments, **named)
    qualifier = self.version_manager.function_version.id.qualifier
    self.invoker_pool = ThreadPoolExecutor(
        config.LAMBDA_LIMITS_CONCURRENT_EXECUTIONS, f"lambda-invoker-{qualifier}"
    )


@contextlib.contextmanager
def with_reason(
    lease: Callable[..., Any], self: CountingService, function: Any, *arguments: Any
) -> Iterator[Any]:
    """The *lease* that throttles: its caller is told of a reservation only where there is one."""
    try:
        with lease(self, function, *arguments) as kind:
            yield kind
    except TooManyRequestsException as throttled:
        if function is not None and function.reserved_concurrent_executions is None:
            throttled.Reason = ThrottleReason.ConcurrentInvocationLimitExceeded
        raise


def with_client_context(
    invoke: Callable[..., lambda_models.InvocationResult],
    self: ExecutionEnvironment,
    invocation: lambda_models.Invocation,
) -> lambda_models.InvocationResult:
    """ExecutionEnvironment's *invoke*, which drops the client context: the executor is handed it.

    Raises (beside what *invoke* does):
        NotAdmittedError: the version was stopped before the environment had the event.
    """
    self.runtime_executor.client_context = decoded_client_context(invocation.client_context)
    try:
        return invoke(self, invocation)
    except (AssertionError, LambdaRuntimeException) as error:  # theirs, and the executor's
        if self.status is RuntimeStatus.STOPPED:
            raise NotAdmittedError(AdmissionRefusal.VERSION_STOPPED, 0.0) from error
        raise


def decoded_client_context(header: str | None) -> str | None:
    """The JSON text behind the Base64 of X-Amz-Client-Context; what is neither is dropped."""
    if not header:
        return None
    try:
        value: Any = json.loads(base64.b64decode(header))
    except (binascii.Error, ValueError):
        return None
    return json.dumps(value)
