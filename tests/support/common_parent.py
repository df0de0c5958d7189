"""One parent of forks for a whole test run, whichever of pytest-xdist's workers asks first.

A start with the pipeline takes seconds of processor time, and each worker would make its own. Here
pytest-xdist's controller makes it, and hands its control socket on: a request for a fork is one
message that brings its answer's socket along, so several processes may send on one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from localstack_standalone.launcher import record
from localstack_standalone.launcher.emulator import Installation
from localstack_standalone.launcher.forks import Parent
from testbed.outputs import Outputs

# Less than a test has: who waits in vain is told what for.
TIMEOUT_S: Final = 240
MESSAGE_BYTES: Final = 64 * 1024

# A parent, for as long as a block runs, and where the pipeline is in it.
type Make = Callable[[], AbstractContextManager[tuple[Parent, Outputs]]]


class CommonParentError(Exception):
    """The controller could not make it; the message is the cause's."""


class Lender:
    """Makes the parent when it is asked for first, and lends it to all who ask."""

    def __init__(self, address: Path, make: Make) -> None:
        self.address = address
        self._make = make
        self._made: tuple[Parent, Outputs] | None = None
        self._stack = contextlib.ExitStack()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(address))
        self._listening.listen()
        self._thread = threading.Thread(target=self._serve, name="lender", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the parent, if it was made, and lend to nobody any more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()
        self._stack.close()

    def _serve(self) -> None:
        while True:
            try:
                asking, _ = self._listening.accept()
            except OSError:  # shut down
                return
            with asking, contextlib.suppress(ConnectionError):
                self._answer(asking)

    def _answer(self, asking: socket.socket) -> None:
        try:
            parent, outputs = self._parent()
        except Exception as error:  # noqa: BLE001 - whatever it is, who asked tells it
            asking.sendall(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
            return
        assert parent.control is not None
        assert parent.emulator is not None
        told = {
            "emulator": dataclasses.asdict(parent.emulator),
            "outputs": dataclasses.asdict(outputs),
        }
        socket.send_fds(asking, [json.dumps(told).encode()], [parent.control.fileno()])

    def _parent(self) -> tuple[Parent, Outputs]:
        if self._made is None:
            self._made = self._stack.enter_context(self._make())
        return self._made


@contextlib.contextmanager
def lent(address: Path, installed: Installation) -> Iterator[tuple[Parent, Outputs]]:
    """The parent of the lender at *address*, who has *installed* the same; filled already.

    Raises:
        CommonParentError: it could not be made.
    """
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(TIMEOUT_S)
        asking.connect(str(address))
        message, descriptors, _, _ = socket.recv_fds(asking, MESSAGE_BYTES, 1)
    told = json.loads(message or b'{"failed": "the controller ended"}')
    if "failed" in told:
        raise CommonParentError(told["failed"])
    with socket.socket(fileno=descriptors[0]) as control:
        known = record.Record(**told["emulator"])
        yield Parent(installed, known, control, _filled), Outputs(**told["outputs"])


def _filled(known: record.Record, state_dir: Path) -> None:
    """Forks have what the lender's parent was filled with."""
