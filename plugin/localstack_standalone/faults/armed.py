"""A rule at work: it draws for each call that it fits, from a generator of its own."""

from __future__ import annotations

import random
import threading

from localstack_standalone import locks
from localstack_standalone.faults.rule import FaultRule


class ArmedRule:
    """Draws for a rule, the same in each run with the same seed and calls. Thread-safe.

    Args:
        rule: what it is about.
        seed: of its generator; rules of one seed differ by their names.

    Attributes:
        over: set when the rule is taken away: who waits for its sake goes on.
        calls: how many it fitted.
        hits: how many of those had the fault.
    """

    def __init__(self, rule: FaultRule, seed: int) -> None:
        self.rule, self.seed = rule, seed
        self.over = threading.Event()
        self.calls = self.hits = 0
        self._random = random.Random(f"{seed}/{rule.name}")  # noqa: S311 - chance, not a secret
        self._lock = locks.fork_safe()

    def draw(self) -> float | None:
        """Count a call; where it has the fault, a number from 0 up to 1 for how long.

        Two numbers are drawn for each call, whatever comes of it: the next call's do not depend on
        it.
        """
        with self._lock:
            chance, share = self._random.random(), self._random.random()
            self.calls += 1
            number = self.calls - self.rule.after
            considered = number > 0 and (self.rule.first is None or number <= self.rule.first)
            return share if considered and chance < self.rule.rate else None

    def count(self) -> None:
        """One call more had the fault."""
        with self._lock:
            self.hits += 1
