from __future__ import annotations

from types import SimpleNamespace

from localstack_standalone.access.principal import IdentityKind
from localstack_standalone.iam.sessions import Session, Sessions

ROLE = "arn:aws:iam::000000000000:role/tea"


def test_a_key_is_whose_it_was_said_to_be() -> None:
    """And nobody else's."""
    sessions, session = Sessions(), Session(IdentityKind.SESSION, ROLE, "cup")
    sessions.add("ASIA1", session)
    assert session is sessions.find("ASIA1", ())
    assert sessions.find("ASIA2", ()) is None


def test_a_role_that_nobody_told_of_is_found_among_the_assumed_once() -> None:
    """Those of AssumeRoleWithWebIdentity, say: moto has them in a list."""
    assumed = [
        SimpleNamespace(access_key_id=key, role_arn=ROLE, session_name=key.lower(), policy="{}")
        for key in ("ASIA1", "ASIA2")
    ]
    sessions = Sessions()
    found = sessions.find("ASIA2", assumed)
    assert Session(IdentityKind.SESSION, ROLE, "asia2", "{}") == found
    assert found is sessions.find("ASIA2", ())
