"""What Docker Compose does with one project of docker-compose.yml, and what its refusals mean."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from collections.abc import Iterator
from typing import Final

from localstack_standalone.launcher.record import Record
from targets.docker import cli
from targets.docker.cli import DockerError
from targets.docker.container import OUT_OF_MEMORY
from testbed import settings
from testbed.errors import EmulatorError

FILE: Final = settings.ROOT / "docker-compose.yml"
SERVICE: Final = "testbed"
KEPT: Final = "kept"
READY_TIMEOUT_S: Final = 120
# What a build says when it cannot reach where images and packages come from.
NO_NETWORK: Final = (
    "failed to resolve",
    "failed to do request",
    "dial tcp",
    "i/o timeout",
    "name resolution",
    "network is unreachable",
    "error sending request",
    "connection broken by",
    "failed to fetch",
)


@dataclasses.dataclass(frozen=True)
class Container:
    """What the engine says of a container.

    Attributes:
        state: ``running``, ``restarting``, ``exited`` …
        health: ``starting``, ``healthy`` or ``unhealthy``.
        restarts: how often it came back after it had ended by itself.
        out_of_memory: whether the kernel killed something in it for memory when it last ended.
        pid: its first process, as the machine that runs the engine numbers it; 0 if it has none.
    """

    state: str
    health: str
    restarts: int
    out_of_memory: bool
    pid: int


def inspect(known: Record) -> Container | None:
    """What the engine says of the container; None if there is none.

    Raises:
        DockerError: the engine does not answer.
    """
    template = "{{json .State}} {{.RestartCount}}"
    done = cli.run("container", "inspect", "--format", template, container(known))
    if done.returncode:
        if "no such container" in done.stderr.lower():
            return None
        raise cli.refusal(done.stderr)
    status, _, restarts = done.stdout.strip().rpartition(" ")
    found = json.loads(status)
    return Container(
        state=found["Status"],
        health=found.get("Health", {}).get("Status", "none"),
        restarts=int(restarts),
        out_of_memory=found["OOMKilled"],
        pid=found["Pid"],
    )


def container(known: Record) -> str:
    """The name that Compose gives to the project's one container."""
    return f"{known.identity['project']}-{SERVICE}-1"


def log(known: Record, *, lines: int | None = None, follow: bool = False) -> Iterator[str]:
    """What the container has logged: the last *lines* or all, and with *follow* what comes."""
    command = ["docker", "logs", "--tail", str(lines or "all"), *(["--follow"] if follow else [])]
    with subprocess.Popen(
        [*command, container(known)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as printing:
        yield from printing.stdout or ()


def image(tag: str) -> str:
    """The image's name."""
    return f"image-pipeline-testbed:{tag}"


def build(tag: str) -> None:
    """Build the image, of which Docker keeps every layer that has not changed.

    Raises:
        DockerError: it cannot be built; the message has the end of the build's log.
    """
    cli.versions()
    done = cli.run(
        *("compose", "--file", str(FILE), "--progress", "plain", "build"),
        # A port is of no matter here, but Compose refuses PORT=auto.
        env={**os.environ, "IMAGE_TAG": tag, "PORT": str(settings.DEFAULT_PORT)},
    )
    if done.returncode:
        said = done.stdout + done.stderr
        network = any(sign in said.lower() for sign in NO_NETWORK)
        why = " (no network? python:3.13-slim and packages are fetched)" if network else ""
        raise DockerError(
            f"the image could not be built{why}:\n{cli.tail(said)}\n"
            "dev/ci/prepare-docker.sh makes the base image where there is no registry; "
            f"{cli.EITHER_WAY}"
        )


def up(known: Record) -> None:
    """Have the project up and healthy; where it is, that is soon seen.

    Raises:
        EmulatorError: it did not become healthy; the message has the end of its log.
    """
    # Not made anew because another state folder has built a newer image.
    once = ("--detach", "--no-build", "--no-recreate")
    done = _compose(known, "up", *once, "--wait", f"--wait-timeout={READY_TIMEOUT_S}")
    if done.returncode == 0:
        return
    if "port is already allocated" in done.stderr or "address already in use" in done.stderr:
        raise EmulatorError(f"port {known.port} is taken; choose another: `make up PORT=auto`")
    found = inspect(known)
    if found is None or found.state == "created":  # the engine could not even start it
        raise cli.refusal(done.stderr)
    why = f"the container is {found.state} and {found.health}, {found.restarts} restarts"
    text = "".join(log(known))
    if found.out_of_memory or OUT_OF_MEMORY in text:
        why = f"the kernel killed it for memory: MEMORY={known.settings['MEMORY']} is too little"
    raise EmulatorError(
        f"the testbed in Docker did not come up: {why}\nthe end of its log:\n{cli.tail(text, 20)}"
    )


def down(known: Record, *, image: bool = False) -> None:
    """Take the project away, but for what it keeps; all of it and its image where that is asked.

    Raises:
        DockerError: Docker does not do it.
    """
    also = ["--volumes", "--rmi", "all"] if image else []
    _compose(known, "down", "--remove-orphans", *also, check=True)


def volume(project: str) -> str:
    """The name that Compose gives to the volume with what a project keeps."""
    return f"{project}_{KEPT}"


def remove_volume(project: str) -> None:
    """Remove what a project has kept, if there is anything.

    Raises:
        DockerError: Docker does not do it.
    """
    cli.run("volume", "rm", "--force", volume(project), check=True)


def _compose(
    known: Record, *arguments: str, check: bool = False
) -> subprocess.CompletedProcess[str]:
    variables = {"PORT": str(known.port), **known.settings}
    where = ("--project-name", str(known.identity["project"]), "--file", str(FILE))
    env = {**os.environ, **variables}
    return cli.run("compose", *where, *arguments, env=env, check=check)
