"""The folder in which an emulator keeps everything: one that was made for that, and nothing else.

What emulators leave in it is emptied at each start, but for the state that is to survive them (the
folder `KEPT`, where it is asked for). So each has a marker, and one without it is somebody's.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from localstack_standalone.launcher.errors import StateFolderError

if TYPE_CHECKING:
    from filelock import FileLock

MARKER: Final = "testbed.json"
FORMAT: Final = 1
# The state that survives an emulator (the plugin's `persistence`).
KEPT: Final = "kept"
# What an emulator that has ended needs no more.
OF_AN_EMULATOR: Final = ("tmp", "localstack")
_SHOWN_ENTRIES: Final = 3


def take(folder: Path) -> None:
    """Make *folder*, or see that it is an emulator's; one that is empty becomes one.

    Raises:
        StateFolderError: something else is in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    refuse_foreign(folder)
    if not is_ours(folder):
        mark(folder)
    for name in (*OF_AN_EMULATOR, KEPT):
        if (folder / name).is_symlink():
            raise StateFolderError(folder, f"{name}, which is a link to somewhere else")


def exclusive(folder: Path) -> FileLock:
    """Lets one command at a time start or stop what is in *folder*."""
    from filelock import FileLock  # a container's first process has the standard library alone

    return FileLock(folder / "lock")


def mark(folder: Path) -> None:
    """Say in *folder* that it is an emulator's."""
    text = json.dumps(
        {"format": FORMAT, "what": "the state of an emulator of localstack-standalone"}
    )
    (folder / MARKER).write_text(text + "\n", encoding="utf-8")


def is_ours(folder: Path) -> bool:
    """Whether *folder* was taken for an emulator."""
    return (folder / MARKER).is_file()


def refuse_foreign(folder: Path) -> None:
    """See that *folder*, if it is there, is an emulator's or empty.

    Raises:
        StateFolderError: it is not.
    """
    if folder.exists() and not is_ours(folder) and any(folder.iterdir()):
        raise StateFolderError(folder, _shown(folder))


def forget_emulator(folder: Path) -> None:
    """Remove what an emulator has left in *folder*; nothing where it is not ours."""
    if is_ours(folder):
        for name in OF_AN_EMULATOR:
            shutil.rmtree(folder / name, ignore_errors=True)  # (which leaves links alone)


def _shown(folder: Path) -> str:
    """Some names in *folder*, for a message."""
    names = sorted(entry.name for entry in folder.iterdir())
    more = f" and {len(names) - _SHOWN_ENTRIES} more" if len(names) > _SHOWN_ENTRIES else ""
    return ", ".join(names[:_SHOWN_ENTRIES]) + more
