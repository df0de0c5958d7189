"""Where a worker is in its life.

STARTING ─next→ IDLE ─event→ BUSY ─response→ IDLE …; from everywhere ─kill, exit→ ENDED, for good.
"""

from __future__ import annotations

import enum


class WorkerState(enum.Enum):
    """Where a worker is in its life."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    ENDED = "ended"
