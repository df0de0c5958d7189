"""The emulator's end of what starts and watches external extensions (guest: _lambda_extensions)."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable
from typing import Any, Final

from localstack_standalone.lambda_process.worker import ends
from localstack_standalone.lambda_process.worker.extensions import Extensions
from localstack_standalone.lambda_process.zygote.process import Exit

READ_BYTES: Final = 65_536


class Companion:
    """A socket to the top process of an environment with external extensions.

    Args:
        extensions: are told what becomes of their processes.
        runtime_ended: called with how the runtime ended.
    """

    def __init__(self, extensions: Extensions, runtime_ended: Callable[[Exit], None]) -> None:
        self._extensions, self._runtime_ended = extensions, runtime_ended
        self.socket, self.theirs = socket.socketpair()
        self.socket.settimeout(0)
        self._partial = b""

    def start_runtime(self) -> None:
        """Let the runtime start: the extensions have registered."""
        with contextlib.suppress(OSError):
            self.socket.send(b"!")

    def read(self) -> bool:
        """Take what was said; False at its end."""
        while True:
            try:
                said = self.socket.recv(READ_BYTES)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not said:
                return False
            *lines, self._partial = (self._partial + said).split(b"\n")
            for line in lines:
                self._take(json.loads(line))

    def close(self) -> None:
        """Free both ends."""
        self.socket.close()
        self.theirs.close()

    def _take(self, told: dict[str, Any]) -> None:
        if "runtime" in told:
            self._runtime_ended(Exit(told["runtime"], 0))
        elif "failed" in told:
            self._extensions.not_launched(told["extension"], told["failed"])
        else:
            how = ends.describe(told["status"]) or "exit code 0"
            self._extensions.ended(told["extension"], how)
