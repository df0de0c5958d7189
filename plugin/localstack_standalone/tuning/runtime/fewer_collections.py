"""Python looks for unreachable cycles less often while the emulator loads.

Nearly all that LocalStack makes while it starts and loads its services stays: looking for garbage
among it after every 700 new objects costs 0.4 s until the pipeline is there. What a loaded emulator
leaves behind is found still, at every 50,000 objects.
"""

from __future__ import annotations

import gc
from types import ModuleType
from typing import Final

THRESHOLDS: Final = (50_000, 10, 10)


def tune(_module: ModuleType) -> None:
    """Set the thresholds of the three generations."""
    gc.set_threshold(*THRESHOLDS)
