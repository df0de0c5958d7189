"""`make logs`: the emulator's log, and with FOLLOW=1 what comes."""

from __future__ import annotations

import os
import time

from emulator import embedded
from testbed import settings, terminal
from testbed.errors import TestbedError

LINES = 200
POLL_S = 0.3


def main() -> None:
    """Print the last lines of the log."""
    path = embedded.log_path(settings.load().state_dir)
    try:
        log = path.open(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        raise TestbedError(f"{path} is not there: no testbed was started yet; `make up`") from None
    with log:
        print("".join(log.readlines()[-LINES:]), end="", flush=True)
        while os.environ.get("FOLLOW"):
            print(log.read(), end="", flush=True)
            time.sleep(POLL_S)


if __name__ == "__main__":
    terminal.run(main)
