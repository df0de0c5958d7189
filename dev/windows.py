"""Whether a checkout lies on a drive of Windows', as seen from inside WSL 2.

Standard library alone, under any Python from 3.8 on: `make doctor` runs before all is installed.
"""

from __future__ import annotations

# How WSL mounts Windows' drives: version 2 over 9P or virtiofs, version 1 with a driver of its own.
_WINDOWS_TYPES = ("9p", "drvfs", "virtiofs")


def is_wsl(version: str) -> bool:
    """Whether the kernel that calls itself *version* (``/proc/version``) is WSL's."""
    return "microsoft" in version.lower()


def is_on_windows(path: str, mounts: str) -> bool:
    """Whether *path* is on a Windows drive by *mounts*, what ``/proc/mounts`` says."""
    best, found = "", ""
    for line in mounts.splitlines():
        _, place, kind, *_ = line.split(" ")
        place = place.replace("\\040", " ")
        inside = path == place or path.startswith(place.rstrip("/") + "/")
        if inside and len(place) >= len(best):  # a later mount lies over an earlier one
            best, found = place, kind
    return found in _WINDOWS_TYPES
