"""One command at a time on a state folder."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def exclusive(state_dir: Path) -> Iterator[None]:
    """Let one command at a time start or stop the emulator of *state_dir*."""
    with (state_dir / "lock").open("w") as lock:
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 - not on Windows

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
