"""Who asks, and whether a resource's policy means them.

Source: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal".
"""

from __future__ import annotations

import dataclasses
import enum


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
            federated is a session of GetFederationToken.
        arn: as GetCallerIdentity gives it; of a service its name (``states.amazonaws.com``); empty
            for somebody anonymous.
        account: twelve digits; empty for a service and for somebody anonymous.
        role_arn: of a session: ``arn:aws:iam::…:role/…``, with the role's path.
        session_name: of a session and of somebody federated.
    """

    kind: IdentityKind
    arn: str = ""
    account: str = ""
    role_arn: str | None = None
    session_name: str | None = None
