"""How a Wait state waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

# Whoever stops an execution wakes it, unless that comes a moment before it waits.
LOOK_EVERY_S: Final = 1.0


def pause(environment: Any, remaining_s: Callable[[], float]) -> None:
    """Wait while *remaining_s* gives more than 0 and the execution runs."""
    while environment.is_running() and (left_s := remaining_s()) > 0:
        environment.program_state_event.wait(min(left_s, LOOK_EVERY_S))
