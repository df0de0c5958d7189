"""A clock that the test moves."""

from __future__ import annotations


class Clock:
    """Monotonic seconds; `sleep` moves it at once, and remembers how far."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
