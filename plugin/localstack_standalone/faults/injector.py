"""The faults of calls, in LocalStack's handler chain: after a request was read, before its service.

All calls pass here: those of SDKs and functions, which come over HTTP, and those of services to
each other, in memory. The emulator's own have no faults, for AWS has no such call: log lines on
their way to CloudWatch, and roles that services assume.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from localstack.aws.api import CommonServiceException

from localstack_standalone.access.evaluation import AccessRequest, Decision, DecisionKind
from localstack_standalone.access.principal import Identity, IdentityKind
from localstack_standalone.access.refusal import message
from localstack_standalone.faults import errors, rule
from localstack_standalone.faults.errors import ServiceError
from localstack_standalone.faults.kind import OF_CALLS, FaultKind
from localstack_standalone.faults.rules import CallFacts, FaultRules
from localstack_standalone.faults.striking import suffer
from localstack_standalone.iam import keys, refusals
from localstack_standalone.iam.operations import table
from localstack_standalone.iam.operations.call import NeededAccess, OperationCall, Place
from localstack_standalone.iam.senders import Senders

_BY_LAMBDA_ITSELF: Final = frozenset({"logs", "cloudwatch"})
_NO_POLICY: Final = Decision(False, DecisionKind.NO_IDENTITY)  # noqa: FBT003 - as its fields are named


class FaultInjector:
    """Does to calls what rules ask for.

    Args:
        rules: of the emulator.
        senders: tell who sent a request.
    """

    def __init__(self, rules: FaultRules, senders: Senders) -> None:
        self._rules = rules
        self._senders = senders

    def end(self) -> None:
        """Have nothing fail any more."""
        self._rules.remove()

    def __call__(self, chain: Any, context: Any, _response: Any) -> None:
        """Delay a call, refuse it, lose it, or let it go on.

        Raises:
            CommonServiceException: the service's error.
        """
        if not self._rules.is_on:
            return
        if context.operation is None or context.service is None or _is_own(context):
            return
        needs = table.needed(_call(context)) or ()
        ids = self._rules.ledger.ids(
            context.request_id, context.request.headers.get("X-Amzn-Trace-Id")
        )
        service = rule.prefix(context.service.service_name)
        call = CallFacts(f"{service}:{context.operation.name}", tuple(_resources(needs)), ids)

        def refusal(kind: FaultKind) -> tuple[str, Exception]:
            error = self._error(kind, context, needs)
            return error.code, _exception(error)

        suffer(self._rules.strikes(call, OF_CALLS), chain, context.request, refusal)

    def _error(
        self, kind: FaultKind, context: Any, needs: tuple[NeededAccess, ...]
    ) -> ServiceError:
        service = context.service.service_name
        if kind is FaultKind.THROTTLING:
            return errors.throttled(service, context.service.protocol)
        if kind is FaultKind.INTERNAL_ERROR:
            return errors.failed(service)
        if kind is FaultKind.UNAVAILABLE:
            return errors.unavailable(service)
        if kind is FaultKind.NO_SUCH_BUCKET:
            return errors.no_such_bucket(str((context.service_request or {}).get("Bucket", "")))
        denied = refusals.denied(service)
        return ServiceError(denied.code, self._words(context, needs), denied.status)

    def _words(self, context: Any, needs: tuple[NeededAccess, ...]) -> str:
        """Those of who has no policy that allows it."""
        caller = self._senders.of(context)
        account = context.account_id
        root = f"arn:{context.partition}:iam::{account}:root"
        identity = caller.identity if caller else Identity(IdentityKind.ROOT, root, account)
        action = f"{rule.prefix(context.service.service_name)}:{context.operation.name}"
        needed = needs[-1] if needs else NeededAccess(action)
        request = AccessRequest(identity, needed.action, needed.resource, needed.context)
        return message(request, _NO_POLICY)


def _is_own(context: Any) -> bool:
    """Whether the emulator calls for itself, where AWS has no call that could fail."""
    told = context.internal_request_params
    if told is None:
        return False
    key = keys.of(context.request.headers, context.request.args)
    if key and keys.may_be_known(key):
        return False  # with a role: a task, an integration
    service, principal = context.service.service_name, told.get("service_principal")
    if not principal or service == "sts":
        return True
    return principal == "lambda" and service in _BY_LAMBDA_ITSELF


def _call(context: Any) -> OperationCall:
    return OperationCall(
        service=context.service.service_name,
        operation=context.operation.name,
        parameters=context.service_request or {},
        place=Place(context.account_id, context.region, context.partition),
        method=context.request.method,
        path=context.request.path,
    )


def _resources(needs: tuple[NeededAccess, ...]) -> Iterator[str]:
    """As rules name them: ``bucket/key``, ``ImageResizeFunction``; of an ARN what is behind."""
    for needed in needs:
        rest = needed.resource.split(":", 5)[-1]
        kind, colon, name = rest.partition(":")
        if rest.startswith("/") or needed.action.startswith("s3:") or not colon:
            yield rest
        else:
            yield name.split(":", 1)[0] if kind == "function" else name


def _exception(error: ServiceError) -> CommonServiceException:
    made = CommonServiceException(
        error.code, error.message, error.status, sender_fault=error.is_senders
    )
    for member, value in error.members.items():
        setattr(made, member, value)
    return made
