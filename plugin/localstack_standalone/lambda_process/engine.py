"""What LocalStack's Lambda engine does wrong and has no extension point for: patched here.

docs/decisions/0002 tells why each is a patch. All are made before the engine's first use.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import functools
import io
import json
import logging
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from localstack import config
from localstack.aws.api.lambda_ import (
    InvalidParameterValueException,
    ResourceConflictException,
    ResourceNotFoundException,
    ServiceException,
    ThrottleReason,
    TooManyRequestsException,
)
from localstack.services.lambda_.invocation import lambda_models, lambda_service
from localstack.services.lambda_.invocation.assignment import AssignmentService
from localstack.services.lambda_.invocation.counting_service import CountingService
from localstack.services.lambda_.invocation.event_manager import Poller
from localstack.services.lambda_.invocation.execution_environment import (
    ExecutionEnvironment,
    InvalidStatusException,
    RuntimeStatus,
)
from localstack.services.lambda_.invocation.internal_sqs_queue import FakeSqsClient
from localstack.services.lambda_.invocation.lambda_models import InitializationType
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.services.lambda_.invocation.logs import LogHandler
from localstack.services.lambda_.invocation.runtime_executor import LambdaRuntimeException
from localstack.utils.aws.arns import lambda_function_arn

from localstack_standalone.lambda_process import archive, limits, metrics
from localstack_standalone.lambda_process.admission import (
    Admission,
    Refusal,
    RefusedError,
    Ticket,
)
from localstack_standalone.tuning import plugin as tuning

if TYPE_CHECKING:
    from localstack.services.lambda_.invocation.lambda_models import (
        FunctionVersion,
        Invocation,
        InvocationResult,
    )

LOG = logging.getLogger(__name__)

# A function runs for 15 minutes at most (Lambda's quotas page); nobody waits longer than that.
WAIT_S: Final = 900.0


def patch() -> None:
    """Make every patch of this module."""
    # Ours delivers the logs (see log_delivery).
    LogHandler.start_subscriber = lambda _self: None
    LogHandler.add_logs = lambda _self, _item: None
    AssignmentService.__init__ = with_admission(AssignmentService.__init__)
    AssignmentService.get_environment = get_environment
    AssignmentService.stop_environments_for_version = cancelling(
        AssignmentService.stop_environments_for_version
    )
    Poller.__init__ = with_many_invokers(Poller.__init__)
    FakeSqsClient.receive_message = with_patience(FakeSqsClient.receive_message)
    LambdaService.invoke = going_on(LambdaService.invoke)
    LambdaService.stop = without_waiters(LambdaService.stop)
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
    """LocalStack's execution environments, as the admission asks for them.

    Args:
        service: keeps them, by version manager; other threads change what is in there.
    """

    def __init__(self, service: AssignmentService) -> None:
        self._service = service

    def reserve_idle(self, version: Hashable) -> ExecutionEnvironment | None:
        """An idle environment of *version*: the version manager's id and the kind."""
        manager_id, kind = cast("tuple[str, InitializationType]", version)
        of_version = list(self._service.environments[manager_id].values())
        return _first_reserved(one for one in of_version if one.initialization_type == kind)

    def reserve_oldest(self) -> ExecutionEnvironment | None:
        """The one that was used least recently; provisioned ones stay."""
        idle = [
            one for one in self._idle() if one.initialization_type == InitializationType.on_demand
        ]
        return _first_reserved(sorted(idle, key=lambda one: one.last_returned))

    def idle(self) -> int:
        """How many are idle."""
        return len(self._idle())

    def cpu_s(self, environment: ExecutionEnvironment) -> float:
        """Processor time of its worker, in seconds."""
        executor: Any = environment.runtime_executor
        return float(executor.cpu_s)

    def _idle(self) -> list[ExecutionEnvironment]:
        versions = list(self._service.environments.values())
        every = (one for version in versions for one in list(version.values()))
        return [one for one in every if one.status is RuntimeStatus.READY]


def _first_reserved(idle: Iterable[ExecutionEnvironment]) -> ExecutionEnvironment | None:
    for environment in idle:
        with contextlib.suppress(InvalidStatusException):
            environment.reserve()
            return environment
    return None


def with_admission(init: Callable[[AssignmentService], None]) -> Callable[..., None]:
    """Wrap AssignmentService's *init* to give it an admission of its own."""

    def wrapped(self: Any) -> None:
        init(self)
        self.admission = Admission(limits.bounds(), Environments(self))

    return wrapped


def admission_of(service: AssignmentService) -> Admission[ExecutionEnvironment]:
    """The admission that `with_admission` gave to *service*."""
    return cast("Admission[ExecutionEnvironment]", cast("Any", service).admission)


