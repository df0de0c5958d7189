"""Whether policies count in an emulator that is graded in: asked for over its endpoint."""

from __future__ import annotations

from typing import Any, Final

import requests

PATH: Final = "/_localstack/standalone/iam"
TIMEOUT_S: Final = 10.0


def enforce(endpoint: str) -> None:
    """Have the emulator at *endpoint* refuse what no policy allows, as AWS does."""
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands before loopback
        answer = session.post(f"{endpoint}{PATH}", json={"mode": "enforce"}, timeout=TIMEOUT_S)
        answer.raise_for_status()


def mode(endpoint: str) -> Any:
    """What comes of a refusal there."""
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"{endpoint}{PATH}", timeout=TIMEOUT_S).json()["mode"]
