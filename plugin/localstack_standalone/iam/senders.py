"""Who sent a request: somebody with a key, a service of the emulator, or nobody in particular."""

from __future__ import annotations

from typing import Any

from localstack_standalone.access.principal import IdentityKind
from localstack_standalone.iam import keys
from localstack_standalone.iam.callers import Caller, Callers
from localstack_standalone.iam.resources import ResourcePolicies, bucket_name
from localstack_standalone.iam.sessions import Session


class Senders:
    """Tells the caller of each request in LocalStack's chain of handlers."""

    def __init__(self, callers: Callers, resources: ResourcePolicies) -> None:
        self._callers = callers
        self._resources = resources

    def of(self, context: Any) -> Caller | None:
        """Who sent it; None for the emulator itself, and for the account's administrator."""
        key = keys.of(context.request.headers, context.request.args)
        if key is None and context.operation.name == "PostObject":
            key = keys.of_fields(context.request.form)
        known = self._callers.of_key(key, context.account_id, context.partition) if key else None
        if known is not None:
            return known
        if context.internal_request_params is not None:
            return self._service(context, context.internal_request_params)
        if key is None and context.service.service_name == "s3":
            return self._callers.anonymous()
        return None

    def of_key(self, key: str | None, account: str, partition: str) -> Caller | None:
        """Whose *key* is; somebody anonymous without one, None for the administrator."""
        if key is None:
            return self._callers.anonymous()
        return self._callers.of_key(key, account, partition)

    def service(self, name: str, context: Any, source_arn: str | None) -> Caller:
        """The service *name*, ``states``, on behalf of *source_arn*."""
        source = source_arn or ""
        owner = self._resources.owner(bucket_name(source)) if ":s3:::" in source else None
        return self._callers.of_service(
            f"{name}.amazonaws.com", owner or context.account_id, source_arn
        )

    def _service(self, context: Any, told: Any) -> Caller | None:
        """Whoever LocalStack says that it calls for; None where it calls for itself."""
        name, source_arn = told.get("service_principal"), told.get("source_arn")
        if not name:
            return None
        if name == "lambda" and context.service.service_name == "logs" and source_arn:
            return self._function(context, source_arn)
        return self.service(name, context, source_arn)

    def _function(self, context: Any, arn: str) -> Caller | None:
        """A function, whose lines Lambda brings to CloudWatch Logs with its role.

        Source: Lambda Developer Guide, "Defining Lambda function permissions with an execution
        role".
        """
        role = self._resources.role_of_function(arn)
        if role is None:
            return None
        session = Session(IdentityKind.SESSION, role, arn.split(":")[6])
        return self._callers.of_session(session, context.account_id, context.partition)
