"""The only way to wait here: a condition, a deadline, and an error that says what was last seen."""

from __future__ import annotations

import time
from collections.abc import Callable

from testbed.errors import TestbedError


class WaitTimeout(TestbedError):  # noqa: N818 - named for what happened, as asyncio's TimeoutError
    """A condition did not come true in time."""

    def __init__(self, what: str, timeout_s: float, last_seen: str) -> None:
        super().__init__(f"{what} not reached within {timeout_s:g} s; last seen: {last_seen}")
        self.what, self.timeout_s, self.last_seen = what, timeout_s, last_seen


def until[T](
    probe: Callable[[], tuple[T | None, str]],
    what: str,
    *,
    timeout_s: float,
    interval_s: float = 0.05,
    retry_on: tuple[type[Exception], ...] = (),
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Call *probe* until its first value is not None, and return that value.

    Args:
        probe: gives (value or None, what was seen in words).
        what: the condition in words, for the error.
        timeout_s: how long to wait, in seconds; the probe is called once even when it is 0.
        interval_s: pause between two calls, in seconds.
        retry_on: exceptions that mean "not yet"; any other one ends the waiting at once.
        clock: a monotonic clock in seconds.
        sleep: how to pause.

    Raises:
        WaitTimeout: the deadline passed; the last exception of *retry_on* is its cause.
    """
    deadline = clock() + timeout_s
    while True:
        cause: Exception | None = None
        try:
            value, last_seen = probe()
        except retry_on as error:
            value, last_seen, cause = None, f"{type(error).__name__}: {error}", error
        if value is not None:
            return value
        if clock() >= deadline:
            raise WaitTimeout(what, timeout_s, last_seen) from cause
        sleep(min(interval_s, max(0.0, deadline - clock())))
