"""Who asks, and whether a resource's policy means them.

Source: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal".
"""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Iterator
from typing import Any, Final, Self

_EVERYBODY: Final = "*"
_KINDS: Final = ("AWS", "Service", "Federated", "CanonicalUser")
_ACCOUNT: Final = re.compile(r"(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?")


class InvalidPrincipalError(ValueError):
    """A Principal or NotPrincipal element that is neither ``*`` nor a map of principals."""


class IdentityKind(enum.StrEnum):
    """Who can ask."""

    ROOT = "root"
    USER = "user"
    SESSION = "session"
    FEDERATED = "federated"
    SERVICE = "service"
    ANONYMOUS = "anonymous"


@dataclasses.dataclass(frozen=True)
class Identity:
    """Who asks.

    Attributes:
        kind: root is the account's root user, and whoever may do all; a session is one of a role;
            federated is a session of GetFederationToken, or one who comes with a token of another
            provider to assume a role.
        arn: as GetCallerIdentity gives it; of a service its name (``states.amazonaws.com``), of who
            comes with a token the provider's; empty for somebody anonymous.
        account: twelve digits; empty for a service and for somebody anonymous.
        role_arn: of a session: ``arn:aws:iam::…:role/…``, with the role's path; of a session of
            GetFederationToken the ARN of the user who began it.
        session_name: of a session.
    """

    kind: IdentityKind
    arn: str = ""
    account: str = ""
    role_arn: str | None = None
    session_name: str | None = None


class Reach(enum.IntEnum):
    """How a policy names who asks; the greater, the less do other policies limit them."""

    ACCOUNT = 1
    """By the account, which may delegate to whom it likes."""
    PARENT = 2
    """By the role of a session, or by the user who federated."""
    DIRECT = 3
    """By themselves, or with everybody."""


@dataclasses.dataclass(frozen=True)
class PrincipalElement:
    """Those whom a Principal or NotPrincipal lists.

    Attributes:
        everybody: whether that is all there are. ``*`` and ``{"AWS": "*"}`` are equivalent.
        accounts: by number.
        arns: of users, roles, sessions and federated users.
        services: by name.
        providers: of web identities and SAML.
    """

    everybody: bool
    accounts: frozenset[str]
    arns: frozenset[str]
    services: frozenset[str]
    providers: frozenset[str]

    @classmethod
    def read(cls, element: Any) -> Self:
        """The element as it stands in a document.

        A canonical user is read, and matches nobody: no identity here has such a name.

        Raises:
            InvalidPrincipalError: it is no such element.
        """
        listed = {kind: frozenset(_listed(element, kind)) for kind in _KINDS}
        numbers = {name: _ACCOUNT.fullmatch(name) for name in listed["AWS"]}
        return cls(
            everybody=_EVERYBODY in listed["AWS"],
            accounts=frozenset(number[1] for number in numbers.values() if number),
            arns=frozenset(name for name, number in numbers.items() if not number),
            services=listed["Service"],
            providers=listed["Federated"],
        )

    def reach(self, identity: Identity) -> Reach | None:
        """How closely *identity* is named; None where it is not.

        Names are compared as they are: "You cannot use a wildcard to match part of a principal
        name or ARN."
        """
        if self.everybody or self._names(identity):
            return Reach.DIRECT
        if identity.role_arn in self.arns:
            return Reach.PARENT
        return Reach.ACCOUNT if identity.account in self.accounts else None

    def names_wholly(self, identity: Identity) -> bool:
        """Whether *identity* is named on each level that it has: account, role, session.

        "If an assumed-role user … is being evaluated, AWS might validate the account first, then
        the role, and then the assumed-role user": NotPrincipal with Deny spares whom it lists on
        all.
        """
        if self.everybody:
            return True
        parent = identity.role_arn is None or identity.role_arn in self.arns
        account = not identity.account or identity.account in self.accounts
        return account and parent and self._names(identity)

    def _names(self, identity: Identity) -> bool:
        match identity.kind:
            case IdentityKind.SERVICE:
                return identity.arn in self.services
            case IdentityKind.FEDERATED:
                return identity.arn in self.arns | self.providers
            case _:
                return identity.arn in self.arns


def _listed(element: Any, kind: str) -> Iterator[str]:
    """The names of *kind* in *element*."""
    if element == _EVERYBODY:
        element = {"AWS": _EVERYBODY}
    if not isinstance(element, dict) or not element or set(element) - set(_KINDS):
        raise InvalidPrincipalError("a principal is * or a map of AWS, Service, Federated")
    names = element.get(kind)
    if kind not in element:
        return
    for name in names if isinstance(names, list) and names else [names]:
        if not isinstance(name, str):
            raise InvalidPrincipalError(f"a principal of kind {kind} is a text")
        yield name
