"""STS remembers whose the credentials are that it gives out, and what they were given with.

AWS: credentials of GetSessionToken are the user's own, those of GetFederationToken are limited by
the policies in the request, and GetCallerIdentity says whose they are (STS API Reference).
LocalStack gives everybody the same example key with both, and forgets PolicyArns of AssumeRole.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.services.moto import call_moto
from localstack.utils.patch import patch

from localstack_standalone.access.principal import IdentityKind
from localstack_standalone.iam.handler import AccessControl
from localstack_standalone.iam.sessions import Session


def remember(control: AccessControl, module: ModuleType) -> None:
    """Patch the provider's operations that give credentials, and the one that tells whose."""
    provider = module.StsProvider

    @patch(provider.assume_role)
    def assume_role(original: Any, self: Any, context: Any, **parameters: Any) -> Any:
        answer = original(self, context, **parameters)
        request = context.service_request
        session = Session(
            IdentityKind.SESSION,
            request["RoleArn"],
            request["RoleSessionName"],
            request.get("Policy"),
            _arns(request),
            {tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()},
        )
        control.sessions.add(answer["Credentials"]["AccessKeyId"], session)
        return answer

    @patch(provider.get_caller_identity)
    def get_caller_identity(original: Any, self: Any, context: Any, **parameters: Any) -> Any:
        answer = original(self, context, **parameters)
        caller = control.senders.of(context)
        if caller is not None and caller.identity.kind is not IdentityKind.SERVICE:
            answer["Arn"] = caller.identity.arn
            answer["UserId"] = caller.conditions.get("aws:userid", answer["UserId"])
        return answer

    def get_session_token(_self: Any, context: Any, **_parameters: Any) -> Any:
        return _own_credentials(control, context, IdentityKind.USER)

    def get_federation_token(_self: Any, context: Any, **_parameters: Any) -> Any:
        return _own_credentials(control, context, IdentityKind.FEDERATED)

    provider.get_session_token = get_session_token
    provider.get_federation_token = get_federation_token


def _own_credentials(control: AccessControl, context: Any, kind: IdentityKind) -> Any:
    """Moto's answer with a key of its own, which is remembered as the caller's."""
    from moto.iam.models import iam_backends

    answer = call_moto(context)
    made = iam_backends[context.account_id][context.partition].create_temp_access_key()
    answer["Credentials"] |= {
        "AccessKeyId": made.access_key_id,
        "SecretAccessKey": made.secret_access_key,
    }
    caller, request = control.senders.of(context), context.service_request
    if caller is not None:
        session = Session(
            kind,
            caller.identity.arn,
            request.get("Name", ""),
            request.get("Policy"),
            _arns(request),
            {tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()},
        )
        control.sessions.add(made.access_key_id, session)
    return answer


def _arns(request: Any) -> tuple[str, ...]:
    return tuple(each["arn"] for each in request.get("PolicyArns") or ())
