"""Forks copies of this emulator: each isolated, with a folder and a port of its own (Linux).

An emulator that was started with ``STANDALONE_SNAPSHOT=<descriptor of a Unix socket>`` and then
filled with whatever its copies shall have is their parent. A request on that socket is
one message, JSON, with descriptors attached::

    {"state_dir": "/folder/of/the/copy", "port": 40123}   + [answer socket, lifeline or none]

The copy answers on the answer socket, ``{"pid": …}`` once it listens, or ``{"failed": "why"}``.

A fork takes one thread along, the one that listens, and none of the others: what those did is begun
anew in the copy (see after_fork). Files are below the working directory, named through
/proc/self/cwd, so that a copy of that folder is all that a copy of the emulator needs.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import random
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from localstack import config

from localstack_standalone.forks import lifeline
from localstack_standalone.forks.after_fork import after_fork

LOG = logging.getLogger(__name__)

type Renewals = Sequence[Callable[[], Any]]
"""What begins the state of each module anew; see `after_fork`."""

SETTING: Final = "STANDALONE_SNAPSHOT"
LOG_NAME: Final = "emulator.log"
# What a copy takes along of the parent's folder.
FOLDERS: Final = ("tmp", "cache", "localstack")
MESSAGE_BYTES: Final = 64 * 1024
_ANYBODY_WRITES: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class ForkableServer(Protocol):
    """What accepts connections in the thread that is taken along."""

    def watch(self, source: socket.socket, ready: Callable[[], None]) -> None:
        """Call *ready* in that thread whenever *source* can be read."""

    def move(self, listen: Iterable[Any]) -> None:
        """After a fork: let go of all that the parent serves, and listen on *listen* instead."""

    def shutdown(self) -> None:
        """Have the thread end."""


def offer(server: ForkableServer) -> None:
    """Answer requests for copies, if this emulator was started as a parent."""
    setting = os.environ.get(SETTING)
    if setting:
        control = socket.socket(fileno=int(setting))
        # Loaded here, once: what cannot be loaded is an error of the parent's start.
        renewals = after_fork.manager.load_all_sorted(propagate_exceptions=True)
        server.watch(control, lambda: _answer(server, control, renewals))


def _answer(server: ForkableServer, control: socket.socket, renewals: Renewals) -> None:
    message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 2)
    if not message:  # nobody is left who could ask
        control.close()
        server.shutdown()
        return
    gc.freeze()  # a collection in a copy would copy every page that it shares with us
    middle = os.fork()
    if middle:
        os.waitpid(middle, 0)
        for descriptor in descriptors:
            os.close(descriptor)
        return
    if os.fork():  # the copy is nobody's child, so nobody has to wait for it
        os._exit(0)
    _become(server, control, json.loads(message), descriptors, renewals)


def _become(
    server: ForkableServer,
    control: socket.socket,
    wanted: dict[str, Any],
    descriptors: list[int],
    renewals: Renewals,
) -> None:
    """Turn this fork into the copy; it goes on as the emulator's main thread."""
    with socket.socket(fileno=descriptors[0]) as answer:
        try:
            os.setsid()
            _move_in(Path(wanted["state_dir"]))
            control.close()
            for address in (*config.GATEWAY_LISTEN, config.LOCALSTACK_HOST):
                address.port = wanted["port"]
            random.seed()
            for renew in renewals:
                renew()
            server.move(config.GATEWAY_LISTEN)
            for own in descriptors[1:]:
                lifeline.hold(own)
            answer.sendall(json.dumps({"pid": os.getpid()}).encode())
        except BaseException as error:  # whatever it is: nothing may go on that is half a copy
            LOG.exception("this copy could not be made")
            answer.sendall(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
            os._exit(1)


def _move_in(home: Path) -> None:
    """Copy the parent's files to *home*, and work and log there."""
    for name in FOLDERS:
        shutil.copytree(name, home / name, symlinks=True, copy_function=_take, dirs_exist_ok=True)
    os.chdir(home)
    log = os.open(LOG_NAME, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


def _take(source: str, target: str) -> None:
    """What nobody writes is shared, all else is copied."""
    if os.stat(source).st_mode & _ANYBODY_WRITES:  # noqa: PTH116 - thousands of them
        shutil.copy2(source, target)
    else:
        os.link(source, target)
