"""Who calls, and what limits that.

A user's or a session's key, as IAM and STS of this emulator gave it out, has that one's policies.
Every other key (``test``, twelve digits, one of somebody's own account) is the account's
administrator, as it always was here: nobody asks what that may do.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final

from localstack_standalone.access.evaluation import NamedPolicy
from localstack_standalone.access.principal import Identity, IdentityKind
from localstack_standalone.iam import keys
from localstack_standalone.iam.directory import Directory, Principal
from localstack_standalone.iam.sessions import Session

ANONYMOUS: Final = "anonymous"
_TYPES: Final = {
    IdentityKind.USER: "User",
    IdentityKind.SESSION: "AssumedRole",
    IdentityKind.FEDERATED: "FederatedUser",
    IdentityKind.ANONYMOUS: "Anonymous",
}


@dataclasses.dataclass(frozen=True)
class Caller:
    """Who calls.

    Attributes:
        identity: as policies name it.
        principal: whose permissions count: a user's or role's ARN, or a service's name.
        policies: identity-based ones.
        boundary: the permissions boundary; none or one.
        session: session policies.
        conditions: condition keys of the principal.
        inactive: whether its key was switched off.
        missing: whether the role was never made, or is gone.
    """

    identity: Identity
    principal: str
    policies: tuple[NamedPolicy, ...] = ()
    boundary: tuple[NamedPolicy, ...] = ()
    session: tuple[NamedPolicy, ...] = ()
    conditions: Mapping[str, str | Sequence[str]] = dataclasses.field(default_factory=dict)
    inactive: bool = False
    missing: bool = False


class Callers:
    """Tells who calls."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def of_key(self, key: str, account: str, partition: str) -> Caller | None:
        """Whose *key* is; None for the account's administrator."""
        if not keys.may_be_known(key):
            return None
        user = self._directory.user_of(key, account, partition)
        if user is not None:
            principal, active = user
            return dataclasses.replace(self._of_user(principal, account), inactive=not active)
        session = self._directory.session_of(key, account, partition)
        return None if session is None else self.of_session(session, account, partition)

    def of_session(self, session: Session, account: str, partition: str) -> Caller:
        """Who acts in *session*."""
        limits = tuple(self._directory.limits(session))
        if session.kind is IdentityKind.SESSION:
            caller = self._of_role(session, partition)
        else:
            user = self._directory.user(session.of)
            caller = (
                self._root(account, session.of) if user is None else self._of_user(user, account)
            )
        if session.kind is IdentityKind.FEDERATED:
            arn = f"arn:{partition}:sts::{account}:federated-user/{session.name}"
            identity = Identity(IdentityKind.FEDERATED, arn, account, None, session.name)
            caller = dataclasses.replace(caller, identity=identity)
        return dataclasses.replace(caller, session=limits)

    @staticmethod
    def of_service(name: str, account: str, source_arn: str | None) -> Caller:
        """The service with this principal, ``states.amazonaws.com``, on behalf of a resource.

        Source: IAM User Guide, "AWS global condition context keys".
        """
        owner = (source_arn or "").split(":")[4:5]
        conditions = {
            "aws:PrincipalServiceName": name,
            "aws:PrincipalIsAWSService": "true",
            "aws:SourceAccount": (owner and owner[0]) or account,
            **({"aws:SourceArn": source_arn} if source_arn else {}),
        }
        return Caller(Identity(IdentityKind.SERVICE, name), name, conditions=conditions)

    @staticmethod
    def anonymous() -> Caller:
        """Somebody without any key."""
        identity = Identity(IdentityKind.ANONYMOUS)
        return Caller(identity, ANONYMOUS, conditions={"aws:PrincipalType": "Anonymous"})

    @staticmethod
    def _root(account: str, arn: str) -> Caller:
        return Caller(Identity(IdentityKind.ROOT, arn, account), arn)

    def _of_user(self, user: Principal, account: str) -> Caller:
        identity = Identity(IdentityKind.USER, user.arn, account)
        more = {"aws:username": user.name, "aws:userid": user.id}
        return _caller(identity, user, user.tags, more)

    def _of_role(self, session: Session, partition: str) -> Caller:
        role = self._directory.role(session.of)
        account, name = session.of.split(":")[4], session.of.rpartition("/")[2]
        arn = f"arn:{partition}:sts::{account}:assumed-role/{name}/{session.name}"
        identity = Identity(IdentityKind.SESSION, arn, account, session.of, session.name)
        if role is None:
            return Caller(identity, session.of, missing=True)
        more = {"aws:userid": f"{role.id}:{session.name}"}
        return _caller(identity, role, {**role.tags, **session.tags}, more)


def _caller(
    identity: Identity, principal: Principal, tags: Mapping[str, str], more: Mapping[str, str]
) -> Caller:
    return Caller(
        identity,
        principal.arn,
        policies=principal.policies,
        boundary=principal.boundary,
        conditions={
            "aws:PrincipalArn": principal.arn,
            "aws:PrincipalAccount": identity.account,
            "aws:PrincipalType": _TYPES[identity.kind],
            "aws:PrincipalIsAWSService": "false",
            **more,
            **{f"aws:PrincipalTag/{key}": value for key, value in tags.items()},
        },
    )
