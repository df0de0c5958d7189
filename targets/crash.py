"""Ends an emulator as a crash does, and starts it again on what it kept."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path
from typing import Final, Self

from localstack_standalone.launcher import emulator
from localstack_standalone.launcher.record import Record
from targets import embedded, state
from targets.hints import worded
from testbed.errors import TestbedError

_ENDED_WITHIN_S: Final = 10.0


class Crash:
    """One crash of the emulator in *state_dir*, and its next start, beside other work.

    Attributes:
        failure: why it could not be started again, None otherwise.
    """

    def __init__(self, state_dir: Path, known: Record) -> None:
        self._state_dir, self._known = state_dir, known
        self._thread = threading.Thread(target=self._run, name="crash")
        self._lock = threading.Lock()
        self.failure: TestbedError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Wait until it is up again."""
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def is_over(self) -> bool:
        """Whether it has crashed, and was started again or could not be."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def begin(self) -> None:
        """Have it crash now; it does once, whoever is first."""
        with self._lock:
            if self._thread.ident is None:
                self._thread.start()

    def _run(self) -> None:
        try:
            with state.held(self._state_dir), worded():
                crash(self._state_dir, self._known)
        except TestbedError as error:
            self.failure = error


def crash(state_dir: Path, known: Record) -> Record:
    """Kill it with signal 9, whatever it does, and start it with the settings and port of before.

    Raises:
        EmulatorError: it did not come up again.
    """
    alive = emulator.running(known)
    if alive is not None:
        alive.kill()
        alive.wait(_ENDED_WITHIN_S)
    emulator.status(state_dir)  # clears away what it left
    again = dataclasses.replace(embedded.installed(**known.settings), persist=True)
    return emulator.launch(state_dir, known.port, again)
