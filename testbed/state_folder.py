"""The folder in which a testbed keeps everything: one that was made for that, and nothing else.

Commands empty it and remove it. So each has a marker, and one without it is somebody's.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from testbed.errors import StateFolderError

MARKER: Final = "testbed.json"
FORMAT: Final = 1
# All that commands make in it; a name that is not here is never removed.
RECORDS: Final = ("emulator.json", "compose.json", "outputs.json", "emulator.log")
ENTRIES: Final = frozenset(
    {
        MARKER,
        *RECORDS,
        "emulator.log.1",
        "emulator.new",
        "compose.new",
        "outputs.new",
        "lock",
        "tmp",
        "cache",
        "localstack",
        "results",
        "traces",
        "dev",
        # README's walk by hand.
        "started.json",
        "thumb-club2.png",
    }
)
# What an emulator that has ended needs no more.
OF_AN_EMULATOR: Final = ("tmp", "localstack")
_SHOWN_ENTRIES: Final = 3
# What those of earlier versions, which had no marker, have in them.
_RECORDS: Final = {
    "emulator.json": {"pid", "created", "port"},
    "compose.json": {"project", "port"},
    "outputs.json": {"target", "endpoint", "api_url"},
}
_LOG_SAYS: Final = b"LocalStack version: "
_LOG_BYTES: Final = 64 * 1024


def take(folder: Path) -> None:
    """Make *folder*, or see that it is a testbed's; one that is empty becomes one.

    Raises:
        StateFolderError: something else is in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not is_ours(folder):
        if any(folder.iterdir()):
            raise StateFolderError(folder, _shown(folder, frozenset()))
        mark = {"format": FORMAT, "what": "the state of an image pipeline testbed; `make clean`"}
        (folder / MARKER).write_text(json.dumps(mark) + "\n", encoding="utf-8")
    for name in OF_AN_EMULATOR:
        if (folder / name).is_symlink():
            raise StateFolderError(folder, f"{name}, which is a link to somewhere else")


def is_ours(folder: Path) -> bool:
    """Whether *folder* is a testbed's.

    One of an earlier version has no marker, but a record or a log of ours, and nothing that is not.
    """
    if (folder / MARKER).is_file():
        return True
    names = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    return names <= ENTRIES and any(_is_record(folder / name) for name in names)


def _is_record(path: Path) -> bool:
    """Whether *path* is what its name says: others call their files so, too."""
    try:
        if path.name == "emulator.log":
            with path.open("rb") as log:
                return _LOG_SAYS in log.read(_LOG_BYTES)
        found = json.loads(path.read_text(encoding="utf-8")) if path.name in _RECORDS else {}
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and _RECORDS.get(path.name, {""}) <= found.keys()


def forget_emulator(folder: Path) -> None:
    """Remove what an emulator has left in *folder*; nothing where it is not ours."""
    if is_ours(folder):
        for name in OF_AN_EMULATOR:
            remove_entry(folder / name)


def refuse_foreign(folder: Path) -> None:
    """See that *folder* may be removed.

    Raises:
        StateFolderError: it is there, and not a testbed's.
    """
    if folder.exists() and not is_ours(folder) and any(folder.iterdir()):
        raise StateFolderError(folder, _shown(folder, frozenset()))


def remove(folder: Path) -> str | None:
    """Remove what we made in *folder*, and the folder with it where nothing else is in it.

    Returns:
        What was kept, in words; None where nothing is left.

    Raises:
        StateFolderError: it is not a testbed's.
    """
    refuse_foreign(folder)
    if not folder.is_dir():
        return None
    others = _shown(folder, ENTRIES)
    for name in sorted(ENTRIES - ({MARKER} if others else set())):
        remove_entry(folder / name)
    if not others:
        folder.rmdir()
    return others or None


def remove_known(folder: Path, known: Iterable[str]) -> list[Path]:
    """Remove the entries of *folder* that match *known* (as in fnmatch), and itself if empty then.

    Returns:
        What was left: *folder* itself where it is a link, which leads to somewhere else.
    """
    if folder.is_symlink() or not folder.is_dir():
        return [folder] if folder.is_symlink() or folder.exists() else []
    patterns = tuple(known)
    for entry in folder.iterdir():
        if any(fnmatch(entry.name, pattern) for pattern in patterns):
            remove_entry(entry)
    left = sorted(folder.iterdir())
    if not left:
        folder.rmdir()
    return left


def remove_entry(path: Path) -> None:
    """Remove a file, a folder with all in it, or a link; never what a link leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _shown(folder: Path, known: frozenset[str]) -> str:
    """Some names in *folder* that are not *known*."""
    names = sorted(entry.name for entry in folder.iterdir() if entry.name not in known)
    more = f" and {len(names) - _SHOWN_ENTRIES} more" if len(names) > _SHOWN_ENTRIES else ""
    return ", ".join(names[:_SHOWN_ENTRIES]) + more
