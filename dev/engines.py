"""`make engines`: ask every engine that this machine can start, and write docs/engines.md anew."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench import peers
from conformance import runner, show
from conformance.features import ALL
from conformance.report import MEANINGS
from targets import choose, embedded
from testbed import settings, terminal
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from conformance.report import Findings

PAGE: Final = settings.ROOT / "docs" / "engines.md"
INTRODUCTION: Final = """\
# Engines

Which emulators do what AWS does? `make engines` started each of these on one machine, asked it
{checks} things that AWS does, and wrote this page. `make conformance ENDPOINT=http://127.0.0.1:4566`
asks any emulator; with `HTML=file` it writes each check, what AWS does, and where that is written.

What is asked is what this project needs or relies on: an engine may do much else, which is not seen
here. Why the usual engine is the one that it is: [decision 0018](decisions/0018-second-engine.md).
"""
DOCKER_NOTE: Final = """\
LocalEmu by itself and moto run functions in Docker, from images of public registries. Where those
cannot be reached, as here if the reasons below say so, nothing of Lambda is seen of them.
"""


@dataclasses.dataclass(frozen=True)
class Contender:
    """What is asked.

    Attributes:
        name: the heading of its column.
        what: in a few words.
        start: gives its endpoint for as long as a block runs, with all that it keeps in a folder.
        packages: whose versions are told: environment and distribution.
    """

    name: str
    what: str
    start: Callable[[Path], AbstractContextManager[str]]
    packages: tuple[str, str]


@contextlib.contextmanager
def _embedded(engine: str, folder: Path) -> Iterator[str]:
    with embedded.private(folder, ENGINE=engine) as started:
        yield started.endpoint


@contextlib.contextmanager
def _docker(folder: Path) -> Iterator[str]:
    wanted = dataclasses.replace(settings.load(), target="docker", port=None, state_dir=folder)
    started = choose.start(wanted)
    try:
        yield str(started.endpoint)
    finally:
        choose.down(folder)
        choose.forget_kept(folder)


@contextlib.contextmanager
def _peer(peer: peers.Peer, folder: Path) -> Iterator[str]:
    with peers.private(peer, folder) as (endpoint, _):
        yield endpoint


OURS: Final = "LocalStack with our plugin"
ENGINES: Final = (
    Contender(
        "embedded",
        f"{OURS}, the usual target",
        partial(_embedded, "localstack"),
        ("emulator", "localstack-core"),
    ),
    Contender("docker", f"{OURS}, in a container", _docker, ("emulator", "localstack-core")),
    Contender(
        "localemu+plugin",
        "LocalEmu with our plugin: `ENGINE=localemu`",
        partial(_embedded, "localemu"),
        ("localemu", "localemu"),
    ),
    Contender(
        "LocalEmu",
        "by itself, as a process",
        partial(_peer, peers.LOCALEMU),
        ("localemu", "localemu"),
    ),
    Contender(
        "MiniStack",
        "as a process",
        partial(_peer, peers.MINISTACK),
        ("ministack", "ministack"),
    ),
    Contender(
        "moto",
        "its server, with executions switched on",
        partial(_peer, peers.MOTO),
        ("moto", "moto"),
    ),
)


def main() -> None:
    """Ask each engine in turn; one that does not start is told with its reason."""
    found: dict[str, Findings] = {}
    absent: dict[str, str] = {}
    for engine in ENGINES:
        folder = Path(tempfile.mkdtemp(prefix="engines-"))
        try:
            with engine.start(folder / "state") as endpoint, terminal.step(engine.name) as note:
                found[engine.name] = runner.run(ALL, endpoint)
                note(f"{engine.name}: {show.count(found[engine.name].features[-1])}")
        except TestbedError as error:
            absent[engine.name] = str(error)
            terminal.err.print(f"{engine.name} could not be started: {error}", markup=False)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    PAGE.write_text(page(found, absent), encoding="utf-8")
    terminal.out.print(f"written: {PAGE}", markup=False)


def page(found: dict[str, Findings], absent: dict[str, str]) -> str:
    """What is written.

    Raises:
        TestbedError: nothing was found.
    """
    if not found:
        raise TestbedError("no engine could be started; nothing is written")
    date = next(iter(found.values())).date[:10]
    lines = [INTRODUCTION.format(checks=len(ALL)), f"On {date}, {_machine()}:", ""]
    lines += ["| engine | version | what |", "| --- | --- | --- |"]
    lines += [
        f"| {each.name} | {each.packages[1]} {version(*each.packages)} | {each.what} |"
        for each in ENGINES
        if each.name in found
    ]
    lines += [
        f"\nNot asked: {name}, which did not start: {why.splitlines()[0]}"
        for name, why in absent.items()
    ]
    lines += ["", DOCKER_NOTE, "How a check ends:", ""]
    lines += [f"- *{verdict}*: {meaning}" for verdict, meaning in MEANINGS.items()]
    return "\n".join([*lines, "", show.markdown(found)])


def version(environment: str, distribution: str) -> str:
    """Which version of *distribution* the *environment* has.

    Raises:
        TestbedError: none.
    """
    python = settings.ENVS / environment / "bin" / "python"
    code = f"from importlib.metadata import version; print(version({distribution!r}))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        raise TestbedError(f".envs/{environment} has no {distribution}; `make engines` makes it")
    return done.stdout.strip()


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"on {os.process_cpu_count()} cores, {system}"


if __name__ == "__main__":
    terminal.run(main)
