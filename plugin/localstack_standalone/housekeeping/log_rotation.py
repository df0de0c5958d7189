"""Keeps the emulator's log bounded, where its standard output is the file ``emulator.log``.

The file stays the same one, since whatever the emulator starts writes to it as well: what is in it
is copied to ``emulator.log.1``, over an older copy, and it goes on from its beginning.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time
from pathlib import Path
from typing import Final

from localstack.runtime import hooks

from localstack_standalone.forks.fork import LOG_NAME

STDOUT: Final = 1
LONGEST_BYTES: Final = 20_000_000
LOOK_S: Final = 5.0


@hooks.on_infra_start(name="standalone_log_rotation")
def keep_bounded() -> None:
    """Look at the log now and then, from a thread of its own."""
    if is_output(Path(LOG_NAME)):
        threading.Thread(target=_watch, daemon=True, name="log-rotation").start()


def is_output(path: Path) -> bool:
    """Whether *path* is where our standard output goes."""
    try:
        return os.path.samestat(os.fstat(STDOUT), path.stat())
    except OSError:
        return False


def rotate(path: Path, longest_bytes: int) -> bool:
    """Move what is in the file to a copy beside it, if it is too long; True if it was.

    Raises:
        OSError: the file is gone.
    """
    if path.stat().st_size <= longest_bytes:
        return False
    copy = path.with_name(f"{path.name}.1")
    try:
        shutil.copyfile(path, copy)
    except OSError:  # no room for both: the newer lines are worth more
        copy.unlink(missing_ok=True)
    os.truncate(path, 0)
    return True


def _watch() -> None:
    while True:
        time.sleep(LOOK_S)
        with contextlib.suppress(OSError):
            rotate(Path(LOG_NAME), LONGEST_BYTES)
