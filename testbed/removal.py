"""Removing what we made, by name, and nothing else: never what a link leads to."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path


def known(folder: Path, patterns: Iterable[str]) -> list[Path]:
    """Remove the entries of *folder* that match *patterns* (fnmatch), and itself if empty then.

    Returns:
        What was left: *folder* itself where it is a link, which leads to somewhere else.
    """
    if folder.is_symlink() or not folder.is_dir():
        return [folder] if folder.is_symlink() or folder.exists() else []
    wanted = tuple(patterns)
    for path in folder.iterdir():
        if any(fnmatch(path.name, pattern) for pattern in wanted):
            entry(path)
    left = sorted(folder.iterdir())
    if not left:
        folder.rmdir()
    return left


def entry(path: Path) -> None:
    """Remove a file, a folder with all in it, or a link; never what a link leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
