"""The kinds of faults."""

from __future__ import annotations

import enum
from typing import Final


class FaultKind(enum.StrEnum):
    """What goes wrong."""

    LATENCY = "latency"
    THROTTLING = "throttling"
    INTERNAL_ERROR = "internal-error"
    UNAVAILABLE = "unavailable"
    ACCESS_DENIED = "access-denied"
    NO_SUCH_BUCKET = "no-such-bucket"
    LOST_CONNECTION = "lost-connection"
    CRASH = "crash"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out-of-memory"
    SLOW_START = "slow-start"


class When(enum.StrEnum):
    """Whether what was asked for is done: not at all, or wholly, and nobody learns of it."""

    BEFORE = "before"
    AFTER = "after"


ENDINGS: Final = frozenset({FaultKind.CRASH, FaultKind.TIMEOUT, FaultKind.OUT_OF_MEMORY})
"""How an invocation ends; where the function runs, not where it is called."""
OF_FUNCTIONS: Final = ENDINGS | {FaultKind.SLOW_START}
OF_CALLS: Final = frozenset(FaultKind) - OF_FUNCTIONS
DELAYS: Final = frozenset({FaultKind.LATENCY, FaultKind.SLOW_START})
"""These have a latency."""
TIMED: Final = frozenset({FaultKind.LOST_CONNECTION}) | ENDINGS
"""These are before or after what was asked for."""
