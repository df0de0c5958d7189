"""Folders that the emulator and the functions in it do not see: hidden tests, solutions, marks.

As root on Linux, the thread that starts the emulator leaves the host's mounts, and puts an empty
file system over each folder. The emulator and all below it inherit that; the rest of this process
sees the folders as ever. A worker is no root, and cannot take it away.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

CLONE_NEWNS: Final = 0x20000
MS_REC: Final = 0x4000
MS_PRIVATE: Final = 0x40000


def without[T](folders: Sequence[Path], start: Callable[[], T]) -> tuple[T, bool]:
    """What *start* gives, and whether processes that it starts do not see *folders*."""
    result: list[tuple[T, bool]] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            hidden = _hide(folders)
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


def _hide(folders: Sequence[Path]) -> bool:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None):
        return False
    over = [os.fsencode(folder.resolve()) for folder in folders if folder.is_dir()]
    return not any(libc.mount(b"tmpfs", path, b"tmpfs", 0, b"size=4k,mode=0700") for path in over)
