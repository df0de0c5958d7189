"""Ends the emulator when whoever started it is gone (``STANDALONE_LIFELINE=<descriptor>``).

A test run that is killed cannot stop the emulators that it started. It holds the other end of a
pipe instead: the operating system closes it for the dead, and we stop when it is closed.
"""

from __future__ import annotations

import os
import threading

from localstack.runtime import hooks

from localstack_standalone.forks.after_fork import after_fork

SETTING = "STANDALONE_LIFELINE"


@hooks.on_infra_start(name="standalone_lifeline")
def hold_on() -> None:
    """Watch the pipe, if there is one."""
    setting = os.environ.get(SETTING)
    if setting:
        hold(int(setting))


@after_fork(name="lifeline")
def let_go() -> None:
    """The parent's pipe is the parent's; a fork has its own."""
    setting = os.environ.get(SETTING)
    if setting:
        os.close(int(setting))


def hold(descriptor: int) -> None:
    """End with whoever has the other end of *descriptor*."""
    threading.Thread(target=_watch, args=(descriptor,), daemon=True, name="lifeline").start()


def _watch(descriptor: int) -> None:
    """Wait until the other end of *descriptor* is closed, and end then."""
    while os.read(descriptor, 1):
        pass
    # Nobody is left who could want an orderly end, and workers end with their zygote.
    os._exit(0)
