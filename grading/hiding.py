"""Folders that the emulator and the functions in it do not see: hidden tests, solutions, marks.

As root on Linux, the thread that starts the emulator leaves the host's mounts, and puts an empty
file system over each folder. The emulator and all below it inherit that; the rest of this process
sees the folders as ever. A worker is no root, and cannot take it away.

The folders that anybody may write to are others there, too: folders in one of ours, which goes with
what was written to them.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from testbed import removal

CLONE_NEWNS: Final = 0x20000
MS_REC: Final = 0x4000
MS_PRIVATE: Final = 0x40000
MS_BIND: Final = 0x1000
EVERYBODYS: Final = tuple(map(Path, ("/tmp", "/var/tmp", "/dev/shm")))  # noqa: S108 - to be hidden
_SCRATCH: Final = "scratch"


def without[T](
    folders: Sequence[Path], start: Callable[[], T], *, own: Path, needed: Sequence[Path]
) -> tuple[T, bool]:
    """What *start* gives, and whether processes that it starts do not see *folders*.

    Args:
        folders: what is hidden from them.
        start: starts them.
        own: a folder of ours, for what they write to those that are everybody's.
        needed: what is seen by them though it may be in one of those, as *own* is.
    """
    result: list[tuple[T, bool]] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            hidden = _hide(folders, own.resolve(), [each.resolve() for each in needed])
            result.append((start(), hidden))
        except BaseException as error:  # noqa: BLE001 - it is raised where it was asked for
            failed.append(error)

    # A thread of its own: what it leaves, it leaves for itself and for what it starts.
    thread = threading.Thread(target=work, name="starts the emulator")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return result[0]


def clear(own: Path) -> None:
    """Remove what functions wrote to the folders that stand in *own* for everybody's.

    Functions are no root; what root has made there is the emulator's, and goes with it.
    """
    for scratch in (own / _SCRATCH).glob("*"):
        for entry in scratch.iterdir():
            if entry.lstat().st_uid != 0:
                removal.entry(entry)


def _hide(folders: Sequence[Path], own: Path, needed: Sequence[Path]) -> bool:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None):
        return False
    over = [os.fsencode(folder.resolve()) for folder in folders if folder.is_dir()]
    hidden = not any(libc.mount(b"tmpfs", path, b"tmpfs", 0, b"size=4k,mode=0700") for path in over)
    for number, place in enumerate(EVERYBODYS):
        if place.is_dir():
            _replace(libc, place, own / _SCRATCH / str(number), [own, *needed])
    return hidden


def _replace(libc: ctypes.CDLL, place: Path, scratch: Path, needed: Sequence[Path]) -> None:
    """Have *scratch* stand for *place*, with what is *needed* of that where it was."""
    scratch.mkdir(parents=True)
    scratch.chmod(0o1777)
    for each in needed:
        if each.is_relative_to(place) and each.is_dir():
            (scratch / each.relative_to(place)).mkdir(parents=True, exist_ok=True)
            _bind(libc, each, scratch / each.relative_to(place))
    _bind(libc, scratch, place)


def _bind(libc: ctypes.CDLL, what: Path, where: Path) -> None:
    libc.mount(os.fsencode(what), os.fsencode(where), None, MS_BIND | MS_REC, None)
