"""Real testbeds for tests: private ones on ports of their own, or the one that is up."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import stack
from localstack_standalone.launcher import forks, record
from localstack_standalone.launcher.emulator import Installation
from localstack_standalone.launcher.forks import Parent
from scripts import provision
from targets import choose, embedded
from testbed import outputs, settings
from testbed.aws import Aws
from tests.support import common_parent, testbeds
from tests.support.common_parent import Lender
from tests.support.spread import Spread
from tests.support.testbeds import ForkTestbed, ProvisionedParent, ProvisionedTestbed

PARENT: pytest.StashKey[Lender] = pytest.StashKey()


def pytest_configure() -> None:
    """Let what tests start be interrupted, also where this run is not, as in a script's background.

    What ignores a signal hands that on to all that it starts; what catches one does not.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda _number, _frame: None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spread | None:
    """Where files stay together, folders may too."""
    return Spread(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each of pytest-xdist's workers who lends the parent."""
    if PARENT not in node.config.stash:
        folder = Path(tempfile.mkdtemp(prefix="parent-"))
        node.config.stash[PARENT] = Lender(folder / "lender", lambda: testbeds.parent(folder))
    node.workerinput["lender"] = str(node.config.stash[PARENT].address)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the parent."""
    if PARENT in config.stash:
        lender = config.stash[PARENT]
        lender.close()
        shutil.rmtree(lender.address.parent)


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
def localstack_parent(
    request: pytest.FixtureRequest,
    localstack_installation: Installation,
    localstack_parent_setup: ProvisionedParent,
) -> Iterator[Parent]:
    """The plugin's; where pytest-xdist has several workers, one parent for all of them."""
    lender = getattr(request.config, "workerinput", {}).get("lender")
    if lender is None or forks.obstacle(localstack_installation):
        yield request.getfixturevalue("localstack_parent")
        return
    with common_parent.lent(Path(lender), localstack_installation) as (parent, known):
        localstack_parent_setup.outputs = known
        yield parent


@pytest.fixture(scope="session")
def emulator(
    fork_testbed: ForkTestbed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator]:
    """An emulator of the test run's own, for functions and machines that tests bring.

    A fork without the pipeline: what it serves is loaded, which a start leaves to the first use.
    """
    state_dir = tmp_path_factory.mktemp("emulator")
    with fork_testbed(state_dir) as forked:
        stack.destroy(forked.aws)
        outputs.forget(state_dir)
        known = record.read(state_dir)
        assert known is not None
        yield Emulator(forked.aws, forked.endpoint, state_dir, known.pid)


@pytest.fixture
def private_emulator(tmp_path: Path) -> Iterator[Emulator]:
    """An emulator that a test may break, and that was started as people start theirs."""
    state_dir = tmp_path / "emulator"
    with embedded.private(state_dir) as known:
        yield Emulator(Aws(endpoint=known.endpoint), known.endpoint, state_dir, known.pid)


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
        choose.forget_kept(state_dir)


def started(state_dir: Path, **variables: str) -> Iterator[ProvisionedTestbed]:
    """A testbed that was started with *variables*; in a container if TARGET=docker."""
    with contextlib.ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patched:
            for name, value in variables.items():
                patched.setenv(name, value)
            if settings.load().target == "docker":
                yield from in_docker(state_dir)
                return
            started = stack.enter_context(embedded.private(state_dir))
        aws = Aws(endpoint=started.endpoint)
        made = provision.provision(aws, "embedded")
        outputs.write(state_dir, made)
        yield ProvisionedTestbed(aws, made, state_dir)
