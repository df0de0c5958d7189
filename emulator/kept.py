"""A record in a file: written whole or not at all, and no error to be read where it is not."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def write(path: Path, record: DataclassInstance) -> None:
    """Keep *record* in *path*."""
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(dataclasses.asdict(record)), encoding="utf-8")
    scratch.replace(path)


def read[R](path: Path, kind: type[R]) -> R | None:
    """The record in *path*; None where there is none or it cannot be read."""
    try:
        return kind(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
