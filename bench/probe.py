"""Makes one thumbnail in this fresh process and prints what it took, as a line of JSON.

    python -m bench.probe ours|libvips WARM-UP FILE

A process a measure: the peak of memory is known of a process as a whole only, and what one file
left in an allocator would flatter the next. The warm-up, a small image of the same format, is not
measured: a warm function has its libraries loaded and their tables built.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Final, cast

from bench import engines

# ru_maxrss counts kilobytes on Linux and bytes on macOS (getrusage(2)).
_RSS_UNIT: Final = 1 if sys.platform == "darwin" else 1024
_STATUS: Final = Path("/proc/self/status")
_FORGET_PEAK: Final = "5"  # proc(5), clear_refs


def probe(engine: engines.Engine, warm_up: Path, file: Path) -> dict[str, float]:
    """Figures by their units; memory beyond what was there before, without the file."""
    make = engines.load(engine, file.suffix)
    make(warm_up.read_bytes())
    content = file.read_bytes()
    before_bytes = _forget_peak()
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    result = make(content)
    cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s
    return {
        "CPU ms": cpu_s * 1000,
        "wall ms": wall_s * 1000,
        "extra MB": max(0, _peak_bytes() - before_bytes) / 1_000_000,
        "result kB": len(result) / 1000,
    }


def _forget_peak() -> int:
    """Start the peak anew where that can be done (Linux); the memory in use now, in bytes."""
    if _STATUS.exists():
        Path("/proc/self/clear_refs").write_text(_FORGET_PEAK, encoding="ascii")
    return _peak_bytes()


def _peak_bytes() -> int:
    if _STATUS.exists():
        return int(_STATUS.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


if __name__ == "__main__":
    engine = cast("engines.Engine", sys.argv[1])
    print(json.dumps(probe(engine, Path(sys.argv[2]), Path(sys.argv[3]))))
