"""An emulator whose Python begins with a program of a test's, which alters what it lives in."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
from collections.abc import Iterator
from pathlib import Path

from localstack_standalone.launcher.record import Record
from targets import embedded
from testbed import waiting

HASTY = "import sys; sys.setswitchinterval(1e-6)"
"""Threads change places all the time: what is done in two steps is interrupted between them."""

# The wall clock is what a file says, in seconds from the true one; the monotonic clock is the real
# one, and so is the time for which anything waits.
_CLOCK = """
import pathlib, threading, time
import time_machine
WANTED, SEEN = map(pathlib.Path, {files!r})
travel = time_machine.travel(time.time(), tick=True).start()
def follow():
    before = "0"
    while True:
        wanted = WANTED.read_text()
        if wanted != before:
            travel.shift(float(wanted) - float(before))
            SEEN.write_text(wanted)
            before = wanted
        threading.Event().wait(0.01)
threading.Thread(target=follow, daemon=True).start()
"""


@contextlib.contextmanager
def emulator(folder: Path, program: str, **given: str) -> Iterator[Record]:
    """One in *folder* with nothing in it, that runs *program* before anything else.

    Args:
        folder: for everything that it keeps.
        program: Python, which its workers do not run.
        given: settings of it.
    """
    begin = _folder(folder)
    # Python imports this module by itself when it begins (its library's `site`).
    (begin / "sitecustomize.py").write_text(program)
    with embedded.private(folder / "emulator", PYTHONPATH=str(begin), **given) as known:
        yield known


@dataclasses.dataclass
class WallClock:
    """The wall clock of an emulator, which can be set.

    Attributes:
        record: of the emulator.
    """

    record: Record
    _wanted: Path
    _seen: Path

    def set(self, offset_s: float) -> None:
        """Set it to *offset_s* seconds from the true time, from now on."""
        scratch = self._wanted.with_suffix(".new")
        scratch.write_text(str(offset_s))
        scratch.replace(self._wanted)

        def seen() -> tuple[bool | None, str]:
            text = self._seen.read_text()
            return (True if text == str(offset_s) else None), text

        waiting.until(seen, "the emulator's clock", timeout_s=10, interval_s=0.01)


@contextlib.contextmanager
def clock(folder: Path, **given: str) -> Iterator[WallClock]:
    """An emulator in *folder* with nothing in it, and with its clock."""
    begin = _folder(folder)
    for name in ("time_machine", "_time_machine"):
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        origin = Path(found.origin)
        module = origin.parent if origin.name == "__init__.py" else origin
        (begin / module.name).symlink_to(module)
    files = (folder / "offset", folder / "seen")
    for file in files:
        file.write_text("0")
    with emulator(folder, _CLOCK.format(files=list(map(str, files))), **given) as known:
        yield WallClock(known, *files)


def _folder(folder: Path) -> Path:
    begin = folder / "begin"
    begin.mkdir(parents=True, exist_ok=True)
    return begin
