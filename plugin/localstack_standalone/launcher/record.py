"""What is kept of what was started in a state folder, so that a later command finds it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

from localstack_standalone.launcher.errors import OtherPortError, OtherSettingsError

FILE_NAME = "emulator.json"


@dataclasses.dataclass(frozen=True)
class Record:
    """An emulator that was started, in whatever way.

    Attributes:
        target: in which way; the launcher's own is `emulator.TARGET`.
        port: where it listens on 127.0.0.1.
        identity: how whoever started it finds it again.
        settings: what a person has set for it.
    """

    target: str
    port: int
    identity: Mapping[str, str | float]
    settings: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """Base URL of the emulator."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The emulator's process id, where it is a process of this machine."""
        return int(self.identity["pid"])

    def refuse_other(self, state_dir: Path, port: int | None, settings: Mapping[str, str]) -> None:
        """See that the emulator that is up is the one that is asked for: it does not change.

        Args:
            state_dir: its folder.
            port: where it is asked for; None if it does not matter.
            settings: what is set for it now; what it was started with beside that does not matter.

        Raises:
            OtherPortError: it is up on another port.
            OtherSettingsError: it was started without some of *settings*.
        """
        if port not in (None, self.port):
            raise OtherPortError(state_dir, self.port)
        missing = {name: text for name, text in settings.items() if self.settings.get(name) != text}
        if missing:
            raise OtherSettingsError(state_dir, missing)


def write(state_dir: Path, record: Record) -> None:
    """Keep *record* in *state_dir*, whole or not at all."""
    scratch = (state_dir / FILE_NAME).with_suffix(".new")
    scratch.write_text(json.dumps(dataclasses.asdict(record)), encoding="utf-8")
    scratch.replace(state_dir / FILE_NAME)


def read(state_dir: Path) -> Record | None:
    """The record in *state_dir*; None where there is none or it cannot be read."""
    try:
        return Record(**json.loads((state_dir / FILE_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget(state_dir: Path) -> None:
    """Remove the record."""
    (state_dir / FILE_NAME).unlink(missing_ok=True)
