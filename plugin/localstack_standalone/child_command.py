"""The command beside an emulator: signals go to it, and its exit status comes back."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

# As a shell has them: of a command that cannot be run, and that is not there.
NOT_EXECUTABLE: Final = 126
NOT_FOUND: Final = 127
OF_A_SIGNAL: Final = 128
_FROM_THE_TERMINAL: Final = (signal.SIGINT, signal.SIGQUIT)
_PASSED_ON: Final = (*_FROM_THE_TERMINAL, signal.SIGHUP, signal.SIGTERM)


def run(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run *command* with the environment variables *environ* until it ends.

    Returns:
        Its exit status as a shell tells it: 128 and the signal's number where one ended it.
    """
    with _signals_passed_on() as relay:
        try:
            child = subprocess.Popen(command, env=environ)
        except OSError as error:
            print(f"error: {command[0]} could not be run: {error.strerror}", file=sys.stderr)
            return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
        relay.to(child)
        status = child.wait()
    return OF_A_SIGNAL - status if status < 0 else status


class _Relay:
    """Sends signals on to a child; those that come before there is one, as soon as it is there."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    def __call__(self, number: int, _frame: object) -> None:
        # The terminal sends its own to every process before it, so to the child as well.
        if number in _FROM_THE_TERMINAL and sys.stdin.isatty():
            return
        if self._child is None:
            self._early.append(number)
        else:
            self._child.send_signal(number)

    def to(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child
        for number in self._early:
            child.send_signal(number)


@contextlib.contextmanager
def _signals_passed_on() -> Iterator[_Relay]:
    """While the block runs signals are a child's to answer, not ours."""
    relay = _Relay()
    before = {number: signal.signal(number, relay) for number in _PASSED_ON}
    try:
        yield relay
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
