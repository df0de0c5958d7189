"""Tells whether the files of a hot-reloaded function have changed since its worker loaded them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

IGNORED: Final = frozenset({"__pycache__", ".git", "node_modules"})


def fingerprint(folder: Path) -> int:
    """A number that changes when a file below *folder* is saved, added or removed."""
    seen = []
    for place, folders, files in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name not in IGNORED]
        for name in files:
            try:
                found = os.stat(os.path.join(place, name))  # noqa: PTH116, PTH118 - at each invocation
            except OSError:
                continue  # an editor's scratch file
            seen.append((place, name, found.st_mtime_ns, found.st_size))
    return hash(tuple(sorted(seen)))
