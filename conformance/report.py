"""What came of the checks: a result each, a line a feature, and all of it as JSON."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any, Final

from conformance.check import Check

WHY_CHARACTERS: Final = 400


class Verdict(enum.StrEnum):
    """How a check ended."""

    PASSES = "passes"
    DIFFERS = "differs"
    REFUSED = "refused"
    HANGS = "hangs"
    BROKEN = "broken"


MEANINGS: Final = {
    Verdict.PASSES: "it does what AWS does",
    Verdict.DIFFERS: "it answers, otherwise than AWS",
    Verdict.REFUSED: "it refuses what AWS does",
    Verdict.HANGS: "no end in the time that the check has",
    Verdict.BROKEN: "no answer, or none that can be read",
}


@dataclasses.dataclass(frozen=True)
class CheckResult:
    """What came of one check.

    Attributes:
        check: which.
        verdict: how it ended.
        why: what was seen, in words; empty where it passes.
        seconds: how long that took.
    """

    check: Check
    verdict: Verdict
    why: str
    seconds: float


@dataclasses.dataclass(frozen=True)
class FeatureLine:
    """A feature's line of the matrix."""

    feature: str
    passes: int
    checks: int


@dataclasses.dataclass(frozen=True)
class Findings:
    """What came of all.

    Attributes:
        endpoint: of the emulator.
        date: when, as ISO 8601.
        results: in the order of the checks.
    """

    endpoint: str
    date: str
    results: tuple[CheckResult, ...]

    @property
    def passes(self) -> bool:
        """Whether there was something to check, and all does what AWS does."""
        return bool(self.results) and all(each.verdict is Verdict.PASSES for each in self.results)

    @property
    def features(self) -> list[FeatureLine]:
        """A line each, in the order in which they first appear, and one for all."""
        lines = []
        for feature in dict.fromkeys(each.check.feature for each in self.results):
            own = [each for each in self.results if each.check.feature == feature]
            lines.append(_line(feature, own))
        return [*lines, _line("all", self.results)]

    def as_json(self) -> dict[str, Any]:
        """All of it, for machines."""
        return {
            "endpoint": self.endpoint,
            "date": self.date,
            "passes": self.passes,
            "features": [dataclasses.asdict(line) for line in self.features],
            "checks": [
                {
                    "feature": each.check.feature,
                    "name": each.check.name,
                    "verdict": each.verdict.value,
                    "why": each.why,
                    "seconds": round(each.seconds, 3),
                    "aws": each.check.aws,
                    "source": each.check.source,
                }
                for each in self.results
            ],
        }


def in_a_line(text: str) -> str:
    """*text* of an emulator as one line that may be printed: no controls, not too long."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    short = " ".join(plain.split())
    return short if len(short) <= WHY_CHARACTERS else f"{short[: WHY_CHARACTERS - 2]} …"


def _line(feature: str, results: Any) -> FeatureLine:
    passed = sum(each.verdict is Verdict.PASSES for each in results)
    return FeatureLine(feature, passed, len(results))
