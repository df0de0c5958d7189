"""`make logs`: the emulator's log, and with FOLLOW=1 what comes."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from emulator import compose, compose_record, embedded
from testbed import setting_table, settings, terminal
from testbed.errors import TestbedError

LINES = 200
POLL_S = 0.3


def main() -> int:
    """Print the last lines of the log; that of a testbed that was stopped is still there."""
    state_dir = settings.load().state_dir
    follow = setting_table.is_on(os.environ, "FOLLOW")
    known = compose_record.read(state_dir)
    if known is not None and compose.status(state_dir) is not None:
        command = compose.log(known, lines=LINES, follow=follow)
        return subprocess.call(command, stderr=subprocess.STDOUT)
    _print(embedded.log_path(state_dir), follow=follow)
    return 0


def _print(path: Path, *, follow: bool) -> None:
    try:
        log = path.open(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        raise TestbedError(f"{path} is not there: no testbed was started yet; `make up`") from None
    with log:
        print("".join(log.readlines()[-LINES:]), end="", flush=True)
        while follow:
            if path.stat().st_size < log.tell():  # cut, for it was too long
                log.seek(0)
            print(log.read(), end="", flush=True)
            time.sleep(POLL_S)


if __name__ == "__main__":
    terminal.run(main)
