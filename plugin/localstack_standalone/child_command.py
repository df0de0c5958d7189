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
    try:
        child = subprocess.Popen(command, env=environ)
    except OSError as error:
        print(f"error: {command[0]} could not be run: {error.strerror}", file=sys.stderr)
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
    with _passing_signals_to(child):
        status = child.wait()
    return OF_A_SIGNAL - status if status < 0 else status


@contextlib.contextmanager
def _passing_signals_to(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """While the block runs signals are the child's to answer, not ours."""

    def pass_on(number: int, _frame: object) -> None:
        # The terminal sends its own to every process before it, so to the child as well.
        if not (number in _FROM_THE_TERMINAL and sys.stdin.isatty()):
            child.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in _PASSED_ON}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
