"""Locks that nobody holds in a fork: the thread that held one in the parent is not there."""

from __future__ import annotations

import os
import threading


def fork_safe() -> threading.RLock:
    """A lock as the standard library's own modules make theirs."""
    made = threading.RLock()
    os.register_at_fork(after_in_child=made._at_fork_reinit)  # type: ignore[attr-defined]  # noqa: SLF001
    return made
