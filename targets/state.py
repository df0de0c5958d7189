"""What a testbed keeps in its state folder: all of it is removed by `make clean`, and nothing else.

The folder itself, with its marker, is the launcher's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import filelock
from rich.markup import escape

from localstack_standalone.launcher import record, state_folder
from localstack_standalone.launcher.record import Record
from targets import earlier
from targets.hints import worded
from testbed import removal, terminal

SILENCE_S: Final = 1.0

# Named states, a file each.
SNAPSHOTS: Final = "snapshots"
# Says which volume of Docker's has the state of a testbed in a container.
VOLUME: Final = "volume"
# All that commands make in it; a name that is not here is never removed.
ENTRIES: Final = frozenset(
    {
        *earlier.RECORDS,
        *("emulator.log", "emulator.log.1", "lock", "emulator.new", "compose.new", "outputs.new"),
        *("tmp", "cache", "localstack", "results", "traces", "dev"),
        *("port", state_folder.KEPT, SNAPSHOTS, VOLUME),
        *("started.json", "thumb-club2.png"),  # README's walk by hand
    }
)


@contextlib.contextmanager
def held(folder: Path) -> Iterator[Record | None]:
    """Take *folder* for a testbed; one command at a time starts something in it.

    Gives the record of what was started there before.

    Raises:
        EmulatorError: something else is in it.
    """
    earlier.adopt(folder, ENTRIES)
    with worded():
        state_folder.take(folder)
    lock = state_folder.exclusive(folder)
    try:
        lock.acquire(timeout=SILENCE_S)
    except filelock.Timeout:
        terminal.err.print(f"another command is at work in {escape(str(folder))}; waiting for it …")
        lock.acquire()
    try:
        yield record.read(folder)
    finally:
        lock.release()


def known(folder: Path) -> Record | None:
    """The record of what was started in *folder*, by this or an earlier version."""
    earlier.adopt(folder, ENTRIES)
    return record.read(folder)


def is_ours(folder: Path) -> bool:
    """Whether *folder* is a testbed's, of this or an earlier version."""
    return state_folder.is_ours(folder) or earlier.is_testbed(folder, ENTRIES)


def refuse_foreign(folder: Path) -> None:
    """See that *folder* may be used, and removed.

    Raises:
        EmulatorError: it is there, and not a testbed's.
    """
    earlier.adopt(folder, ENTRIES)
    with worded():
        state_folder.refuse_foreign(folder)


def remove(folder: Path) -> list[Path]:
    """Remove what we made in *folder*, and the folder with it where nothing else is in it.

    Returns:
        What was kept, since we did not make it.

    Raises:
        EmulatorError: it is not a testbed's.
    """
    refuse_foreign(folder)
    marker = state_folder.MARKER  # goes last, and stays where anything does
    others = [path for path in removal.known(folder, ENTRIES) if path.name != marker]
    return others or removal.known(folder, [marker])
