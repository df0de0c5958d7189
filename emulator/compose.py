"""LocalStack in a container of docker-compose.yml: a Compose project for each state folder.

What `docker compose up --build --wait` does by hand, with the errors in words. The container
provisions the pipeline by itself, each time that it starts.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from pathlib import Path
from typing import Final

from emulator import compose_record, docker_cli, embedded, health, lock, ports
from emulator.compose_record import Record
from emulator.container import OUT_OF_MEMORY
from emulator.docker_cli import DockerError
from testbed import outputs, settings, state_folder
from testbed.errors import EmulatorError, SettingError

FILE: Final = settings.ROOT / "docker-compose.yml"
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


def start(wanted: settings.Settings) -> Record:
    """Start the testbed of a state folder, unless it is up; return when the pipeline is there.

    Its image is there already (see `build`).

    Args:
        wanted: state folder, port, image tag and memory limit.

    Raises:
        DockerError: Docker cannot be used here.
        EmulatorError: the port is taken, or the container did not become healthy; nothing is left
            running.
    """
    state_folder.refuse_foreign(wanted.state_dir)
    docker_cli.versions()
    state_folder.take(wanted.state_dir)
    with lock.exclusive(wanted.state_dir):
        current = status(wanted.state_dir)
        if current is not None:
            return _same(current, wanted)
        port = wanted.port or ports.free_port()
        ports.refuse_taken(port)
        new = Record(
            project=compose_record.project_name(wanted.state_dir),
            port=port,
            image_tag=wanted.image_tag,
            memory=wanted.memory,
            settings=_for_emulator(),
        )
        compose_record.write(wanted.state_dir, new)
        try:
            _up(new)
        except BaseException:  # an interrupt too: nothing is left running
            _remove(new, wanted.state_dir)
            raise
        return new


def status(state_dir: Path) -> Record | None:
    """The testbed of *state_dir* that is up in Docker; what is left of a dead one is cleared.

    Raises:
        DockerError: one was started, and now Docker does not answer.
    """
    known = compose_record.read(state_dir)
    if known is None:
        return None
    found = inspect(known)
    if found is None or found.state not in ("running", "restarting"):
        _remove(known, state_dir)
        return None
    return known


def stop(state_dir: Path, *, image: bool = False) -> bool:
    """Stop the testbed of *state_dir* with all that it made; True if one was there.

    Args:
        state_dir: whose testbed.
        image: whether to remove its image as well.
    """
    known = compose_record.read(state_dir)
    if known is None:
        return False
    _remove(known, state_dir, image=image)
    return True


def inspect(record: Record) -> Container | None:
    """What the engine says of the container; None if there is none.

    Raises:
        DockerError: the engine does not answer.
    """
    template = "{{json .State}} {{.RestartCount}}"
    done = docker_cli.run("container", "inspect", "--format", template, record.container)
    if done.returncode:
        if "no such container" in done.stderr.lower():
            return None
        raise docker_cli.refusal(done.stderr)
    state, _, restarts = done.stdout.strip().rpartition(" ")
    found = json.loads(state)
    return Container(
        state=found["Status"],
        health=found.get("Health", {}).get("Status", "none"),
        restarts=int(restarts),
        out_of_memory=found["OOMKilled"],
        pid=found["Pid"],
    )


def log(record: Record, *, lines: int | None = None, follow: bool = False) -> list[str]:
    """The command that prints the container's log."""
    command = ["docker", "logs", "--tail", str(lines) if lines else "all"]
    return [*command, *(["--follow"] if follow else []), record.container]


