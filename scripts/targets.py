"""Which target a command is about, and the running testbed behind it: embedded, Docker or AWS."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from rich.markup import escape

from emulator import compose, compose_record, docker_cli, embedded, health, ports
from emulator.docker_cli import DockerError
from emulator.record import Record
from testbed import settings, terminal
from testbed.aws import Aws
from testbed.errors import EmulatorError, NotRunningError, SettingError

type Found = Record | compose_record.Record


@dataclasses.dataclass(frozen=True)
class Running:
    """A place that serves AWS now.

    Attributes:
        target: ``embedded``, ``docker`` or ``aws``.
        aws: clients for it.
    """

    target: settings.Target
    aws: Aws


@dataclasses.dataclass(frozen=True)
class Choice:
    """A target and why it was chosen.

    Attributes:
        target: where the pipeline is to run.
        why: the reason, in words.
        firm: whether a person chose it; else another may take its place, and that is said.
    """

    target: settings.Target
    why: str
    firm: bool = True


def choose(wanted: settings.Settings) -> Choice:
    """Settle TARGET=auto: what is up already, else Docker where it can be used, else embedded."""
    if wanted.target == "auto" and "SFN_MOCK_CONFIG" in settings.for_emulator():
        return Choice("embedded", "SFN_MOCK_CONFIG is a file of this machine")
    if wanted.target != "auto":
        return Choice(wanted.target, f"TARGET={wanted.target}")
    up = find(wanted.state_dir)
    if up is not None:
        return Choice(target_of(up), "it is up already")
    try:
        answers = docker_cli.versions()
    except DockerError as error:
        return Choice("embedded", f"Docker cannot be used: {_reason(error)}; TARGET=docker insists")
    return Choice("docker", f"{answers} answers; {docker_cli.EITHER_WAY}", firm=False)


def start(wanted: settings.Settings, choice: Choice) -> Running:
    """Start what was chosen unless it is up, and return when a request would succeed.

    Where nobody asked for Docker and it fails, that is said and the embedded target is used.

    Raises:
        EmulatorError: it could not be started, or the other target is up in this state folder.
        SettingError: SERVICES names a service that LocalStack has not; it is stopped again.
        SettingNameError: the environment has what undoes a promise of the testbed.
    """
    if choice.target == "aws":
        return Running("aws", Aws(endpoint=None))
    settings.refuse_undoing(os.environ)
    started = _start(wanted, choice)
    _refuse_unknown_services(wanted, str(started.aws.endpoint))
    return started


def _refuse_unknown_services(wanted: settings.Settings, endpoint: str) -> None:
    asked = settings.for_emulator().get("SERVICES", "")
    names = {name.strip() for name in asked.split(",")} - {""}
    missing = names - health.served(endpoint) if names else set()
    if missing:
        stop(wanted.state_dir)
        allowed = f"names of services that LocalStack has, not {', '.join(sorted(missing))}"
        raise SettingError("SERVICES", asked, allowed)


def _start(wanted: settings.Settings, choice: Choice) -> Running:
    up = find(wanted.state_dir)
    if up is not None and target_of(up) != choice.target:
        raise EmulatorError(
            f"a testbed of {wanted.state_dir} is up with TARGET={target_of(up)}; "
            "`make down` first, or set another STATE_DIR to run a second one beside it"
        )
    if choice.target == "embedded":
        return _start_embedded(wanted, up=up is not None)
    try:
        return _start_docker(wanted, up=up is not None)
    except DockerError as error:
        if choice.firm:
            raise
        terminal.err.print(f"[yellow bold]Docker could not be used:[/] {escape(_reason(error))}")
        terminal.err.print("[yellow]target [bold]embedded[/bold] instead; TARGET=docker insists[/]")
        return _start_embedded(wanted, up=False)


def running(wanted: settings.Settings) -> Running:
    """The testbed that is up.

    Raises:
        NotRunningError: none is, or none of the target that was asked for.
    """
    if wanted.target == "aws":
        return Running("aws", Aws(endpoint=None))
    up = find(wanted.state_dir)
    if up is None:
        raise NotRunningError(f"nothing runs from {wanted.state_dir}")
    target = target_of(up)
    if wanted.target not in ("auto", target):
        raise NotRunningError(f"TARGET={target}, not {wanted.target}, is up in {wanted.state_dir}")
    return Running(target, Aws(endpoint=up.endpoint))


def find(state_dir: Path) -> Found | None:
    """What is up in *state_dir*, whichever target it is of."""
    return embedded.status(state_dir) or compose.status(state_dir)


def target_of(found: Found) -> settings.Target:
    """The target of what `find` gave."""
    return "embedded" if isinstance(found, Record) else "docker"


def stop(state_dir: Path, *, image: bool = False) -> bool:
    """Stop what is up in *state_dir*; True if something was.

    Args:
        state_dir: whose testbed.
        image: whether to remove an image that was built for it, too.
    """
    stopped = compose.stop(state_dir, image=image)
    return embedded.stop(state_dir) or stopped


def _start_embedded(wanted: settings.Settings, *, up: bool) -> Running:
    with terminal.step("LocalStack is up already" if up else "starting LocalStack") as note:
        port = wanted.port if "PORT" in wanted.named or not up else None
        record = embedded.start(wanted.state_dir, port)
        note(f"LocalStack is ready at {record.endpoint}")
    return Running("embedded", Aws(endpoint=record.endpoint))


def _start_docker(wanted: settings.Settings, *, up: bool) -> Running:
    if not up:
        if wanted.port is not None:
            ports.refuse_taken(wanted.port)  # before a build that takes a minute
        with terminal.step("building the image (the first time, a minute or two)") as note:
            compose.build(wanted.image_tag)
            note(f"the image is built: {compose.image(wanted.image_tag)}")
    with terminal.step("LocalStack is up already" if up else "starting LocalStack") as note:
        record = compose.start(wanted)
        note(f"LocalStack is ready at {record.endpoint}, in container {record.container}")
    return Running("docker", Aws(endpoint=record.endpoint))


def _reason(error: DockerError) -> str:
    """The error without its advice to use the other target."""
    return str(error).removesuffix(f"; {docker_cli.EITHER_WAY}")
