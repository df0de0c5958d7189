"""What LocalStack's Lambda engine does wrong and has no extension point for: patched here.

docs/decisions/0002 tells why each is a patch. All are made before the engine's first use.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from localstack import config
from localstack.aws.api.lambda_ import ThrottleReason, TooManyRequestsException
from localstack.services.lambda_.invocation.assignment import AssignmentService
from localstack.services.lambda_.invocation.counting_service import CountingService
from localstack.services.lambda_.invocation.execution_environment import (
    ExecutionEnvironment,
    InvalidStatusException,
)
from localstack.services.lambda_.invocation.logs import LogHandler

from localstack_standalone.lambda_process import limits, metrics
from localstack_standalone.tuning import plugin as tuning

if TYPE_CHECKING:
    from localstack.services.lambda_.invocation.lambda_models import (
        FunctionVersion,
        InitializationType,
        Invocation,
        InvocationResult,
    )

LOG = logging.getLogger(__name__)


def patch() -> None:
    """Make every patch of this module."""
    # Ours delivers the logs (see log_delivery).
    LogHandler.start_subscriber = lambda _self: None
    LogHandler.add_logs = lambda _self, _item: None
    AssignmentService.get_environment = get_environment
    ExecutionEnvironment.invoke = with_client_context(ExecutionEnvironment.invoke)
    CountingService.get_invocation_lease = with_reason(CountingService.get_invocation_lease)
    if "metric_batches" in tuning.wanted():
        metrics.patch()
    limit_concurrency()


def limit_concurrency() -> None:
    """Let as many functions run at once as this machine can bear, unless someone said how many.

    LocalStack's default, AWS's 1,000, would be 1,000 processes here.
    """
    if "LAMBDA_LIMITS_CONCURRENT_EXECUTIONS" not in os.environ:
        config.LAMBDA_LIMITS_CONCURRENT_EXECUTIONS = limits.concurrency()
    if "LAMBDA_LIMITS_MINIMUM_UNRESERVED_CONCURRENCY" not in os.environ:
        config.LAMBDA_LIMITS_MINIMUM_UNRESERVED_CONCURRENCY = 0


@contextlib.contextmanager
def get_environment(
    self: AssignmentService,
    version_manager_id: str,
    function_version: FunctionVersion,
    provisioning_type: InitializationType,
) -> Iterator[ExecutionEnvironment]:
    """An environment for one invocation: an idle one, else a new one.

    LocalStack's own iterates over a dictionary that other threads change, and offers a new
    environment to all before it is reserved for the invocation that started it: with eight
    clients, now and then an invocation fails with either.
    """
    environment = _reserved_idle(self, version_manager_id, provisioning_type)
    if environment is None:
        environment = self.start_environment(version_manager_id, function_version)
        environment.reserve()
        self.environments[version_manager_id][environment.id] = environment
    try:
        yield environment
        environment.release()
    except InvalidStatusException:
        # The version was updated or deleted meanwhile; the invocation itself has ended well.
        LOG.debug("Execution environment %s was stopped while it ran", environment.id)
    except Exception:
        self.stop_environment(environment)
        raise


def _reserved_idle(
    service: AssignmentService, version_manager_id: str, kind: InitializationType
) -> ExecutionEnvironment | None:
    for environment in list(service.environments[version_manager_id].values()):
        if environment.initialization_type == kind:
            with contextlib.suppress(InvalidStatusException):
                environment.reserve()
                return environment
    return None


def with_reason(lease: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap *lease*, which tells a throttled caller of a reservation also where there is none."""

    @contextlib.contextmanager
    def wrapped(self: CountingService, function: Any, *arguments: Any) -> Iterator[Any]:
        try:
            with lease(self, function, *arguments) as kind:
                yield kind
        except TooManyRequestsException as throttled:
            if function is not None and function.reserved_concurrent_executions is None:
                throttled.Reason = ThrottleReason.ConcurrentInvocationLimitExceeded
            raise

    return wrapped


def with_client_context(
    invoke: Callable[[ExecutionEnvironment, Invocation], InvocationResult],
) -> Callable[[ExecutionEnvironment, Invocation], InvocationResult]:
    """Wrap *invoke*, which drops the caller's client context, to hand it to the executor."""

    def wrapped(self: ExecutionEnvironment, invocation: Invocation) -> InvocationResult:
        self.runtime_executor.client_context = decoded_client_context(invocation.client_context)
        return invoke(self, invocation)

    return wrapped


def decoded_client_context(header: str | None) -> str | None:
    """The JSON text behind the Base64 of X-Amz-Client-Context; what is neither is dropped."""
    if not header:
        return None
    try:
        value: Any = json.loads(base64.b64decode(header))
    except (binascii.Error, ValueError):
        return None
    return json.dumps(value)
