"""What an emulator says of itself beside the launcher's questions.

Standard library alone, as the launcher's part of it: the image's health check runs this.
"""

from __future__ import annotations

import dataclasses

from localstack_standalone.launcher import health
from localstack_standalone.launcher.health import Health, check, check_services, sandbox

__all__ = [
    "EnvironmentCounts",
    "check",
    "check_provisioned",
    "check_services",
    "environments",
    "runtimes",
    "sandbox",
]


@dataclasses.dataclass(frozen=True)
class EnvironmentCounts:
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


def environments(endpoint: str) -> EnvironmentCounts | None:
    """Ask the emulator at *endpoint*; None where it does not tell."""
    try:
        told = health.fetch(endpoint, "standalone")["environments"]
        names = EnvironmentCounts.__dataclass_fields__
        return EnvironmentCounts(
            **{name: told[name] for name in names if name in told},
            at_work=told["bounds"]["at_work"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def runtimes(endpoint: str) -> list[str]:
    """The runtimes that functions may ask for at *endpoint*; none where it does not tell."""
    try:
        return sorted(health.fetch(endpoint, "standalone")["runtimes"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def check_provisioned(endpoint: str) -> Health:
    """As `check`; and the init scripts of a container, which provision, must have succeeded."""
    ready = check(endpoint)
    if not ready.ready:
        return ready
    try:
        init = health.fetch(endpoint, "init/ready")
    except (OSError, ValueError) as error:
        return health.silent(endpoint, error)
    failed = [script["name"] for script in init["scripts"] if script["state"] == "ERROR"]
    if failed:
        seen = f"the pipeline could not be provisioned: {', '.join(failed)} failed"
        return Health(ready=False, seen=seen, hopeless=True)
    if not init["completed"]:
        return Health(ready=False, seen="the pipeline is being provisioned")
    return ready
