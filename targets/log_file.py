"""The log of an emulator that writes to a file, or that was written there when it ended."""

from __future__ import annotations

import codecs
import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from localstack_standalone.launcher import emulator
from testbed.errors import EmulatorError

POLL_S: Final = 0.3


def pieces(path: Path, lines: int | None, *, follow: bool) -> Iterator[str]:
    """The last *lines* or all of the log at *path*, and with *follow* what comes.

    Raises:
        EmulatorError: there is none.
    """
    try:
        log = path.open("rb")
    except FileNotFoundError:
        raise EmulatorError(f"{path} is not there: no testbed was started yet; `make up`") from None
    with log:
        yield "".join(emulator.log_text(path.parent).splitlines(keepends=True)[-(lines or 0) :])
        log.seek(0, os.SEEK_END)
        if follow:
            for text in following(log, path):
                yield text
                time.sleep(POLL_S)


def following(log: BinaryIO, path: Path) -> Generator[str]:
    """What comes to the log at *path* from *log*'s position on; "" while nothing comes.

    Goes on where the log is cut, being too long (what was not read yet is in the copy beside it),
    and in the log of the next emulator.
    """
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    try:
        while True:
            content = log.read()
            if not content and os.fstat(log.fileno()).st_size < log.tell():
                content = _rest(emulator.older_log(path), log.tell())
                log.seek(0)
            elif not content and _is_another(path, log):
                content = log.read()  # what came before that was begun
                log.close()
                log = path.open("rb")
            yield decode(content)
    finally:
        log.close()


def _rest(path: Path, position: int) -> bytes:
    """What is in the file at *path* from *position* on; nothing where it is not there."""
    try:
        with path.open("rb") as file:
            file.seek(position)
            return file.read()
    except FileNotFoundError:
        return b""


def _is_another(path: Path, log: BinaryIO) -> bool:
    """Whether there is a file at *path*, and not that of *log* any more."""
    try:
        return not os.path.samestat(path.stat(), os.fstat(log.fileno()))
    except FileNotFoundError:  # cleaned, or between two
        return False
