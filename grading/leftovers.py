"""Processes that a submission left behind: found whatever they did to be missed, and ended.

A process that forks itself away from its parent is handed to the nearest ancestor that takes
orphans: on Linux, that is us.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Final

import psutil

from testbed.errors import TestbedError

PR_SET_CHILD_SUBREAPER: Final = 36
POLL_S: Final = 0.01
# Whoever makes processes faster than they are killed is not waited for without end.
END_WITHIN_S: Final = 30.0


def adopt() -> bool:
    """Take orphans from now on; whether that can be had."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def children() -> set[int]:
    """The ids of our own children."""
    return {child.pid for child in psutil.Process().children()}


def end(known: set[int]) -> int:
    """End all children of ours but those *known*, with all below them; how many still ran.

    Raises:
        TestbedError: after `END_WITHIN_S` there still are some.
    """
    ended, until = 0, time.monotonic() + END_WITHIN_S
    # Who is killed hands its own children to us, so that there may be new ones.
    while new := [each for each in psutil.Process().children() if each.pid not in known]:
        if time.monotonic() > until:
            ids = ", ".join(str(each.pid) for each in new)
            raise TestbedError(
                f"processes that the submission left go on after {END_WITHIN_S:.0f} s: {ids}; "
                "end them with `kill -9`"
            )
        for child in new:
            with contextlib.suppress(psutil.Error):
                ended += child.status() != psutil.STATUS_ZOMBIE
                child.kill()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child.pid, 0)
    return ended


@contextlib.contextmanager
def reaped(known: set[int]) -> Iterator[None]:
    """Take note of the end of children but those *known*, for as long as the block runs.

    Who stops an emulator waits for all below it; those that are ours by adoption would be waited
    for in vain.
    """
    done = threading.Event()

    def work() -> None:
        while not done.wait(POLL_S):
            for child in psutil.Process().children():
                with contextlib.suppress(psutil.Error, ChildProcessError):
                    if child.pid not in known and child.status() == psutil.STATUS_ZOMBIE:
                        os.waitpid(child.pid, os.WNOHANG)

    thread = threading.Thread(target=work, name="reaps orphans", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
