"""How `make test` spreads its tests over pytest-xdist's workers: a file at a time.

Files come in the order in which they are collected, those with long tests first (``testpaths``), so
that at the end short ones fill what time each worker has left.
"""

from __future__ import annotations

from typing import Final

from xdist.scheduler import LoadFileScheduling

# Files that share an emulator that is a start of its own, by its fixture: one worker has them all.
TOGETHER: Final = {
    "tests/resilience/clock/": "own_clock",
    "tests/integration/origin_guard/": "untuned",
    "tests/integration/tuning/test_unchanged.py": "untuned",
    "tests/integration/tuning/test_faults.py": "untuned",
    "tests/integration/lambda_process/test_configuration.py": "configured",
    "tests/integration/parity/test_http_task.py": "configured",
    "tests/integration/parity/test_mock_configuration.py": "configured",
    "tests/integration/tuning/test_bounded_history.py": "configured",
}


class Spread(LoadFileScheduling):  # type: ignore[misc]  # pytest-xdist is untyped
    """A worker gets whole files, and all those of `TOGETHER` that belong to one emulator."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((what for begin, what in TOGETHER.items() if file.startswith(begin)), file)
