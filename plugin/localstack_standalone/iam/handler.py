"""The check in LocalStack's handler chain: after a request was read, before a service has it."""

from __future__ import annotations

from typing import Any, Final

from localstack.aws.api import CommonServiceException
from localstack.aws.handlers import handle_service_exception

from localstack_standalone.access.principal import IdentityKind
from localstack_standalone.access.refusal import message
from localstack_standalone.iam import refusals
from localstack_standalone.iam.callers import Caller, Callers
from localstack_standalone.iam.directory import Directory
from localstack_standalone.iam.documents import Documents
from localstack_standalone.iam.judge import Judge
from localstack_standalone.iam.ledger import AccessLedger
from localstack_standalone.iam.mode import Mode
from localstack_standalone.iam.notices import Notices
from localstack_standalone.iam.operations import s3, sts, table
from localstack_standalone.iam.operations.call import NeededAccess, OperationCall, Place
from localstack_standalone.iam.resources import ResourcePolicies, bucket_name
from localstack_standalone.iam.senders import Senders
from localstack_standalone.iam.sessions import Sessions

# What services do by themselves, and the policy of a resource alone decides.
_BY_SERVICES: Final = frozenset({"lambda:InvokeFunction", sts.ASSUME_ROLE})
# With these a role is given to Step Functions, which looks whether it may have it.
_GIVING: Final = frozenset({"CreateStateMachine", "UpdateStateMachine", "TestState"})
_NOT_ASSUMABLE: Final = (
    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized "
    "to assume the provided role."
)
# Of this one, each key is asked about where they are deleted (`services.s3`).
_KEY_BY_KEY: Final = "DeleteObjects"
_READING: Final = frozenset({"GetObject", "HeadObject", "GetObjectAttributes"})


