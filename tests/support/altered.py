"""An emulator whose Python begins with a program of a test's, which alters what it lives in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from localstack_standalone.launcher.record import Record
from targets import embedded

HASTY = "import sys; sys.setswitchinterval(1e-6)"
"""Threads change places all the time: what is done in two steps is interrupted between them."""


@contextlib.contextmanager
def emulator(folder: Path, program: str, **given: str) -> Iterator[Record]:
    """One in *folder* with nothing in it, that runs *program* before anything else.

    Args:
        folder: for everything that it keeps.
        program: Python, which its workers do not run.
        given: settings of it.
    """
    # Python imports this module by itself when it begins (its library's `site`).
    begin = folder / "begin"
    begin.mkdir(parents=True)
    (begin / "sitecustomize.py").write_text(program)
    with embedded.private(folder / "emulator", PYTHONPATH=str(begin), **given) as known:
        yield known
