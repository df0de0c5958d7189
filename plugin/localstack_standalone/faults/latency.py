"""How long something takes: a number of milliseconds, or a distribution of them.

Each is read from text and drawn by its inverse: one number from 0 to 1 gives one latency, so that
a seed gives the same ones whatever else is drawn.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable
from statistics import NormalDist
from typing import Final

# A function runs for 15 minutes at most, and nothing waits longer (Lambda's quotas).
LONGEST_MS: Final = 900_000.0
ALLOWED: Final = (
    "milliseconds such as 500, uniform:100..900 (from..to), exponential:300 (mean) or "
    "lognormal:200..2000 (median..99th percentile), each from 0 to 900000"
)
_NUMBER: Final = r"\d+(?:\.\d+)?"
_FORM: Final = re.compile(
    rf"(?:(uniform|lognormal):({_NUMBER})\.\.({_NUMBER})|(exponential):({_NUMBER})|({_NUMBER}))",
    re.ASCII,
)
_Z_99: Final = NormalDist().inv_cdf(0.99)
# An exponential or lognormal one has no end; this is the rarest that is drawn.
_RAREST: Final = 1e-6


class LatencyError(ValueError):
    """A text is no latency."""


@dataclasses.dataclass(frozen=True)
class Latency:
    """A distribution of milliseconds.

    Attributes:
        text: as it was asked for.
        quantile: the value below which such a share of them is.
    """

    text: str
    quantile: Callable[[float], float] = dataclasses.field(compare=False, repr=False)

    def ms(self, share: float) -> float:
        """The latency for a number from 0 up to 1."""
        return min(self.quantile(min(max(share, _RAREST), 1 - _RAREST)), LONGEST_MS)


def read(text: str) -> Latency:
    """The latency that *text* is.

    Raises:
        LatencyError: it is none.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise LatencyError(f"{text!r} is no latency; allowed: {ALLOWED}")
    kind = found[1] or found[4] or ""
    numbers = [float(one) for one in (found[2], found[3], found[5], found[6]) if one]
    if max(numbers) > LONGEST_MS or numbers != sorted(numbers):
        raise LatencyError(f"{text!r} is out of bounds; allowed: {ALLOWED}")
    if kind == "lognormal" and numbers[0] == 0:
        raise LatencyError(f"{text!r} has no median above 0; allowed: {ALLOWED}")
    return Latency(text.strip(), _quantile(kind, numbers))


def _quantile(kind: str, numbers: list[float]) -> Callable[[float], float]:
    first, last = numbers[0], numbers[-1]
    if kind == "uniform":
        return lambda share: first + share * (last - first)
    if kind == "exponential":
        return lambda share: -first * math.log1p(-share)
    if kind == "lognormal":
        sigma = math.log(last / first) / _Z_99
        return lambda share: first * math.exp(sigma * NormalDist().inv_cdf(share))
    return lambda _share: first
