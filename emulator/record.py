"""What is remembered of a running emulator, so that a later command finds it, or its remains."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import psutil

from emulator import kept

FILE_NAME = "emulator.json"


@dataclasses.dataclass(frozen=True)
class Record:
    """An emulator that was started as a host process.

    Attributes:
        pid: its process id, and that of its process group.
        created: when the process was created, in epoch seconds; a process id alone is reused.
        port: where it listens on 127.0.0.1.
        settings: what a person has set for it.
    """

    pid: int
    created: float
    port: int
    settings: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """Base URL of the emulator."""
        return f"http://127.0.0.1:{self.port}"

    def process(self) -> psutil.Process | None:
        """The process, if it is still that one and alive."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < 1
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.Error:
            return None


def write(state_dir: Path, record: Record) -> None:
    """Keep *record* in *state_dir*."""
    kept.write(state_dir / FILE_NAME, record)


def read(state_dir: Path) -> Record | None:
    """The record in *state_dir*; None where there is none or it cannot be read."""
    return kept.read(state_dir / FILE_NAME, Record)


def forget(state_dir: Path) -> None:
    """Remove the record."""
    (state_dir / FILE_NAME).unlink(missing_ok=True)
