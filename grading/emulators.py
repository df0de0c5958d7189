"""Emulators to grade in: one is started and has the pipeline; each submission gets a fork of it."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from botocore.config import Config

from grading import hiding, leftovers
from infra import package, stack
from targets import embedded
from testbed import settings
from testbed.aws import Aws
from testbed.outputs import Outputs

# Of an emulator that a submission broke, no answer is an answer too.
CLIENT: Final = Config(
    read_timeout=30,
    connect_timeout=2,
    retries={"total_max_attempts": 2},
    max_pool_connections=50,  # a lab's probes all at once
)
# What an emulator is made of: the checkout, and the Python that its environments are of.
NEEDED: Final = (settings.ROOT, Path(sys.base_prefix))


@dataclasses.dataclass(frozen=True)
class GradingPlace:
    """A fresh emulator with the pipeline in it."""

    aws: Aws
    outputs: Outputs


@dataclasses.dataclass(frozen=True)
class Emulators:
    """Gives fresh emulators.

    Attributes:
        parent: what is forked.
        outputs: where the pipeline is in that.
        folder: for the forks' own folders.
        hidden: whether functions in them do not see what was to be hidden.
    """

    parent: embedded.ForkParent
    outputs: Outputs
    folder: Path
    hidden: bool

    @contextlib.contextmanager
    def fresh(self) -> Iterator[GradingPlace]:
        """One, with nothing of earlier ones in it; whatever ran in it has ended afterwards."""
        known = leftovers.children()
        with contextlib.ExitStack() as stacked:
            folder = stacked.enter_context(
                tempfile.TemporaryDirectory(
                    dir=self.folder, prefix="one-", ignore_cleanup_errors=True
                )
            )
            stacked.callback(leftovers.end, known)
            fork = stacked.enter_context(embedded.forked(self.parent, Path(folder) / "state"))
            here = fork.endpoint
            url = self.outputs.api_url.replace(str(self.outputs.endpoint), here)
            moved = dataclasses.replace(self.outputs, endpoint=here, api_url=url)
            try:
                yield GradingPlace(Aws(here, config=CLIENT), moved)
            finally:
                with leftovers.reaped(known):
                    stacked.close()
                hiding.clear(self.folder)


@contextlib.contextmanager
def opened(hide: Sequence[Path] = ()) -> Iterator[Emulators]:
    """Emulators whose functions do not see the folders *hide*, where the system allows that.

    What a person has set for emulators does not count: marks are the same everywhere.

    Raises:
        EmulatorError: none came up.
        ProvisioningError: the pipeline cannot be made in it.
    """
    known: list[Outputs] = []

    zipped = package.build(package.host_platform(), uv=settings.uv())

    def fill(emulator: embedded.Started, _state_dir: Path) -> None:
        known.append(stack.apply(Aws(emulator.endpoint), target="embedded", package=zipped))

    leftovers.adopt()
    before = leftovers.children()
    with tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as name:
        # Workers are users of their own, and have to come by.
        folder = Path(name)
        folder.chmod(0o711)
        context = embedded.parent(folder / "parent", fill, variables={})
        # What our own folder is in cannot be hidden from what is in it.
        apart = [each for each in hide if not folder.resolve().is_relative_to(each.resolve())]
        parent, hidden = hiding.without(apart, context.__enter__, own=folder, needed=NEEDED)
        try:
            yield Emulators(parent, known[-1], folder, hidden and len(apart) == len(hide))
        finally:
            with leftovers.reaped(before):
                context.__exit__(None, None, None)
