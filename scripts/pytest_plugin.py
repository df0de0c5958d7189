"""A pytest plugin: a testbed of its own for each test that asks, in a moment.

    # pytest -p scripts.pytest_plugin
    def test_a_thumbnail(fresh_testbed):
        submit.upload(fresh_testbed.aws, fresh_testbed.outputs, key="a.png", content=png)

The first that asks pays for one start with the whole pipeline; after that a fresh testbed is a fork
of it (emulator/snapshot.py) where the system can do that, and a plain start elsewhere.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator import snapshot
from emulator.record import Record
from scripts import provision
from testbed import outputs
from testbed.aws import Aws


@dataclasses.dataclass(frozen=True)
class Place:
    """A testbed with the pipeline in it."""

    aws: Aws
    outputs: outputs.Outputs
    state_dir: Path

    @property
    def endpoint(self) -> str:
        """Base URL of the emulator."""
        assert self.outputs.endpoint is not None  # noqa: S101 - only AWS itself has none
        return self.outputs.endpoint


@pytest.fixture(scope="session")
def testbed_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[snapshot.Template]:
    """The testbed that fresh ones are forked from; its own state is nobody's business."""
    made = tmp_path_factory.mktemp("template")

    def fill(record: Record, state_dir: Path) -> None:
        outputs.write(state_dir, provision.provision(Aws(endpoint=record.endpoint), "embedded"))

    def adopt(record: Record, state_dir: Path) -> None:
        known = outputs.read(made)
        url = known.api_url.replace(str(known.endpoint), record.endpoint)
        outputs.write(state_dir, dataclasses.replace(known, endpoint=record.endpoint, api_url=url))

    with snapshot.template(made, fill, adopt) as template:
        yield template


@pytest.fixture
def fresh_testbed(testbed_template: snapshot.Template, tmp_path: Path) -> Iterator[Place]:
    """A clean testbed: the pipeline, no images, no executions; on a free port, for one test."""
    yield from fresh(testbed_template, tmp_path / "testbed")


def fresh(template: snapshot.Template, state_dir: Path) -> Iterator[Place]:
    """A clean testbed of *template* in *state_dir*, stopped when the generator goes on."""
    record = template.copy(state_dir)
    try:
        yield Place(Aws(endpoint=record.endpoint), outputs.read(state_dir), state_dir)
    finally:
        snapshot.stop(state_dir)
