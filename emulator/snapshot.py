"""Fresh emulators in a moment: forks of one that is loaded and filled already (Linux).

    with snapshot.template(folder, fill) as made:
        fresh = made.copy(another_folder)

Elsewhere than on Linux, and where the tuning is switched off, a copy is a plain start that is
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

from emulator import embedded, ports, record
from testbed import settings, state_folder
from testbed.errors import EmulatorError

COPY_TIMEOUT_S: Final = 30.0
MESSAGE_BYTES: Final = 64 * 1024
# Tests that were interrupted leave no copies: each ends with us, when this is closed.
_LIFELINES: Final[dict[int, int]] = {}

type Fill = Callable[[record.Record, Path], None]


@dataclasses.dataclass(frozen=True)
class Template:
    """What copies are made of.

    Attributes:
        emulator: its record; None where copies are plain starts.
        control: the socket on which it takes requests, likewise.
        fill: puts into an emulator, whose state folder is given, what copies shall have.
        adopt: tells a copy's state folder what `fill` told the template's.
    """

    emulator: record.Record | None
    control: socket.socket | None
    fill: Fill
    adopt: Fill

    def copy(self, state_dir: Path) -> record.Record:
        """A fresh emulator with all that was filled in, on a free port; it ends with us.

        Raises:
            EmulatorError: it could not be made; nothing is left running.
        """
        if self.control is None:
            started = embedded.start(state_dir, None, tied=True)
            try:
                self.fill(started, state_dir)
            except BaseException:
                embedded.stop(state_dir)
                raise
            return started
        state_folder.take(state_dir)
        port = ports.free_port()
        pid = self._fork(self.control, state_dir, port)
        made = record.Record(pid, psutil.Process(pid).create_time(), port)
        record.write(state_dir, made)
        self.adopt(made, state_dir)
        return made

    def _fork(self, control: socket.socket, state_dir: Path, port: int) -> int:
        ours, theirs = socket.socketpair()
        lifeline, held = os.pipe()
        try:
            ours.settimeout(COPY_TIMEOUT_S)
            message = json.dumps({"state_dir": str(state_dir.resolve()), "port": port}).encode()
            socket.send_fds(control, [message], [theirs.fileno(), lifeline])
            theirs.close()
            answer = json.loads(ours.recv(MESSAGE_BYTES) or b'{"failed": "it ended at once"}')
        except OSError as error:
            answer = {"failed": f"{error}"}
        finally:
            ours.close()
            theirs.close()
            os.close(lifeline)
        if "pid" not in answer:
            os.close(held)
            raise EmulatorError(
                f"a copy of the emulator could not be made: {answer['failed']}\n"
                f"its log, if it came so far: {embedded.log_path(state_dir)}"
            )
        pid = int(answer["pid"])
        _LIFELINES[pid] = held
        return pid


def stop(state_dir: Path) -> None:
    """Stop the copy of *state_dir* with all that it started."""
    known = record.read(state_dir)
    embedded.stop(state_dir, politely=False)
    if known is not None and known.pid in _LIFELINES:
        os.close(_LIFELINES.pop(known.pid))


@contextlib.contextmanager
def template(state_dir: Path, fill: Fill, adopt: Fill) -> Iterator[Template]:
    """A template in *state_dir*, filled, for as long as the block runs.

    Raises:
        EmulatorError: it did not come up.
    """
    if not possible():
        yield Template(None, None, fill, adopt)
        return
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        started = embedded.start(state_dir, None, tied=True, control=theirs)
        try:
            fill(started, state_dir)
            yield Template(started, ours, fill, adopt)
        finally:
            embedded.stop(state_dir)


def possible() -> bool:
    """Whether copies can be forks here: it is our gateway's server that forks, on Linux."""
    first, *without = settings.value(os.environ, "TUNING", "all").split(",")
    forks = first.strip() == "all" and "-threaded_gateway" not in map(str.strip, without)
    return sys.platform == "linux" and forks