@contextlib.contextmanager
def get_environment(
    self: AssignmentService,
    version_manager_id: str,
    function_version: FunctionVersion,
    provisioning_type: InitializationType,
) -> Iterator[ExecutionEnvironment]:
    """An environment for one invocation, which waits for it: an idle one, else a new one.

    LocalStack's own iterates over a dictionary that other threads change, and offers a new
    environment to all before it is reserved for the invocation that started it: with eight
    clients, now and then an invocation fails with either.

    Raises:
        ServiceException: there was none in `WAIT_S`, or the emulator stops.
        RefusedError: the version was stopped meanwhile.
    """
    admission = admission_of(self)
    ticket = _ticket(admission, (version_manager_id, provisioning_type))
    try:
        environment = ticket.environment
        if environment is None:
            environment = _new(self, version_manager_id, function_version, ticket)
            admission.started(ticket, environment)
        try:
            yield environment
            environment.release()
        except InvalidStatusException:
            # The version was updated or deleted meanwhile; the invocation itself has ended well.
            LOG.debug("Execution environment %s was stopped while it ran", environment.id)
        except Exception:
            self.stop_environment(environment)
            raise
    finally:
        admission.leave(ticket)


def _ticket(
    admission: Admission[ExecutionEnvironment], version: Hashable
) -> Ticket[ExecutionEnvironment]:
    try:
        return admission.enter(version, WAIT_S)
    except RefusedError as refused:
        if refused.why is Refusal.VERSION_STOPPED:
            raise
        raise ServiceException(
            f"{refused}. This machine runs {admission.bounds.at_work} invocations at work at once; "
            "GET /_localstack/standalone tells how many wait."
        ) from refused


def _new(
    service: AssignmentService,
    version_manager_id: str,
    function_version: FunctionVersion,
    ticket: Ticket[ExecutionEnvironment],
) -> ExecutionEnvironment:
    if ticket.evicted is not None:
        service.stop_environment(ticket.evicted)
    environment = service.start_environment(version_manager_id, function_version)
    environment.reserve()
    service.environments[version_manager_id][environment.id] = environment
    return environment


def cancelling(stop: Callable[[AssignmentService, str], None]) -> Callable[..., None]:
    """Wrap *stop*, which ends a version's environments, to end its waiters' wait first."""

    def wrapped(self: AssignmentService, version_manager_id: str) -> None:
        for kind in InitializationType:
            admission_of(self).cancel((version_manager_id, kind))
        stop(self, version_manager_id)

    return wrapped


def without_waiters(stop: Callable[[LambdaService], None]) -> Callable[..., None]:
    """Wrap the service's *stop*: whoever waits is told first."""

    def wrapped(self: LambdaService) -> None:
        admission_of(self.assignment_service).stop()
        stop(self)

    return wrapped


def going_on(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap LambdaService's *invoke*: who waited for a version that was updated gets the new one.

    Raises (beside what *invoke* does):
        ResourceNotFoundException: the function was deleted meanwhile.
    """

    @functools.wraps(invoke)  # by whose name LocalStack's own patches find it
    def wrapped(self: LambdaService, *arguments: Any, **named: Any) -> Any:
        while True:
            try:
                return invoke(self, *arguments, **named)
            except RefusedError:
                LOG.debug("The version was stopped before it had the event")
            except ResourceConflictException as stopped:
                if not str(stopped).endswith("Active"):  # it is pending, or has failed
                    raise
                # Active but stopped, and not replaced: it is about to leave the store.
                where = [named[name] for name in ("function_name", "account_id", "region")]
                raise ResourceNotFoundException(
                    f"Function not found: {lambda_function_arn(*where)}", Type="User"
                ) from stopped

    return wrapped


def with_many_invokers(init: Callable[..., None]) -> Callable[..., None]:
    """Wrap Poller's *init*: LocalStack runs four or so more events at once than there are cores.

    The pool's own queue would hold what the account's concurrency or the admission should; its
    threads start as they are needed.
    """

    def wrapped(self: Poller, *arguments: Any, **named: Any) -> None:
        init(self, *arguments, **named)
        qualifier = self.version_manager.function_version.id.qualifier
        self.invoker_pool = ThreadPoolExecutor(
            config.LAMBDA_LIMITS_CONCURRENT_EXECUTIONS, f"lambda-invoker-{qualifier}"
        )

    return wrapped


def with_patience(receive: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap *receive* of the events' queue: an event that waits its turn is not delivered twice."""

    def wrapped(self: FakeSqsClient, *arguments: Any, **named: Any) -> Any:
        visible_after_s = named.get("VisibilityTimeout")
        if visible_after_s is not None:
            named["VisibilityTimeout"] = visible_after_s + int(WAIT_S)
        return receive(self, *arguments, **named)

    return wrapped


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
    """Wrap *invoke*, which drops the caller's client context, to hand it to the executor.

    Raises (beside what *invoke* does):
        RefusedError: the version was stopped before the environment had the event.
    """

    def wrapped(self: ExecutionEnvironment, invocation: Invocation) -> InvocationResult:
        self.runtime_executor.client_context = decoded_client_context(invocation.client_context)
        try:
            return invoke(self, invocation)
        except (AssertionError, LambdaRuntimeException) as error:  # theirs, and the executor's
            if self.status is RuntimeStatus.STOPPED:
                raise RefusedError(Refusal.VERSION_STOPPED, 0.0) from error
            raise

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
