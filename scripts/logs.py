"""`make logs`: the emulator's log, and with FOLLOW=1 what comes."""

from __future__ import annotations

import codecs
import os
import subprocess
import time
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO, Final

from emulator import compose, compose_record, embedded
from testbed import setting_table, settings, terminal
from testbed.errors import TestbedError

LINES: Final = 200
POLL_S: Final = 0.3


def main() -> int:
    """Print the last lines of the log; that of a testbed that was stopped is still there."""
    state_dir = settings.load().state_dir
    follow = setting_table.is_on(os.environ, "FOLLOW")
    known = compose_record.read(state_dir)
    if known is not None and compose.status(state_dir) is not None:
        command = compose.log(known, lines=LINES, follow=follow)
        return subprocess.call(command, stderr=subprocess.STDOUT)
    path = embedded.log_path(state_dir)
    try:
        log = path.open("rb")
    except FileNotFoundError:
        raise TestbedError(f"{path} is not there: no testbed was started yet; `make up`") from None
    latest = embedded.log_text(state_dir).splitlines(keepends=True)[-LINES:]
    print("".join(latest), end="", flush=True)
    log.seek(0, os.SEEK_END)
    if follow:
        for text in following(log, path):
            print(text, end="", flush=True)
            time.sleep(POLL_S)
    log.close()
    return 0


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
                content = _rest(embedded.older_log(path), log.tell())
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


if __name__ == "__main__":
    terminal.run(main)
