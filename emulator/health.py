"""Ready means that a request would succeed: the gateway answers, with our executor behind it."""

from __future__ import annotations

import dataclasses
import json
import urllib.error
import urllib.request
from typing import Any

SERVICES = (
    "apigateway",
    "cloudwatch",
    "events",
    "iam",
    "lambda",
    "logs",
    "s3",
    "stepfunctions",
    "sts",
)
EXECUTOR = "localstack_standalone.lambda_process.executor.ProcessRuntimeExecutor"


def with_services(others: str) -> str:
    """The pipeline's services and *others*, a list as in LocalStack's SERVICES."""
    named = (name.strip() for name in others.split(","))
    return ",".join(dict.fromkeys([*SERVICES, *filter(None, named)]))


@dataclasses.dataclass(frozen=True)
class Health:
    """What an emulator says of itself.

    Attributes:
        ready: a request would succeed.
        seen: what was seen, in words.
        hopeless: it answers, and waiting will not make it right.
    """

    ready: bool
    seen: str
    hopeless: bool = False


@dataclasses.dataclass(frozen=True)
class Environments:
    """What the emulator's Lambda does now: how many invocations wait, run, and so on.

    Attributes:
        waiting: invocations that wait for an execution environment.
        running: those that have one.
        starting: those whose environment starts.
        idle: environments with nothing to do.
        longest_wait_s: the longest wait since the emulator started, in seconds.
        at_work: how many may use the processor at once on this machine.
    """

    waiting: int
    running: int
    starting: int
    idle: int
    longest_wait_s: float
    at_work: int

    def __str__(self) -> str:
        """In words."""
        words = f"{self.running + self.starting} at work, {self.idle} idle"
        if not self.waiting:
            return words
        return f"{self.waiting} wait, {words}: this machine bears {self.at_work} at work"


def environments(endpoint: str) -> Environments | None:
    """Ask the emulator at *endpoint*; None where it does not tell."""
    try:
        told = _get(f"{endpoint}/_localstack/standalone")["environments"]
        return Environments(
            **{name: told[name] for name in Environments.__dataclass_fields__ if name in told},
            at_work=told["bounds"]["at_work"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def check(endpoint: str) -> Health:
    """Ask the emulator at *endpoint* how it is; never raises for one that does not answer."""
    services = check_services(endpoint)
    if not services.ready:
        return services
    try:
        executor = _executor(endpoint)
    except (OSError, ValueError) as error:
        return _silent(endpoint, error)
    if executor != EXECUTOR:
        seen = f"Lambda functions would run with {executor}, not with {EXECUTOR}"
        return Health(ready=False, seen=seen, hopeless=True)
    return services


def check_services(endpoint: str) -> Health:
    """Whether the pipeline's services answer; the one question that leaves no line in a log."""
    try:
        services = _get(f"{endpoint}/_localstack/health").get("services", {})
    except (OSError, ValueError) as error:
        return _silent(endpoint, error)
    missing = [name for name in SERVICES if services.get(name) not in ("available", "running")]
    if missing:
        return Health(ready=False, seen=f"services not available: {', '.join(missing)}")
    return Health(ready=True, seen="ready")


def served(endpoint: str) -> set[str]:
    """The names of the services that the emulator at *endpoint* has been told to serve.

    Raises:
        OSError: it does not answer.
    """
    told = _get(f"{endpoint}/_localstack/health").get("services", {})
    return {name for name, state in told.items() if state != "disabled"}


def check_provisioned(endpoint: str) -> Health:
    """As `check`; and the init scripts of a container, which provision, must have succeeded."""
    ready = check(endpoint)
    if not ready.ready:
        return ready
    try:
        init = _get(f"{endpoint}/_localstack/init/ready")
    except (OSError, ValueError) as error:
        return _silent(endpoint, error)
    failed = [script["name"] for script in init["scripts"] if script["state"] == "ERROR"]
    if failed:
        seen = f"the pipeline could not be provisioned: {', '.join(failed)} failed"
        return Health(ready=False, seen=seen, hopeless=True)
    if not init["completed"]:
        return Health(ready=False, seen="the pipeline is being provisioned")
    return ready


def _silent(endpoint: str, error: Exception) -> Health:
    return Health(ready=False, seen=f"no answer from {endpoint} ({error})")


def _executor(endpoint: str) -> str:
    """What runs Lambda functions; an emulator without our plugin does not say."""
    try:
        return str(_get(f"{endpoint}/_localstack/standalone").get("executor"))
    except urllib.error.HTTPError as error:
        return f"an executor of its own ({error.url} answered {error.code}: no plugin of ours)"


def _get(url: str) -> dict[str, Any]:
    # No proxy: the emulator is on loopback, whatever the environment says about the rest.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=5) as response:
        answer: dict[str, Any] = json.load(response)
        return answer
