"""`make logs`: the emulator's log, and with FOLLOW=1 what comes."""

from __future__ import annotations

import os
from typing import Final

from targets import choose
from testbed import setting_table, settings, terminal

LINES: Final = 200


def main() -> None:
    """Print the last lines of the log; that of a testbed that was stopped is still there."""
    follow = setting_table.is_on(os.environ, "FOLLOW")
    for text in choose.log(settings.load().state_dir, LINES, follow=follow):
        print(text, end="", flush=True)


if __name__ == "__main__":
    terminal.run(main)
