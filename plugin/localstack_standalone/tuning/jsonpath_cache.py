"""Paths are parsed once.

jsonpath_ng builds its parser's tables anew for each path that it parses, 29 ms of processor time,
and LocalStack parses a path at each evaluation. Parsed paths have no state: one serves all.
"""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Final

# A state machine has a dozen paths; definitions come from users, so there is a bound.
REMEMBERED: Final = 4096


def tune(target: ModuleType) -> None:
    """Remember what the ``parse`` of *target* gives; an error is raised anew each time."""
    target.parse = functools.lru_cache(maxsize=REMEMBERED)(target.parse)  # type: ignore[attr-defined]
