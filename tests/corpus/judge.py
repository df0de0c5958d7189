"""Runs each hostile file through the guard in a process of its own, and tells what came of it.

    python -m tests.corpus.judge DIRECTORY   # a line of JSON a file: name, outcome, seconds, peaks

A process of its own, for the peak of memory is only known of all children together, and a child
inherits its parent's: a test run's would hide what a decoder takes.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from image_resize import guard, thumbnail
from image_resize.errors import Refusal

# ru_maxrss counts kilobytes on Linux and bytes on macOS (getrusage(2)).
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def judge(content: bytes) -> str:
    """The code with which *content* is refused, or SERVED."""

    def work() -> guard.ChildResult:
        return {}, thumbnail.make(content).content

    try:
        guard.run(work)
    except Refusal as refusal:
        return refusal.code.value
    return "SERVED"


def verdicts(directory: Path) -> Iterator[dict[str, Any]]:
    """One verdict for each file in *directory*."""
    for path in sorted(directory.iterdir()):
        started_s = time.monotonic()
        outcome = judge(path.read_bytes())
        yield {
            "name": path.name,
            "outcome": outcome,
            "seconds": round(time.monotonic() - started_s, 2),
            "child_peak_bytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _RSS_UNIT,
            "parent_peak_bytes": _own_peak_bytes(),
        }


def _own_peak_bytes() -> int:
    status = Path("/proc/self/status")
    if status.exists():  # Linux's getrusage() counts what this process was before its exec, too
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


if __name__ == "__main__":
    for verdict in verdicts(Path(sys.argv[1])):
        print(json.dumps(verdict), flush=True)
