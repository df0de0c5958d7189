"""The docker command: is there an engine to be used, and what does its refusal mean."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from typing import Final

from testbed.errors import EmulatorError
from testbed.settings import ROOT

ANSWER_TIMEOUT_S: Final = 15.0
EITHER_WAY: Final = "TARGET=embedded runs the same pipeline without Docker"
NOT_ALLOWED: Final = (
    "this user may not talk to the Docker engine; on Linux: "
    "`sudo usermod -aG docker $USER`, then log in again"
)
NO_ENGINE: Final = (
    "no Docker engine answers; start Docker Desktop, or `sudo systemctl start docker`"
)
NO_COMPOSE: Final = (
    "Docker has no Compose version 2 here; install the package docker-compose-plugin "
    "(Debian 13: docker-compose), or run dev/ci/prepare-docker.sh"
)
# What Docker says (in lower case), and what it means. The first match counts.
_REFUSALS: Final = {
    "permission denied": NOT_ALLOWED,
    "cannot connect to the docker daemon": NO_ENGINE,
    "is the docker daemon running": NO_ENGINE,
    "error during connect": NO_ENGINE,
}


class DockerError(EmulatorError):
    """Docker cannot be used for the testbed here; its text says why and what to do."""


def run(
    *arguments: str,
    env: Mapping[str, str] | None = None,
    timeout_s: float | None = None,
    check: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run ``docker`` *arguments* in the checkout; what it prints is kept.

    Raises:
        DockerError: there is no such program, or it does not answer in time; with *check* also
            where it fails.
    """
    try:
        done = subprocess.run(
            ["docker", *arguments],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
    except FileNotFoundError as error:
        raise DockerError(f"there is no `docker` on PATH: install Docker; {EITHER_WAY}") from error
    except subprocess.TimeoutExpired as error:
        raise DockerError(
            f"Docker did not answer within {timeout_s:g} s; restart it; {EITHER_WAY}"
        ) from error
    if check and done.returncode:
        raise refusal(done.stderr)
    return done


def versions() -> str:
    """What answers, in words: engine and Compose.

    Raises:
        DockerError: there is no engine that this user may use, or no Compose version 2.
    """
    asked = ("version", "--format", "{{.Server.Version}}")
    engine = run(*asked, timeout_s=ANSWER_TIMEOUT_S, check=True)
    compose = run("compose", "version", "--short", timeout_s=ANSWER_TIMEOUT_S)
    version = compose.stdout.strip().lstrip("v")
    if compose.returncode or not re.match(r"[2-9]\.|\d\d", version):
        raise DockerError(f"{NO_COMPOSE}; {EITHER_WAY}")
    return f"Docker engine {engine.stdout.strip()} with Compose {version}"


def refusal(said: str) -> DockerError:
    """The error for what Docker *said*: its meaning where we know it, and the end of it."""
    lowered = said.lower()
    for pattern, meaning in _REFUSALS.items():
        if pattern in lowered:
            return DockerError(f"{meaning}; {EITHER_WAY}")
    return DockerError(f"Docker refused:\n{tail(said)}\n{EITHER_WAY}")


def tail(text: str, lines: int = 12) -> str:
    """The last *lines* of *text*, indented."""
    kept = [line for line in text.splitlines() if line.strip()][-lines:]
    return "\n".join(f"    {line}" for line in kept)
