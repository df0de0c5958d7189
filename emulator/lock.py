"""One command at a time on a state folder."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def exclusive(state_dir: Path) -> Iterator[None]:
    """Let one command at a time start or stop the emulator of *state_dir*."""
    # Never through a link: the file that it leads to is somebody else's.
    lock = os.open(state_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
