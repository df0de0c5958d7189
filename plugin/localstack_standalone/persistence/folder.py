"""The folder of the state: what cannot be read is set aside by name, and never deleted."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Final

from localstack_standalone.persistence import wal
from localstack_standalone.persistence.errors import (
    DamagedStateError,
    ForeignStateError,
    OtherVersionError,
    PersistenceError,
    UnusableFolderError,
)
from localstack_standalone.persistence.journal import FILE

UNREADABLE: Final = (DamagedStateError, ForeignStateError, OtherVersionError)
# SQLite's log and its index belong to the file, and so does the mark that it is in use.
_SUFFIXES: Final = ("", wal.LOG, wal.INDEX, wal.MARK)
_REASONS: Final[dict[type[PersistenceError], str]] = {
    DamagedStateError: "damaged",
    ForeignStateError: "foreign",
    OtherVersionError: "other-version",
}
_PREFIX: Final = "set-aside-"
_WHY: Final = "why.txt"


@dataclasses.dataclass(frozen=True)
class SetAside:
    """State that could not be read.

    Attributes:
        path: the folder that it is in now.
        why: what is wrong with it.
    """

    path: Path
    why: str


def set_aside(folder: Path, error: PersistenceError) -> SetAside:
    """Move the state in *folder* to a folder below it that says why and when.

    Raises:
        UnusableFolderError: it cannot be moved; it is where it was.
    """
    moment = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
    name = f"{_PREFIX}{moment}-{_REASONS[type(error)]}"
    target = folder / name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{name}-{number}"
    try:
        target.mkdir(mode=0o700)
        (target / _WHY).write_text(f"{error}\n", encoding="utf-8")
        # The mark goes last: whatever is left behind before is not taken for whole.
        for suffix in _SUFFIXES:
            file = wal.beside(folder / FILE, suffix)
            if file.exists():
                file.rename(target / file.name)
    except OSError as problem:
        raise UnusableFolderError(folder, str(problem)) from problem
    return SetAside(target, str(error))


def set_aside_before(folder: Path) -> list[SetAside]:
    """All that is set aside in *folder*, oldest first."""
    return [
        SetAside(path, (path / _WHY).read_text(encoding="utf-8").strip())
        for path in sorted(folder.glob(f"{_PREFIX}*"))
        if (path / _WHY).is_file()
    ]
