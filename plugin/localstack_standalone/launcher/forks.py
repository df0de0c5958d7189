"""Fresh emulators in a moment: forks of one that is loaded and filled already (Linux).

    with forks.parent(folder, installed, fill) as made:
        fresh = made.fork(another_folder)

Elsewhere than on Linux, and where the tuning is switched off, a fork is a plain start that is
filled anew: slower, and the same to whoever asked.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import psutil

from localstack_standalone.launcher import emulator, ports, process, record, state_folder
from localstack_standalone.launcher.errors import ForkError
from localstack_standalone.patching import switch
from localstack_standalone.tuning.registry import Option, names

FORK_TIMEOUT_S: Final = 30.0
TUNING: Final = "TUNING"
MESSAGE_BYTES: Final = 64 * 1024

type Fill = Callable[[record.Record, Path], None]


@dataclasses.dataclass(frozen=True)
class Parent:
    """What is forked.

    Attributes:
        installed: what it was started with.
        emulator: its record; None where forks are plain starts.
        control: the socket on which it takes requests, likewise.
        fill: puts into an emulator, whose state folder is given, what forks shall have.
    """

    installed: emulator.Installation
    emulator: record.Record | None
    control: socket.socket | None
    fill: Fill

    def fork(self, state_dir: Path) -> record.Record:
        """A fresh emulator with all that was filled in, on a free port; it ends with us.

        Raises:
            LauncherError: it could not be made; nothing is left running.
        """
        if self.control is None:
            started = emulator.start(state_dir, None, self.installed, tied=True)
            try:
                self.fill(started, state_dir)
            except BaseException:
                emulator.stop(state_dir)
                raise
            return started
        state_folder.take(state_dir)
        port = ports.free_port()
        pid = self._fork(self.control, state_dir, port)
        made = emulator.record_of(pid, port, self.installed.settings)
        record.write(state_dir, made)
        return made

    def _fork(self, control: socket.socket, state_dir: Path, port: int) -> int:
        ours, theirs = socket.socketpair()
        lifeline, held = os.pipe()
        try:
            ours.settimeout(FORK_TIMEOUT_S)
            message = json.dumps({"state_dir": str(state_dir.resolve()), "port": port}).encode()
            socket.send_fds(control, [message], [theirs.fileno(), lifeline])
            theirs.close()
            response = json.loads(ours.recv(MESSAGE_BYTES) or b'{"failed": "it ended at once"}')
        except OSError as error:
            response = {"failed": f"{error}"}
        finally:
            ours.close()
            theirs.close()
            os.close(lifeline)
        if "pid" not in response:
            os.close(held)
            raise ForkError(
                f"a fork of the emulator could not be made: {response['failed']}\n"
                f"its log, if it came so far: {emulator.log_path(state_dir)}"
            )
        pid = int(response["pid"])
        # Tests that were interrupted leave no forks: each ends with us.
        process.hold(held, psutil.Process(pid).wait)
        return pid


def stop(state_dir: Path) -> None:
    """Stop the fork of *state_dir* with all that it started."""
    emulator.stop(state_dir, politely=False)


@contextlib.contextmanager
def parent(state_dir: Path, installed: emulator.Installation, fill: Fill) -> Iterator[Parent]:
    """A parent in *state_dir*, filled, for as long as the block runs.

    Raises:
        LauncherError: it did not come up.
    """
    if obstacle(installed):
        yield Parent(installed, None, None, fill)
        return
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        started = emulator.start(state_dir, None, installed, tied=True, control=theirs)
        try:
            fill(started, state_dir)
            yield Parent(installed, started, ours, fill)
        finally:
            emulator.stop(state_dir)


def obstacle(installed: emulator.Installation) -> str | None:
    """Why no forks can be made of what is *installed*; None where they can.

    Raises:
        SwitchError: its TUNING is not understood.
    """
    if sys.platform != "linux":
        return f"that is for Linux, and this is {sys.platform}"
    setting, forking = installed.settings.get(TUNING), Option.THREADED_GATEWAY
    if forking not in switch.wanted(setting, names(), name=TUNING):
        return f"{TUNING}={setting} leaves {forking} out, which is what forks"
    return None
