"""What a target is: the same questions to each, so that nobody tells them apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol

from localstack_standalone.launcher.record import Record
from testbed import names, settings
from testbed.aws import Aws


@dataclasses.dataclass(frozen=True)
class Running:
    """A target that serves AWS now.

    Attributes:
        target: its name.
        endpoint: base URL of the emulator; None for AWS itself.
        record: what is kept of the emulator, likewise.
        pid: the emulator's process, where it is one of this machine.
        region: in which it serves.
    """

    target: settings.Target
    endpoint: str | None = None
    record: Record | None = None
    pid: int | None = None
    region: str = names.REGION

    @cached_property
    def aws(self) -> Aws:
        """Clients for it."""
        return Aws(endpoint=self.endpoint, region=self.region)


class Target(Protocol):
    """A module that runs testbeds, each in a state folder; `choose` knows which there are."""

    def start(self, wanted: settings.Settings, known: Record | None, /) -> Running:
        """Start it, and return when a request would succeed.

        Args:
            wanted: state folder and port, of one who has taken that folder and its lock.
            known: the record of the one that is up there, which is kept; None where none is.

        Raises:
            EmulatorError: it could not be started (then nothing is left running), or what is up is
                not what is wanted.
            SettingError: something that a person has set for it is not usable.
        """

    def status(self, known: Record, /) -> Running | None:
        """The one that *known* tells of, if it is up."""

    def stop(self, state_dir: Path, known: Record, /, *, image: bool = False) -> bool:
        """Stop it with all that it started, and forget it; True if it was running.

        Args:
            state_dir: its folder, where its log is kept.
            known: its record.
            image: whether to remove an image that was built for it, too, and what it has kept.
        """

    def log(
        self, state_dir: Path, known: Record, /, lines: int | None, *, follow: bool
    ) -> Iterator[str]:
        """Its log, piece by piece: the last *lines* or all of it, and with *follow* what comes."""

    def facts(self, state_dir: Path, known: Record, /) -> Mapping[str, str]:
        """What else a person wants to know of it, in rich's markup."""
