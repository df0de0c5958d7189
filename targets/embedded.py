"""The embedded target: an emulator of the launcher's, from this checkout's environments."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import psutil
from rich.markup import escape

from infra import stack
from localstack_standalone import nodes
from localstack_standalone.launcher import emulator, environ, forks, ports, service_names
from localstack_standalone.launcher.record import Record
from targets import hints, log_file
from targets.base import Running
from targets.hints import worded
from testbed import settings, terminal

_MB = 1024 * 1024

type ForkParent = forks.Parent
"""What is forked, for those who do not know the launcher."""

type Started = Record
"""An emulator that was started, likewise."""


@dataclasses.dataclass(frozen=True)
class Engine:
    """What serves AWS here.

    Attributes:
        environment: of this checkout, that has it.
        module: what its Python runs.
    """

    environment: str
    module: str


USUAL: Final = "localstack"
ENGINES: Final = {
    USUAL: Engine("emulator", environ.MODULE),
    "localemu": Engine("localemu", "localstack_standalone.localemu"),
}


def start(wanted: settings.Settings, known: Record | None, /) -> Running:
    """Start LocalStack as a process; see `Target`."""
    with terminal.step(f"{'checking' if known else 'starting'} LocalStack") as note, worded():
        if known is None:
            before = ports.last(wanted.state_dir)
            chosen = dataclasses.replace(installed(), persist=persists())
            started = emulator.launch(wanted.state_dir, wanted.port, chosen)
            hints.tell_other_port(wanted, before, started)
        else:
            emulator.keep(known, wanted.state_dir, wanted.asked_port, installed())
            started = known
        note(f"LocalStack is ready at {started.endpoint}")
    return _running(started)


def status(known: Record, /) -> Running | None:
    """It is up while its process is; see `Target`."""
    return _running(known) if emulator.running(known) else None


def stop(state_dir: Path, _known: Record, /, *, image: bool = False) -> bool:  # noqa: ARG001 - none is built
    """Stop the process and all below it; see `Target`."""
    return emulator.stop(state_dir)


def log(
    state_dir: Path, _known: Record | None, /, lines: int | None, *, follow: bool
) -> Iterator[str]:
    """What is in its file; see `Target`."""
    return log_file.pieces(emulator.log_path(state_dir), lines, follow=follow)


def facts(state_dir: Path, known: Record, /) -> Mapping[str, str]:
    """The process with its memory, and the file of its log."""
    process = psutil.Process(known.pid)
    family = [process, *process.children(recursive=True)]
    # Shared pages count each time.
    memory_mb = sum(member.memory_info().rss for member in family) // _MB
    return {
        "process": f"{known.pid}, with workers {memory_mb} MB",
        "log": escape(str(emulator.log_path(state_dir))),
    }


@contextlib.contextmanager
def private(state_dir: Path, **given: str) -> Iterator[Record]:
    """An emulator with nothing in it on any free port, for as long as the block runs.

    Args:
        state_dir: folder for everything that it keeps.
        given: settings over those that a person has set.

    Raises:
        EmulatorError: it did not come up.
    """
    with worded():
        started = emulator.start(state_dir, None, installed(**given), tied=True)
    try:
        yield started
    finally:
        emulator.stop(state_dir)


def parent(
    state_dir: Path, fill: forks.Fill, variables: Mapping[str, str] | None = None
) -> contextlib.AbstractContextManager[forks.Parent]:
    """A private emulator to be forked; see the launcher's `forks`.

    Args:
        state_dir: folder for everything that it keeps.
        fill: puts into it what forks shall have.
        variables: what is set for it; by default what a person has set.
    """
    return forks.parent(state_dir, installed(variables), fill)


@contextlib.contextmanager
def forked(parent: forks.Parent, state_dir: Path) -> Iterator[Record]:
    """A fork of *parent* in *state_dir*, for as long as the block runs.

    Raises:
        EmulatorError: it could not be made.
    """
    with worded():
        made = parent.fork(state_dir)
    try:
        yield made
    finally:
        forks.stop(state_dir)


def installed(variables: Mapping[str, str] | None = None, /, **over: str) -> emulator.Installation:
    """What this checkout has, and what a person has set, with what is set *over* that.

    Args:
        variables: where that person set it; by default the process's own and `.env`.
        over: settings over those.

    Raises:
        SettingError: one of those is not usable.
    """
    given = {**settings.for_emulator(variables), **over}
    engine = ENGINES[given.get("ENGINE", USUAL)]
    return emulator.Installation(
        python=settings.ENVS / engine.environment / "bin" / "python",
        module=engine.module,
        runtimes=runtimes(),
        services=service_names.added(stack.SERVICES, given.get("SERVICES", "")),
        settings=given,
    )


def persists() -> bool:
    """Whether the state of a testbed survives it: PERSIST, and LocalStack's own, no fork's of it.

    Raises:
        SettingError: something that is set for it is not usable.
    """
    given = settings.for_emulator()
    return given.get("PERSIST") != "0" and given.get("ENGINE", USUAL) == USUAL


def runtimes() -> dict[str, str]:
    """Lambda runtimes of this checkout and machine: identifier → program.

    Pythons that there are environments for, and each Node.js.
    """
    found = {"python3.13": settings.ENVS / "lambda-runtime"}
    for home in sorted(settings.ENVS.glob("lambda-runtime-python3.*")):
        if (home / "stamp").exists() and not (home / "unusable").exists():
            found[home.name.removeprefix("lambda-runtime-")] = home
    pythons = {name: home / "bin" / "python" for name, home in found.items()}
    made = {name: str(python) for name, python in pythons.items() if python.exists()}
    return made | nodes.find()


def _running(known: Record) -> Running:
    return Running("embedded", known.endpoint, known, known.pid)
