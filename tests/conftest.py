"""Real testbeds for tests: the one that is up, or private ones on ports of their own."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator import compose, embedded, snapshot
from scripts import provision, targets
from scripts.pytest_plugin import Place, fresh
from testbed import outputs, settings
from testbed.aws import Aws
from testbed.errors import NotRunningError


@dataclasses.dataclass(frozen=True)
class Emulator:
    """An emulator with nothing in it."""

    aws: Aws
    endpoint: str
    state_dir: Path
    pid: int


@pytest.fixture(scope="session")
def testbed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """The user's own testbed if one is up (`make up && make test`), else a private one.

    Private ones are embedded, which can be looked into, but for this one with TARGET=docker.
    """
    wanted = settings.load()
    try:
        running = targets.running(wanted)
        known = outputs.read(wanted.state_dir)
    except NotRunningError:
        place = tmp_path_factory.mktemp("testbed")
        if wanted.target == "docker":
            yield from in_docker(place)
        else:
            yield from fresh(request.getfixturevalue("testbed_template"), place)
    else:
        yield Place(running.aws, known, wanted.state_dir)


@pytest.fixture
def private_testbed(testbed_template: snapshot.Template, tmp_path: Path) -> Iterator[Place]:
    """A testbed that a test may break, restart or count things in."""
    yield from fresh(testbed_template, tmp_path / "testbed")


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator of the test run's own, for functions and machines that tests bring."""
    yield from _emulator(tmp_path_factory.mktemp("emulator"))


@pytest.fixture
def private_emulator(tmp_path: Path) -> Iterator[Emulator]:
    """An emulator that a test may break."""
    yield from _emulator(tmp_path / "emulator")


def _emulator(state_dir: Path) -> Iterator[Emulator]:
    record = embedded.start(state_dir, port=None, tied=True)
    try:
        yield Emulator(Aws(endpoint=record.endpoint), record.endpoint, state_dir, record.pid)
    finally:
        embedded.stop(state_dir)


def in_docker(state_dir: Path, **wanted: Any) -> Iterator[Place]:
    """A testbed in a container, of this checkout's image and on a free port."""
    chosen = dataclasses.replace(settings.load(), port=None, state_dir=state_dir, **wanted)
    compose.build(chosen.image_tag)
    record = compose.start(chosen)
    try:
        aws = Aws(endpoint=record.endpoint)
        made = provision.provision(aws, "docker")
        outputs.write(state_dir, made)
        yield Place(aws, made, state_dir)
    finally:
        compose.stop(state_dir)


def started(state_dir: Path, **variables: str) -> Iterator[Place]:
    """A testbed that was started with *variables*; in a container if TARGET=docker."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in variables.items():
            patched.setenv(name, value)
        if settings.load().target == "docker":
            yield from in_docker(state_dir)
            return
        record = embedded.start(state_dir, port=None, tied=True)
    try:
        aws = Aws(endpoint=record.endpoint)
        made = provision.provision(aws, "embedded")
        outputs.write(state_dir, made)
        yield Place(aws, made, state_dir)
    finally:
        embedded.stop(state_dir)
