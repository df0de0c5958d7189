"""Real testbeds for tests: private ones on ports of their own, or the one that is up."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localstack_standalone.launcher.emulator import Installation
from localstack_standalone.launcher.forks import Parent
from scripts import provision
from targets import choose, embedded
from testbed import outputs, settings
from testbed.aws import Aws
from tests.support import testbeds
from tests.support.testbeds import ForkTestbed, ProvisionedParent, ProvisionedTestbed


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
) -> Iterator[ProvisionedTestbed]:
    """A private one; with RUNNING=1 the one that is up, where one is.

    Private ones are embedded, which can be looked into, but for this one with TARGET=docker.
    """
    up = testbeds.asked_for()
    if up is not None:
        yield up
        return
    folder = tmp_path_factory.mktemp("testbed")
    if settings.load().target == "docker":
        yield from in_docker(folder)
        return
    with request.getfixturevalue("fork_testbed")(folder) as forked:
        yield forked


@pytest.fixture
def private_testbed(fork_testbed: ForkTestbed, tmp_path: Path) -> Iterator[ProvisionedTestbed]:
    """A testbed that a test may break, restart or count things in."""
    with fork_testbed(tmp_path / "testbed") as forked:
        yield forked


@pytest.fixture(scope="session")
def fork_testbed(
    localstack_parent: Parent, localstack_parent_setup: ProvisionedParent
) -> ForkTestbed:
    """Makes testbeds; the first that asks pays for one start with the whole pipeline."""
    return functools.partial(localstack_parent_setup.fork, localstack_parent)


@pytest.fixture(scope="session")
def localstack_installation() -> Installation:
    """What the plugin's fixtures start: the LocalStack of this checkout, with what is set."""
    return embedded.installed()


@pytest.fixture(scope="session")
def localstack_parent_setup() -> ProvisionedParent:
    """What they are filled with."""
    return ProvisionedParent()


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator of the test run's own, for functions and machines that tests bring."""
    yield from _emulator(tmp_path_factory.mktemp("emulator"))


@pytest.fixture
def private_emulator(tmp_path: Path) -> Iterator[Emulator]:
    """An emulator that a test may break."""
    yield from _emulator(tmp_path / "emulator")


def _emulator(state_dir: Path) -> Iterator[Emulator]:
    with embedded.private(state_dir) as record:
        yield Emulator(Aws(endpoint=record.endpoint), record.endpoint, state_dir, record.pid)


def in_docker(state_dir: Path, **wanted: Any) -> Iterator[ProvisionedTestbed]:
    """A testbed in a container, of this checkout's image and on a free port."""
    chosen = dataclasses.replace(
        settings.load(), target="docker", port=None, state_dir=state_dir, **wanted
    )
    up = choose.start(chosen)
    try:
        made = provision.provision(up.aws, "docker")
        outputs.write(state_dir, made)
        yield ProvisionedTestbed(up.aws, made, state_dir)
    finally:
        choose.down(state_dir)


def started(state_dir: Path, **variables: str) -> Iterator[ProvisionedTestbed]:
    """A testbed that was started with *variables*; in a container if TARGET=docker."""
    with contextlib.ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patched:
            for name, value in variables.items():
                patched.setenv(name, value)
            if settings.load().target == "docker":
                yield from in_docker(state_dir)
                return
            record = stack.enter_context(embedded.private(state_dir))
        aws = Aws(endpoint=record.endpoint)
        made = provision.provision(aws, "embedded")
        outputs.write(state_dir, made)
        yield ProvisionedTestbed(aws, made, state_dir)
