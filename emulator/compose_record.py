"""What is remembered of a testbed in Docker, so that a later command finds it, or its remains."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import Final

from emulator import kept

FILE_NAME: Final = "compose.json"
SERVICE: Final = "testbed"


@dataclasses.dataclass(frozen=True)
class Record:
    """A testbed that was started as a Compose project.

    Attributes:
        project: the project's name.
        port: where it is published on 127.0.0.1.
        image_tag: tag of its image.
        memory: its memory limit, as Docker writes it.
        settings: what a person has set for the emulator in it.
    """

    project: str
    port: int
    image_tag: str
    memory: str
    settings: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """Base URL of the emulator."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def container(self) -> str:
        """The name that Compose gives to the project's one container."""
        return f"{self.project}-{SERVICE}-1"


def project_name(state_dir: Path) -> str:
    """A name that no other state folder has, so that testbeds do not meet."""
    return f"image-pipeline-{hashlib.sha256(str(state_dir).encode()).hexdigest()[:10]}"


def write(state_dir: Path, record: Record) -> None:
    """Keep *record* in *state_dir*."""
    kept.write(state_dir / FILE_NAME, record)


def read(state_dir: Path) -> Record | None:
    """The record in *state_dir*; None where there is none or it cannot be read."""
    return kept.read(state_dir / FILE_NAME, Record)


def forget(state_dir: Path) -> None:
    """Remove the record."""
    (state_dir / FILE_NAME).unlink(missing_ok=True)