def log_text(record: Record) -> str:
    """All that the container has logged."""
    done = subprocess.run(
        log(record),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.stdout


def image(tag: str) -> str:
    """The image's name."""
    return f"image-pipeline-testbed:{tag}"


def build(tag: str) -> None:
    """Build the image, of which Docker keeps every layer that has not changed.

    Raises:
        DockerError: it cannot be built; the message has the end of the build's log.
    """
    docker_cli.versions()
    done = docker_cli.run(
        *("compose", "--file", str(FILE), "--progress", "plain", "build"),
        # A port is of no matter here, but Compose refuses PORT=auto.
        env={**os.environ, "IMAGE_TAG": tag, "PORT": str(settings.DEFAULT_PORT)},
    )
    if done.returncode:
        said = done.stdout + done.stderr
        network = any(sign in said.lower() for sign in NO_NETWORK)
        why = " (no network? python:3.13-slim and packages are fetched)" if network else ""
        raise DockerError(
            f"the image could not be built{why}:\n{docker_cli.tail(said)}\n"
            "scripts/ci/prepare-docker.sh makes the base image where there is no registry; "
            f"{docker_cli.EITHER_WAY}"
        )


def _up(record: Record) -> None:
    # Not made anew because another state folder has built a newer image.
    once = ("--detach", "--no-build", "--no-recreate")
    done = _compose(record, "up", *once, "--wait", f"--wait-timeout={READY_TIMEOUT_S}")
    if done.returncode == 0:
        return
    if "port is already allocated" in done.stderr or "address already in use" in done.stderr:
        raise EmulatorError(f"port {record.port} is taken; choose another: `make up PORT=auto`")
    found = inspect(record)
    if found is None or found.state == "created":  # the engine could not even start it
        raise docker_cli.refusal(done.stderr)
    why = f"the container is {found.state} and {found.health}, {found.restarts} restarts"
    if found.out_of_memory or OUT_OF_MEMORY in log_text(record):
        why = f"the kernel killed it for memory: MEMORY={record.memory} is too little"
    raise EmulatorError(
        f"the testbed in Docker did not come up: {why}\n"
        f"the end of its log:\n{docker_cli.tail(log_text(record), 20)}"
    )


def _for_emulator() -> dict[str, str]:
    """What a person has set for an emulator in a container.

    Raises:
        SettingError: one is not usable there.
    """
    given = settings.for_emulator()
    if "SFN_MOCK_CONFIG" in given:
        allowed = "left out with TARGET=docker: the container does not see this machine's files"
        raise SettingError("SFN_MOCK_CONFIG", given["SFN_MOCK_CONFIG"], allowed)
    return given


def _same(current: Record, wanted: settings.Settings) -> Record:
    default = None if "PORT" in wanted.named else settings.DEFAULT_PORT
    if wanted.port not in (None, default, current.port):
        raise EmulatorError(
            f"a testbed of {wanted.state_dir} is up on port {current.port} already; "
            "`make down` first, or set another STATE_DIR to run a second one beside it"
        )
    for name, now, wish in (
        ("MEMORY", current.memory, wanted.memory),
        ("IMAGE_TAG", current.image_tag, wanted.image_tag),
    ):
        if name in wanted.named and now != wish:
            raise EmulatorError(
                f"a testbed of {wanted.state_dir} is up with {name}={now} already; "
                f"`make reset {name}={wish}` starts it anew with that"
            )
    embedded.refuse_other_settings(current.settings, wanted.state_dir)
    _up(current)  # where it is up and well, that says so at once
    return current


def _remove(record: Record, state_dir: Path, *, image: bool = False) -> None:
    """Take the project away, keeping its log; what was in it is gone, and so are its addresses."""
    text = log_text(record)
    done = _compose(
        record, "down", "--volumes", "--remove-orphans", *(["--rmi", "all"] if image else [])
    )
    if done.returncode:
        raise docker_cli.refusal(done.stderr)
    with embedded.begin_log(state_dir) as log:
        log.write(text.encode())
    compose_record.forget(state_dir)
    outputs.forget(state_dir)


def _compose(record: Record, *arguments: str) -> subprocess.CompletedProcess[str]:
    variables = {
        "PORT": str(record.port),
        "IMAGE_TAG": record.image_tag,
        "MEMORY": record.memory,
        **record.settings,
    }
    if "SERVICES" in record.settings:
        variables["SERVICES"] = health.with_services(record.settings["SERVICES"])
    where = ("--project-name", record.project, "--file", str(FILE))
    return docker_cli.run("compose", *where, *arguments, env={**os.environ, **variables})
