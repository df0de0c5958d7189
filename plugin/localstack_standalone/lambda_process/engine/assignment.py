"""Which environment an invocation gets: LocalStack's assignment service, with an admission.

LocalStack throttles what it has no environment for, and its own lists change while it reads them.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, Final, cast

from botocore.exceptions import ClientError
from localstack.aws.api import CommonServiceException
from localstack.aws.api.lambda_ import (
    ResourceConflictException,
    ResourceNotFoundException,
    ServiceException,
)
from localstack.services.lambda_.invocation.assignment import (
    AssignmentException,
    AssignmentService,
)
from localstack.services.lambda_.invocation.execution_environment import (
    ExecutionEnvironment,
    InvalidStatusException,
    RuntimeStatus,
)
from localstack.services.lambda_.invocation.lambda_models import (
    FunctionVersion,
    InitializationType,
    Invocation,
)
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.services.lambda_.invocation.runtime_executor import LambdaRuntimeException
from localstack.services.lambda_.invocation.version_manager import LambdaVersionManager
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils.aws.arns import lambda_function_arn
from localstack.utils.patch import Patch

from localstack_standalone.lambda_process.engine import bounds
from localstack_standalone.lambda_process.engine.admission import (
    Admission,
    AdmissionRefusal,
    NotAdmittedError,
    Ticket,
)

LOG = logging.getLogger(__name__)

# A function runs for 15 minutes at most (Lambda's quotas page); nobody waits longer than that.
WAIT_S: Final = 900.0


class VersionEndedError(LambdaRuntimeException):
    """The environment ended with its version before it was given the event."""


def patch() -> None:
    """Have each invocation admitted before it gets an environment."""
    AssignmentService.get_environment = get_environment
    Patch.function(AssignmentService.__init__, with_admission).apply()
    Patch.function(AssignmentService.stop_environments_for_version, cancelling).apply()
    Patch.function(LambdaVersionManager.invoke, unless_it_stops).apply()
    Patch.function(LambdaService.invoke, going_on).apply()
    Patch.function(LambdaService.stop, without_waiters).apply()


class EnvironmentPool:
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


def with_admission(init: Callable[[AssignmentService], None], self: Any) -> None:
    """AssignmentService's *init*, which gives it an admission of its own."""
    init(self)
    self.admission = Admission(bounds.of_machine(), EnvironmentPool(self))


def running() -> Admission[ExecutionEnvironment] | None:
    """The admission of this emulator's Lambda; None before that was used."""
    if not SERVICE_PLUGINS.is_running("lambda"):
        return None
    provider: Any = SERVICE_PLUGINS.get_service("lambda")._provider  # noqa: SLF001 - no other way
    return admission_of(provider.lambda_service.assignment_service)


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
        NotAdmittedError: the version was stopped meanwhile.
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
    except NotAdmittedError as refused:
        if refused.why is AdmissionRefusal.VERSION_STOPPED:
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
    with _told_why_not():
        environment = service.start_environment(version_manager_id, function_version)
    environment.reserve()
    service.environments[version_manager_id][environment.id] = environment
    return environment


@contextlib.contextmanager
def _told_why_not() -> Iterator[None]:
    """What kept an environment from starting, where it is no error of this machine.

    Raises:
        NotAdmittedError: its version was stopped meanwhile.
        CommonServiceException: the function's role does not trust Lambda any more (IAM=enforce).
            CreateFunction refuses such a role in the same words; an environment that runs has
            credentials.
    """
    try:
        yield
    except AssignmentException as failed:
        cause = failed.__cause__
        if isinstance(cause, VersionEndedError):
            raise NotAdmittedError(AdmissionRefusal.VERSION_STOPPED, 0) from failed
        code = cause.response["Error"]["Code"] if isinstance(cause, ClientError) else None
        if code != "AccessDenied":
            raise
        words = "The role defined for the function cannot be assumed by Lambda."
        raise CommonServiceException("AccessDeniedException", words, 403, True) from failed  # noqa: FBT003 - LocalStack's


def unless_it_stops(
    invoke: Callable[..., Any], self: LambdaVersionManager, *, invocation: Invocation
) -> Any:
    """LambdaVersionManager's *invoke*, which has another word for a version that was replaced.

    Raises (beside what *invoke* does):
        NotAdmittedError: the version was stopped, and the emulator was not.
    """
    if self.shutdown_event.is_set() and not admission_of(self.assignment_service).stopped:
        raise NotAdmittedError(AdmissionRefusal.VERSION_STOPPED, 0)
    return invoke(self, invocation=invocation)


def cancelling(
    stop: Callable[[AssignmentService, str], None], self: AssignmentService, version_manager_id: str
) -> None:
    """AssignmentService's *stop* of a version's environments: its waiters' wait ends first."""
    for kind in InitializationType:
        admission_of(self).cancel((version_manager_id, kind))
    stop(self, version_manager_id)


def without_waiters(stop: Callable[[LambdaService], None], self: LambdaService) -> None:
    """LambdaService's *stop*: whoever waits is told first."""
    admission_of(self.assignment_service).stop()
    stop(self)


def going_on(invoke: Callable[..., Any], self: LambdaService, *arguments: Any, **named: Any) -> Any:
    """LambdaService's *invoke*: who waited for a version that was updated gets the new one.

    Raises (beside what *invoke* does):
        ResourceNotFoundException: the function was deleted meanwhile.
    """
    while True:
        try:
            return invoke(self, *arguments, **named)
        except NotAdmittedError:
            LOG.debug("The version was stopped before it had the event")
        except ResourceConflictException as stopped:
            if not str(stopped).endswith("Active"):  # it is pending, or has failed
                raise
            # Active but stopped, and not replaced: it is about to leave the store.
            where = [named[name] for name in ("function_name", "account_id", "region")]
            raise ResourceNotFoundException(
                f"Function not found: {lambda_function_arn(*where)}", Type="User"
            ) from stopped
