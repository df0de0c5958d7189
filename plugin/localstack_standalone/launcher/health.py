"""Ready means that a request would succeed: the gateway answers, with our executor behind it.

Standard library alone: a container's health check is a new process each time.
"""

from __future__ import annotations

import dataclasses
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any, Final

EXECUTOR: Final = "localstack_standalone.lambda_process.executor.ProcessRuntimeExecutor"


@dataclasses.dataclass(frozen=True)
class Health:
    """What an emulator says of itself.

    Attributes:
        ready: a request would succeed.
        seen: what was seen, in words.
        hopeless: it answers, and waiting will not make it right.
        unknown: the services that it was asked for and does not know.
        known: where there are such, those that it knows.
    """

    ready: bool
    seen: str
    hopeless: bool = False
    unknown: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


def check(endpoint: str, services: Sequence[str] = ()) -> Health:
    """Ask the emulator at *endpoint* how it is; never raises for one that does not answer.

    Args:
        endpoint: its base URL.
        services: what it must serve; by default, what it was told to.
    """
    served = check_services(endpoint, services)
    if not served.ready:
        return served
    try:
        executor = _executor(endpoint)
    except (OSError, ValueError) as error:
        return silent(endpoint, error)
    if executor != EXECUTOR:
        seen = f"Lambda functions would run with {executor}, not with {EXECUTOR}"
        return Health(ready=False, seen=seen, hopeless=True)
    return served


def check_services(endpoint: str, services: Sequence[str] = ()) -> Health:
    """Whether these services are served; the one question that leaves no line in a log."""
    try:
        states = fetch(endpoint, "health").get("services", {})
    except (OSError, ValueError) as error:
        return silent(endpoint, error)
    unknown = tuple(name for name in services if name not in states)
    if unknown:
        seen = f"LocalStack has no service {', '.join(unknown)}"
        return Health(ready=False, seen=seen, hopeless=True, unknown=unknown, known=tuple(states))
    told = services or [name for name, state in states.items() if state != "disabled"]
    missing = [name for name in told if states[name] not in ("available", "running")]
    if missing:
        return Health(ready=False, seen=f"services not available: {', '.join(missing)}")
    return Health(ready=True, seen="ready")


def sandbox(endpoint: str) -> str | None:
    """What keeps functions from the machine, in words; None where the emulator does not tell."""
    try:
        told = fetch(endpoint, "standalone")["sandbox"]
        sandboxed, reasons = told["sandboxed"], (told["why"], told["advice"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if sandboxed:
        return "each environment of a function has one"
    return f"none: functions are ordinary processes ({'; '.join(filter(None, reasons))})"


def silent(endpoint: str, error: Exception) -> Health:
    """The health of one that did not answer."""
    return Health(ready=False, seen=f"no answer from {endpoint} ({error})")


def fetch(endpoint: str, path: str) -> dict[str, Any]:
    """What the emulator at *endpoint* says at *path* below ``/_localstack/``.

    Raises:
        OSError: it does not answer.
        ValueError: that is not JSON.
    """
    # No proxy: the emulator is on loopback, whatever the environment says about the rest.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{endpoint}/_localstack/{path}", timeout=5) as response:
        told: dict[str, Any] = json.load(response)
        return told


def _executor(endpoint: str) -> str:
    """What runs Lambda functions; an emulator without our plugin does not say."""
    try:
        return str(fetch(endpoint, "standalone").get("executor"))
    except urllib.error.HTTPError as error:
        return f"an executor of its own ({error.url} answered {error.code}: no plugin of ours)"
