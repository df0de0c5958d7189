"""The folder of the state: what cannot be read is set aside by name, and never deleted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from localstack_standalone.persistence.errors import (
    DamagedStateError,
    ForeignStateError,
    OtherVersionError,
    PersistenceError,
)
from localstack_standalone.persistence.journal import FILE

UNREADABLE: Final = (DamagedStateError, ForeignStateError, OtherVersionError)
# SQLite's log and its index belong to the file.
_FILES: Final = (FILE, f"{FILE}-wal", f"{FILE}-shm")
_REASONS: Final[dict[type[PersistenceError], str]] = {
    DamagedStateError: "damaged",
    ForeignStateError: "foreign",
    OtherVersionError: "other-version",
}


def set_aside(folder: Path, error: PersistenceError) -> Path:
    """Move the state in *folder* to a folder below it that says why and when, and return that."""
    moment = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
    name = f"set-aside-{moment}-{_REASONS[type(error)]}"
    target = folder / name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{name}-{number}"
    target.mkdir(mode=0o700)
    for file in _FILES:
        if (folder / file).exists():
            (folder / file).rename(target / file)
    return target
