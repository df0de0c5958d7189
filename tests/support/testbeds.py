"""Testbeds with the pipeline in them: the one that is up, or forks of an emulator.

The pipeline is provisioned once in what is forked.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from infra import package, stack
from localstack_standalone import pytest_plugin
from localstack_standalone.clients import RunningEmulator
from localstack_standalone.launcher.forks import Parent
from localstack_standalone.launcher.record import Record
from targets import choose, embedded
from testbed import outputs, setting_table, settings
from testbed.aws import Aws
from testbed.errors import NotRunningError

# Makes a fresh testbed in a folder, for as long as a block runs.
type ForkTestbed = Callable[[Path], AbstractContextManager[ProvisionedTestbed]]


@dataclasses.dataclass(frozen=True)
class ProvisionedTestbed:
    """A testbed with the pipeline in it."""

    aws: Aws
    outputs: outputs.Outputs
    state_dir: Path

    @property
    def endpoint(self) -> str:
        """Base URL of the emulator."""
        assert self.outputs.endpoint is not None  # only AWS itself has none
        return self.outputs.endpoint


def asked_for() -> ProvisionedTestbed | None:
    """The testbed that is up, if RUNNING=1 asks for it; None where it does not, or none is up.

    Raises:
        NotRunningError: it asks for the one on AWS, and there is none: another is no substitute.
    """
    if not setting_table.is_on(os.environ, "RUNNING"):
        return None
    wanted = settings.load()
    try:
        up, known = choose.running(wanted), outputs.read(wanted.state_dir)
        return ProvisionedTestbed(Aws(up.endpoint, known.region), known, wanted.state_dir)
    except NotRunningError:
        if wanted.target == "aws":
            raise
        return None


class ProvisionedParent:
    """Fills an emulator with the pipeline, and knows where a fork of that has it.

    Attributes:
        outputs: where the pipeline is in what was filled.
    """

    outputs: outputs.Outputs

    def __call__(self, emulator: RunningEmulator) -> None:
        zipped = package.build(package.host_platform(), uv=settings.uv())
        aws = Aws(endpoint=emulator.endpoint)
        self.outputs = stack.apply(aws, target="embedded", package=zipped)

    @contextlib.contextmanager
    def fork(self, parent: Parent, state_dir: Path) -> Iterator[ProvisionedTestbed]:
        """The pipeline, no images, no executions; on a free port, for as long as the block runs."""
        with pytest_plugin.forked(parent, state_dir) as emulator:
            known, here = self.outputs, emulator.endpoint
            url = known.api_url.replace(str(known.endpoint), here)
            moved = dataclasses.replace(known, endpoint=here, api_url=url)
            outputs.write(state_dir, moved)
            yield ProvisionedTestbed(Aws(endpoint=here), moved, state_dir)


@contextlib.contextmanager
def parent(folder: Path) -> Iterator[tuple[Parent, outputs.Outputs]]:
    """One with the pipeline, in *folder*, for as long as the block runs; and where that is."""
    setup = ProvisionedParent()

    def fill(known: Record, state_dir: Path) -> None:
        setup(RunningEmulator(known.endpoint, state_dir))

    with embedded.parent(folder / "parent", fill) as made:
        yield made, setup.outputs
