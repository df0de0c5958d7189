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
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localstack.aws.api.lambda_ import (
    InvalidParameterValueException,
    ServiceException,
    ThrottleReason,
    TooManyRequestsException,
)
from localstack.services.lambda_.invocation import lambda_models, lambda_service
from localstack.services.lambda_.invocation.assignment import (
    AssignmentException,
    AssignmentService,
)
from localstack.services.lambda_.invocation.counting_service import CountingService
from localstack.services.lambda_.invocation.execution_environment import (
    ExecutionEnvironment,
    InvalidStatusException,
    RuntimeStatus,
)
from localstack.services.lambda_.invocation.lambda_models import InitializationType
from localstack.services.lambda_.invocation.logs import LogHandler

from localstack_standalone.lambda_process import archive, limits, metrics
from localstack_standalone.lambda_process.admission import (
    LONGEST_WAIT_S,
    Admission,
    VersionGone,
    WaitedTooLong,
)
from localstack_standalone.tuning import plugin as tuning

if TYPE_CHECKING:
    from localstack.services.lambda_.invocation.lambda_models import (
        FunctionVersion,
        Invocation,
        InvocationResult,
    )

LOG = logging.getLogger(__name__)


def patch() -> None:
    """Make every patch of this module."""
    # Ours delivers the logs (see log_delivery).
    LogHandler.start_subscriber = lambda _self: None
    LogHandler.add_logs = lambda _self, _item: None
    AssignmentService.__init__ = with_admission(AssignmentService.__init__)
    AssignmentService.get_environment = get_environment
    AssignmentService.stop_environments_for_version = with_waiters(
        AssignmentService.stop_environments_for_version
    )
    ExecutionEnvironment.invoke = with_client_context(ExecutionEnvironment.invoke)
    CountingService.get_invocation_lease = with_reason(CountingService.get_invocation_lease)
    lambda_service.store_lambda_archive = checked(lambda_service.store_lambda_archive)
    lambda_models.unzip = lambda path, target: unpack(Path(path), Path(target))
    lambda_models.chmod_r = lambda *_: None  # through links, too; ours sets modes
    if "metric_batches" in tuning.wanted():
        metrics.patch()


def checked(store: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap *store*, which keeps the archive of a function or layer, to refuse an unsafe one.

    AWS words it so for each that it cannot unzip, whatever the reason; ours is in the log.
    """

    def wrapped(archive_file: bytes, *arguments: Any, **options: Any) -> Any:
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

    return wrapped


def unpack(path: Path, target: Path) -> None:
    """Unpack the archive at *path* into the folder *target*."""
    with path.open("rb") as opened:
        archive.unpack(opened, target)


class Environments:
    """LocalStack's execution environments, as the queue for them sees them."""

    def __init__(self, service: AssignmentService) -> None:
        self._service = service

    def reserve_idle(self, version: str) -> ExecutionEnvironment | None:
        """An idle one of a version manager, reserved."""
        for environment in list(self._service.environments[version].values()):
            if environment.initialization_type == InitializationType.on_demand and _reserve(
                environment
            ):
                return environment
        return None

    def evict_idle(self) -> bool:
        """Stop the one that is idle for the longest."""
        idle = [one for one in self._all() if one.status == RuntimeStatus.READY]
        for environment in sorted(idle, key=lambda one: one.last_returned):
            if environment.initialization_type == InitializationType.on_demand and _reserve(
                environment
            ):
                self._service.stop_environment(environment)
                return True
        return False

    def total(self) -> int:
        """How many there are."""
        return len(self._all())

    def _all(self) -> list[ExecutionEnvironment]:
        every = list(self._service.environments.values())
        return [one for environments in every for one in list(environments.values())]


def admit(service: AssignmentService) -> None:
    """Give *service* a queue of its own; after a fork, a new one."""
    service.admission = Admission(
        Environments(service),
        limits.capacity(),
        busy_share=limits.ProcessorTime().busy_share,
    )


def with_admission(init: Callable[..., None]) -> Callable[..., None]:
    """Wrap *init* of the service that assigns environments."""

    def wrapped(self: AssignmentService, *arguments: Any) -> None:
        init(self, *arguments)
        admit(self)

    return wrapped


def with_waiters(stop: Callable[..., None]) -> Callable[..., None]:
    """Wrap *stop* of a version's environments, to send away who waits for one."""

    def wrapped(self: AssignmentService, version_manager_id: str) -> None:
        self.admission.stop(version_manager_id)
        stop(self, version_manager_id)

    return wrapped


@contextlib.contextmanager
def get_environment(
    self: AssignmentService,
    version_manager_id: str,
    function_version: FunctionVersion,
    provisioning_type: InitializationType,
) -> Iterator[ExecutionEnvironment]:
    """An environment for one invocation: an idle one, else a new one, as soon as there may be one.

    LocalStack's own iterates over a dictionary that other threads change, and offers a new
    environment to all before it is reserved for the invocation that started it: with eight
    clients, now and then an invocation fails with either.
    """
    if provisioning_type == InitializationType.provisioned_concurrency:
        environment = _provisioned(self, version_manager_id)
        with _assigned(self, environment):
            yield environment
        return
    try:
        idle = self.admission.enter(version_manager_id)
    except VersionGone:
        raise ServiceException(
            f"{function_version.qualified_arn} was updated or deleted while an invocation waited "
            "for an environment; try again"
        ) from None
    except WaitedTooLong:
        raise ServiceException(
            f"no environment became free in {LONGEST_WAIT_S / 60:.0f} minutes: this machine is busy "
            "with other invocations"
        ) from None
    try:
        environment = idle or _start(self, version_manager_id, function_version)
        with _assigned(self, environment):
            yield environment
    finally:
        self.admission.leave()


def _start(
    service: AssignmentService, version_manager_id: str, function_version: FunctionVersion
) -> ExecutionEnvironment:
    try:
        environment = service.start_environment(version_manager_id, function_version)
        environment.reserve()
        service.environments[version_manager_id][environment.id] = environment
    finally:
        service.admission.started()
    return environment


def _provisioned(service: AssignmentService, version_manager_id: str) -> ExecutionEnvironment:
    for environment in list(service.environments[version_manager_id].values()):
        kind = environment.initialization_type
        if kind == InitializationType.provisioned_concurrency and _reserve(environment):
            return environment
    raise AssignmentException("No provisioned concurrency environment available despite lease.")


@contextlib.contextmanager
def _assigned(service: AssignmentService, environment: ExecutionEnvironment) -> Iterator[None]:
    """Give *environment* back after the invocation, or stop it where that went wrong."""
    try:
        yield
        environment.release()
    except InvalidStatusException:
        # The version was updated or deleted meanwhile; the invocation itself has ended well.
        LOG.debug("Execution environment %s was stopped while it ran", environment.id)
    except Exception:
        service.stop_environment(environment)
        raise


def _reserve(environment: ExecutionEnvironment) -> bool:
    try:
        environment.reserve()
    except InvalidStatusException:
        return False
    return True


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
