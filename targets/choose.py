"""Which target a command is about, and the running testbed behind it: embedded, Docker or AWS.

A state folder has one testbed at most, and its record says of which target it is.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from rich.markup import escape

from localstack_standalone.launcher.record import Record
from targets import aws, embedded, state
from targets.base import Running, Target
from targets.docker import cli, target
from targets.docker.cli import DockerError
from testbed import outputs, settings, terminal
from testbed.errors import EmulatorError, NotRunningError

TARGETS: Final[Mapping[str, Target]] = {
    "embedded": embedded,
    "docker": target,
    "aws": aws,
}


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


def start(wanted: settings.Settings) -> Running:
    """Start what is wanted unless it is up, and return when a request would succeed.

    Where nobody asked for Docker and it fails, that is said and the embedded target is used.

    Raises:
        EmulatorError: it could not be started, or the other target is up in this state folder.
        SettingError: something that is set for it is not usable.
        SettingNameError: the environment has what undoes a promise of the testbed.
    """
    with state.held(wanted.state_dir) as known:
        up = _alive(wanted.state_dir, known)
        choice = choose(wanted, up)
        terminal.out.print(f"target [bold]{choice.target}[/] ({escape(choice.why)})")
        try:
            return TARGETS[choice.target].start(wanted, up.record if up else None)
        except DockerError as error:
            if choice.firm:
                raise
            terminal.err.print(
                f"[yellow bold]Docker could not be used:[/] {escape(_reason(error))}"
            )
            terminal.err.print(
                "[yellow]target [bold]embedded[/bold] instead; TARGET=docker insists[/]"
            )
            return embedded.start(wanted, None)


def choose(wanted: settings.Settings, up: Running | None) -> Choice:
    """Settle TARGET=auto: what is *up* already, else Docker where it can be used, else embedded.

    Raises:
        EmulatorError: another target than the one that is asked for is up.
        SettingNameError: the environment has what undoes a promise of the testbed.
    """
    if wanted.target != "aws":
        settings.refuse_undoing(os.environ)
    if up is not None and wanted.target not in ("auto", up.target):
        raise EmulatorError(
            f"a testbed of {wanted.state_dir} is up with TARGET={up.target}; "
            "`make down` first, or set another STATE_DIR to run a second one beside it"
        )
    if wanted.target != "auto":
        return Choice(wanted.target, f"TARGET={wanted.target}")
    if up is not None:
        return Choice(up.target, "it is up already")
    if why := _is_no_container(settings.for_emulator()):
        return Choice("embedded", why)
    try:
        engine = cli.versions()
    except DockerError as error:
        return Choice("embedded", f"Docker cannot be used: {_reason(error)}; TARGET=docker insists")
    return Choice("docker", f"{engine} answers; {cli.EITHER_WAY}", firm=False)


def _is_no_container(given: Mapping[str, str]) -> str:
    """Why what is *given* cannot be had in a container; empty where it can."""
    if "SFN_MOCK_CONFIG" in given:
        return "SFN_MOCK_CONFIG is a file of this machine"
    engine = given.get("ENGINE", embedded.USUAL)
    return "" if engine == embedded.USUAL else f"ENGINE={engine} runs as a process"


def running(wanted: settings.Settings) -> Running:
    """The testbed that is up.

    Raises:
        NotRunningError: none is, or none of the target that was asked for.
    """
    if wanted.target == "aws":
        state.refuse_foreign(wanted.state_dir)  # the addresses are kept in it
        return aws.start(wanted, None)
    up = find(wanted.state_dir)
    if up is None:
        raise NotRunningError(f"nothing runs from {wanted.state_dir}")
    if wanted.target not in ("auto", up.target):
        raise NotRunningError(
            f"TARGET={up.target}, not {wanted.target}, is up in {wanted.state_dir}"
        )
    return up


def find(state_dir: Path) -> Running | None:
    """What is up in *state_dir*, whichever target it is of; what a dead one left is cleared.

    Raises:
        DockerError: one was started in Docker, which does not answer now.
    """
    return _alive(state_dir, state.known(state_dir))


def down(state_dir: Path, *, image: bool = False) -> bool:
    """Stop what was started in *state_dir*; True if something was up.

    Args:
        state_dir: whose testbed.
        image: whether to remove an image that was built for it, too, and what a container kept.

    Raises:
        DockerError: Docker has something of it, and does not answer.
    """
    known = state.known(state_dir)
    stopped = known is not None and _end(state_dir, known, image=image)
    if image:
        forget_kept(state_dir)
    return stopped


def forget_kept(state_dir: Path) -> None:
    """Remove what a container of *state_dir* has kept; what is in the folder is the folder's.

    Raises:
        DockerError: Docker has something of it, and does not answer.
    """
    target.forget_kept(state_dir)


def log(state_dir: Path, lines: int | None = None, *, follow: bool = False) -> Iterator[str]:
    """The log of what is up in *state_dir*, or of what was last, which is kept in a file.

    Args:
        state_dir: whose testbed.
        lines: how many of its last lines; None for all that is kept.
        follow: whether to go on with what comes.

    Raises:
        EmulatorError: nothing was started there yet.
    """
    up = find(state_dir)
    if up is None or up.record is None:
        return embedded.log(state_dir, None, lines, follow=follow)
    return TARGETS[up.target].log(state_dir, up.record, lines, follow=follow)


def _alive(state_dir: Path, known: Record | None) -> Running | None:
    if known is None:
        return None
    up = TARGETS[known.target].status(known)
    if up is None:
        _end(state_dir, known)
    return up


def _end(state_dir: Path, known: Record, *, image: bool = False) -> bool:
    stopped = TARGETS[known.target].stop(state_dir, known, image=image)
    outputs.forget(state_dir)
    return stopped


def _reason(error: DockerError) -> str:
    """The error without its advice to use the other target."""
    return str(error).removesuffix(f"; {cli.EITHER_WAY}")
