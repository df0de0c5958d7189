"""Temporary credentials: of whom they are, and what was said when they were given."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from localstack_standalone.access.principal import IdentityKind


@dataclasses.dataclass(frozen=True)
class Session:
    """What stands behind a temporary access key.

    Attributes:
        kind: SESSION of a role, FEDERATED, or USER for GetSessionToken's.
        of: the ARN of the role, or of the user.
        name: of the session.
        policy: the document that limits it; None without one.
        policy_arns: managed policies that do.
        tags: given with it.
    """

    kind: IdentityKind
    of: str
    name: str = ""
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()
    tags: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Sessions:
    """All temporary keys that STS gave out here. Those that nobody told of are looked for once."""

    def __init__(self) -> None:
        self._by_key: dict[str, Session] = {}

    def add(self, key: str, session: Session) -> None:
        """Remember whose *key* is."""
        self._by_key[key] = session

    def find(self, key: str, assumed: Iterable[Any]) -> Session | None:
        """Whose *key* is; else it is looked for in *assumed*, moto's list of assumed roles."""
        known = self._by_key.get(key)
        if known is None:
            for each in assumed:
                if each.access_key_id == key:
                    known = Session(
                        IdentityKind.SESSION, each.role_arn, each.session_name, each.policy
                    )
                    self.add(key, known)
        return known
