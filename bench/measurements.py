"""What a benchmark measured: one row a measurement, and what they come to."""

from __future__ import annotations

import dataclasses
import math
import statistics
import time
from typing import Any

from client.load import percentile


@dataclasses.dataclass(frozen=True)
class Measurements:
    """Everything that was measured, in the order in which it was.

    Attributes:
        rows: each with the engine (an emulator, a library, the handler alone), what was measured
            of it with the unit, the value, and when, in seconds from the beginning.
        began: that, on the monotonic clock.
    """

    rows: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    began: float = dataclasses.field(default_factory=time.monotonic)

    def add(self, engine: str, what: str, value: float, **more: Any) -> None:
        """Keep *value* of *what*."""
        at_s = round(time.monotonic() - self.began, 1)
        self.rows.append({"engine": engine, "what": what, "value": value, "at_s": at_s, **more})

    def of(self, engine: str, what: str) -> list[dict[str, Any]]:
        """All rows of *what*."""
        return [row for row in self.rows if (row["engine"], row["what"]) == (engine, what)]

    def measured(self, *engines: str) -> list[str]:
        """What was measured of any of *engines*, in that order."""
        return list(dict.fromkeys(row["what"] for row in self.rows if row["engine"] in engines))

    def median(self, engine: str, what: str) -> float:
        """The median of *what*; NaN where there is none."""
        return statistics.median(self._values(engine, what) or [math.nan])

    def p99(self, engine: str, what: str) -> float:
        """The value that one in a hundred exceeds; NaN where there is none."""
        return percentile(self._values(engine, what) or [math.nan], 0.99)

    def ratio(self, what: str, engine: str, other: str) -> float:
        """The median of *engine* over that of *other*; NaN where one of them has none."""
        return self.median(engine, what) / self.median(other, what)

    def _values(self, engine: str, what: str) -> list[float]:
        return [row["value"] for row in self.of(engine, what)]