class AccessControl:
    """Asks the policies of who calls and of what the call is for.

    Attributes:
        mode: what comes of a refusal.
        ledger: what was asked.
        senders: tell who sent a request.
        sessions: temporary keys.
        directory: what IAM holds.
    """

    def __init__(self, mode: Mode) -> None:
        documents = Documents()
        self.mode = mode
        self.ledger = AccessLedger()
        self.sessions = Sessions()
        self.directory = Directory(documents, self.sessions)
        self._resources = ResourcePolicies(documents, self.directory)
        self.senders = Senders(Callers(self.directory), self._resources)
        self._judge = Judge(self._resources)
        self._notices = Notices(self.ledger)

    def change_to(self, mode: Mode) -> None:
        """Have *mode* from the next request on; OFF as WARN, for what was put in stays."""
        self.mode = Mode.ENFORCE if mode is Mode.ENFORCE else Mode.WARN

    def __call__(self, _chain: Any, context: Any, _response: Any) -> None:
        """Let a request go on, or raise the service's error for what it may not.

        Raises:
            CommonServiceException: AWS would refuse it, and the mode is to enforce.
        """
        if context.operation is None or context.service is None:
            return
        self._look_at_given_role(context)
        caller = self.senders.of(context)
        if caller is None:
            return
        if caller.inactive and self.mode is Mode.ENFORCE:
            error, words = refusals.unusable_key(context.service.service_name)
            raise _exception(error, words)
        call = self._call(context)
        needs = table.needed(call)
        if needs is None:
            self._notices.unknown(call.service, call.operation)
            return
        if call.operation == _KEY_BY_KEY:
            return
        for needed in needs:
            refusal = self._refusal(context, caller, needed)
            if refusal is not None:
                raise refusal

    def hide_missing(self, _chain: Any, context: Any, response: Any) -> None:
        """Answer that a key is denied, and not that it is missing, to who may not list the bucket.

        AWS: without s3:ListBucket, GetObject and HeadObject of a key that is not there are 403
        AccessDenied, and the message speaks of s3:ListBucket (Amazon S3 API Reference, GetObject,
        "Permissions").
        """
        if getattr(context.service_exception, "code", None) != "NoSuchKey":
            return
        caller = self.senders.of(context) if context.operation.name in _READING else None
        if caller is None:
            return
        call = self._call(context)
        bucket = s3.bucket_arn(call, str(call.parameters.get("Bucket")))
        refusal = self._refusal(context, caller, NeededAccess(s3.LISTING, bucket))
        if refusal is not None:
            answer = handle_service_exception.create_exception_response(refusal, context)
            response.update_from(answer)

    def may_assume(self, context: Any, service: str, role: str, source_arn: str | None) -> bool:
        """Whether *role* lets *service*, such as ``states``, have it on behalf of *source_arn*."""
        caller = self.senders.service(service, context, source_arn)
        needed = NeededAccess(sts.ASSUME_ROLE, role)
        request, decision = self._judge.decide(context, caller, needed)
        self._notices.tell(caller, request, decision)
        return decision.allowed

    def allows(self, context: Any, caller: Caller, needed: NeededAccess) -> bool:
        """Whether *caller* may do what is *needed*; said in the log, and true, where not enforced.

        Args:
            context: what has the request, its region and account.
            caller: who asks.
            needed: for what.
        """
        request, decision = self._judge.decide(context, caller, needed)
        self._notices.tell(caller, request, decision)
        return decision.allowed or self.mode is not Mode.ENFORCE

    def trust(self, role: str) -> str:
        """What is another text as soon as the trust policy of *role*, an ARN, is another."""
        found = self.directory.role(role)
        return (found.trust_document or "") if found else ""

    def refusals(self, context: Any) -> list[CommonServiceException | None]:
        """What of a call is refused, in the order of what it needs; None for the rest."""
        caller, needs = self.senders.of(context), table.needed(self._call(context)) or ()
        if caller is None:
            return [None] * len(needs)
        return [self._refusal(context, caller, needed) for needed in needs]

    def _refusal(
        self, context: Any, caller: Caller, needed: NeededAccess
    ) -> CommonServiceException | None:
        """The service's error for what may not be done; None where it is done."""
        if not self._is_asked(caller, needed):
            return None
        request, decision = self._judge.decide(context, caller, needed)
        self._notices.tell(caller, request, decision)
        if decision.allowed or self.mode is not Mode.ENFORCE:
            return None
        error = refusals.denied(context.service.service_name)
        return _exception(error, message(request, decision))

    def _look_at_given_role(self, context: Any) -> None:
        """Step Functions takes no role that it could not assume.

        Source: Step Functions Developer Guide, "Creating an IAM role for your state machine"; the
        words are those of published answers.
        """
        operation = context.operation.name
        if operation not in _GIVING or context.service.service_name != "stepfunctions":
            return
        parameters = context.service_request or {}
        role = parameters.get("roleArn")
        machine = parameters.get("stateMachineArn") or _place(context).arn(
            "states", f"stateMachine:{parameters.get('name', '')}"
        )
        if not role or self.may_assume(context, "states", role, machine):
            return
        if self.mode is Mode.ENFORCE:
            raise _exception(refusals.denied("stepfunctions"), _NOT_ASSUMABLE)

    def _is_asked(self, caller: Caller, needed: NeededAccess) -> bool:
        """Whether policies are asked: not for a bucket that is nowhere, which is no secret."""
        if caller.identity.kind is IdentityKind.SERVICE and needed.action not in _BY_SERVICES:
            return False
        if not needed.action.startswith("s3:") or needed.action == "s3:CreateBucket":
            return True
        name = bucket_name(needed.resource)
        return name == "*" or self._resources.owner(name) is not None

    def _call(self, context: Any) -> OperationCall:
        place = _place(context)
        return OperationCall(
            service=context.service.service_name,
            operation=context.operation.name,
            parameters=context.service_request or {},
            place=place,
            method=context.request.method,
            path=context.request.path,
            arn_of=lambda kind, name: self.directory.arn_of(
                kind, name, place.account, place.partition
            ),
        )


def _place(context: Any) -> Place:
    return Place(context.account_id, context.region, context.partition)


def _exception(error: refusals.AccessError, words: str) -> CommonServiceException:
    return CommonServiceException(error.code, words, error.status, sender_fault=True)
