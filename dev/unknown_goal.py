"""What `make` says to a command that it does not have: which one was meant.

Runs under any Python 3.8 or newer, before anything is installed, with the standard library alone.
"""

from __future__ import annotations

import difflib
import os
import pathlib
import re
import sys
from collections.abc import Sequence

MAKEFILE = pathlib.Path(__file__).resolve().parent.parent / "Makefile"
_COMMAND = re.compile(r"^([a-z-]+):.*## ", re.MULTILINE)


def main() -> None:
    """Say it, and end with 2, as make does."""
    goals = os.environ.get("TESTBED_GOALS", "").split()
    print(f"error: {told(goals, MAKEFILE.read_text(encoding='utf-8'))}", file=sys.stderr)
    sys.exit(2)


def told(goals: Sequence[str], makefile: str) -> str:
    """What is wrong with the first of *goals* that *makefile* does not have."""
    commands = _COMMAND.findall(makefile)
    unknown = next((goal for goal in goals if goal not in commands), "")
    if pathlib.PurePath(unknown).suffix:
        return f"`make {unknown}`: {unknown} is no command; `make process IMAGE={unknown}` sends it"
    near = difflib.get_close_matches(unknown, commands, 1, 0.6)
    meant = f"; did you mean `make {near[0]}`?" if near else ""
    return f"there is no command `make {unknown}`{meant} (`make` alone lists them)"


if __name__ == "__main__":
    main()
