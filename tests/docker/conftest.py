"""Testbeds in real containers: one that all tests read, and private ones to be broken."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localstack_standalone.launcher import record
from localstack_standalone.launcher.record import Record
from targets.docker import cli, compose
from testbed import settings
from tests.conftest import in_docker
from tests.support.testbeds import ProvisionedTestbed


@dataclasses.dataclass(frozen=True)
class Box:
    """A testbed and its container."""

    place: ProvisionedTestbed
    record: Record

    @property
    def container(self) -> str:
        return compose.container(self.record)

    def inspect(self) -> Any:
        """All that the engine says of the container."""
        (found,) = json.loads(docker("container", "inspect", self.container))
        return found

    def state(self) -> compose.Container:
        found = compose.inspect(self.record)
        assert found is not None
        return found

    def run(self, *command: str) -> str:
        """What *command* prints in the container, as the container's own user."""
        return docker("exec", self.container, *command)


def docker(*arguments: str) -> str:
    """What docker prints; it must succeed."""
    done = cli.run(*arguments)
    assert 0 == done.returncode, done.stderr
    return done.stdout.strip()


def docker_compose(environment: dict[str, str], *words: str) -> str:
    """What Compose says; its first *words* may name another file than this checkout's."""
    done = subprocess.run(
        ["docker", "compose", *words],
        cwd=settings.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A container that tests look at."""
    yield from _boxes(tmp_path_factory.mktemp("box"))


@pytest.fixture
def private_box(tmp_path: Path) -> Iterator[Box]:
    """A container that a test may break, with little memory."""
    yield from _boxes(tmp_path / "box", memory="1g")


def _boxes(state_dir: Path, **wanted: Any) -> Iterator[Box]:
    for place in in_docker(state_dir, **wanted):
        known = record.read(state_dir)
        assert known is not None
        yield Box(place, known)
