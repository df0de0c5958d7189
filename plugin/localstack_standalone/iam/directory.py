"""What IAM and STS of this emulator hold, in moto's backends: users, roles, keys and policies.

They are read anew for each request, so that a change holds from the next one on; what is costly, a
document's reading, is remembered in `documents`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from localstack_standalone.access.document import PolicyKind
from localstack_standalone.access.evaluation import NamedPolicy
from localstack_standalone.iam.documents import Documents
from localstack_standalone.iam.sessions import Session, Sessions


@dataclasses.dataclass(frozen=True)
class Principal:
    """A user or a role.

    Attributes:
        arn: its ARN.
        id: its unique id.
        name: its name.
        documents: the names and texts of its own policies and its groups'.
        policies: the same, read.
        boundary: its permissions boundary; none or one.
        tags: its tags.
        trust: of a role, who may assume it; none or one.
        trust_document: likewise, as it was given.
    """

    arn: str
    id: str
    name: str
    documents: tuple[tuple[str, str], ...]
    policies: tuple[NamedPolicy, ...]
    boundary: tuple[NamedPolicy, ...]
    tags: Mapping[str, str]
    trust: tuple[NamedPolicy, ...] = ()
    trust_document: str | None = None


class Directory:
    """IAM of all accounts."""

    def __init__(self, documents: Documents, sessions: Sessions) -> None:
        self._documents = documents
        self.sessions = sessions

    def user_of(self, key: str, account: str, partition: str) -> tuple[Principal, bool] | None:
        """The user whose key this is, and whether the key is active; None where it is nobody's."""
        backend = self._backend(account, partition)
        found = backend and backend.access_keys.get(key)
        user = found and found.user_name and backend.users.get(found.user_name)
        return (self._user(backend, user), found.status == "Active") if user else None

    def session_of(self, key: str, account: str, partition: str) -> Session | None:
        """The session whose key this is; None where it is none's."""
        from moto.sts.models import sts_backends

        if account not in sts_backends:
            return self.sessions.find(key, ())
        return self.sessions.find(key, sts_backends[account][partition].assumed_roles)

    def user(self, arn: str) -> Principal | None:
        """The user with this ARN."""
        backend = self._backend_of(arn)
        user = backend and backend.users.get(arn.rpartition("/")[2])
        return self._user(backend, user) if user else None

    def role(self, arn: str) -> Principal | None:
        """The role with this ARN."""
        backend = self._backend_of(arn)
        for role in list(backend.roles.values()) if backend else ():
            if role.arn == arn:
                return self._role(backend, role)
        return None

    def roles(self) -> Iterator[Principal]:
        """All roles of all accounts."""
        for backend in self._backends():
            for role in list(backend.roles.values()):
                yield self._role(backend, role)

    def users(self) -> Iterator[Principal]:
        """All users of all accounts."""
        for backend in self._backends():
            for user in list(backend.users.values()):
                yield self._user(backend, user)

    def group(self, arn: str) -> Principal | None:
        """The group with this ARN: no principal, but it has policies."""
        backend = self._backend_of(arn)
        group = backend and backend.groups.get(arn.rpartition("/")[2])
        if not group:
            return None
        documents = tuple(_held(group))
        policies = self._read(documents)
        return Principal(group.arn, group.id, group.name, documents, policies, (), {})

    def arn_of(self, kind: str, name: str, account: str, partition: str) -> str | None:
        """The ARN of the role, user or group *name*, with its path."""
        backend = self._backend(account, partition)
        if backend is None:
            return None
        if kind == "role":
            return next((each.arn for each in backend.roles.values() if each.name == name), None)
        there = {"user": backend.users, "group": backend.groups}.get(kind, {}).get(name)
        return there.arn if there else None

    def limits(self, session: Session) -> Iterator[NamedPolicy]:
        """The session policies of *session*; one that is not usable allows nothing."""
        backend, kind = self._backend_of(session.of), PolicyKind.SESSION
        if session.policy:
            yield from self._documents.limiting("session policy", session.policy, kind)
        for arn in session.policy_arns:
            policy = backend and backend.managed_policies.get(arn)
            yield from self._documents.limiting(arn, policy and _document(policy), kind)

    def _user(self, backend: Any, user: Any) -> Principal:
        groups = (group for group in list(backend.groups.values()) if user in group.users)
        documents = tuple(named for each in (user, *groups) for named in _held(each))
        return Principal(
            arn=user.arn,
            id=user.id,
            name=user.name,
            documents=documents,
            policies=self._read(documents),
            boundary=self._boundary(backend, user),
            tags=_tags(backend.tagger.list_tags_for_resource(user.arn)["Tags"]),
        )

    def _role(self, backend: Any, role: Any) -> Principal:
        trust, documents = role.assume_role_policy_document, tuple(_held(role))
        return Principal(
            arn=role.arn,
            id=role.id,
            name=role.name,
            documents=documents,
            policies=self._read(documents),
            boundary=self._boundary(backend, role),
            tags=_tags(role.tags),
            trust=self._documents.named(f"trust policy of {role.name}", trust, PolicyKind.TRUST),
            trust_document=trust,
        )

    def _read(self, documents: Iterable[tuple[str, str]]) -> tuple[NamedPolicy, ...]:
        kind = PolicyKind.IDENTITY
        return tuple(
            policy for name, text in documents for policy in self._documents.named(name, text, kind)
        )

    def _boundary(self, backend: Any, holder: Any) -> tuple[NamedPolicy, ...]:
        """Moto keeps a role's, LocalStack a user's; one that is gone allows nothing."""
        arn = getattr(holder, "permissions_boundary_arn", None) or getattr(
            holder, "permissions_boundary", None
        )
        if not arn:
            return ()
        policy = backend.managed_policies.get(arn)
        text = policy and _document(policy)
        return self._documents.limiting(arn, text, PolicyKind.BOUNDARY)

    def _backend_of(self, arn: str) -> Any:
        parts = arn.split(":")
        return self._backend(parts[4], parts[1]) if len(parts) > 5 else None  # noqa: PLR2004 - an ARN's

    @staticmethod
    def _backend(account: str, partition: str) -> Any:
        """None where nothing was ever made; asking for one would make it."""
        from moto.iam.models import iam_backends

        return iam_backends[account][partition] if account in iam_backends else None

    @staticmethod
    def _backends() -> Iterator[Any]:
        from moto.iam.models import iam_backends

        for account in list(iam_backends):
            yield from list(iam_backends[account].values())


def _held(holder: Any) -> Iterator[tuple[str, str]]:
    """Names and texts of the policies of a user, a group or a role."""
    yield from list(holder.policies.items())
    for arn, policy in list(holder.managed_policies.items()):
        yield arn, _document(policy) or ""


def _document(policy: Any) -> str | None:
    """The default version's document."""
    for version in policy.versions:
        if version.version_id == policy.default_version_id:
            return str(version.document)
    return None


def _tags(tags: Any) -> dict[str, str]:
    listed = tags.values() if isinstance(tags, dict) else tags or ()
    return {tag["Key"]: tag["Value"] for tag in listed}
