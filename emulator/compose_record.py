"""What is remembered of a testbed in Docker, so that a later command finds it, or its remains."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Final

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
    """

    project: str
    port: int
    image_tag: str
    memory: str

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
    path = state_dir / FILE_NAME
    path.with_suffix(".new").write_text(json.dumps(dataclasses.asdict(record)), encoding="utf-8")
    path.with_suffix(".new").replace(path)


def read(state_dir: Path) -> Record | None:
    """The record in *state_dir*; None where there is none or it cannot be read."""
    try:
        return Record(**json.loads((state_dir / FILE_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget(state_dir: Path) -> None:
    """Remove the record."""
    (state_dir / FILE_NAME).unlink(missing_ok=True)
