"""What of a state was written before a crash: it is evaluated again, and not told again.

A state that goes on after a crash runs from its beginning; whatever it would write that its history
has already is taken from there instead: each attempt that failed, and of the attempt that ran what
was scheduled, started, submitted and, where that came so far, its result.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import datetime as dt

_RESULTS: Final = {
    "TaskSucceeded": "taskSucceededEventDetails",
    "LambdaFunctionSucceeded": "lambdaFunctionSucceededEventDetails",
    "ActivitySucceeded": "activitySucceededEventDetails",
}
# Whoever wrote one of these waits for another, and does not ask a second time.
_WAITING: Final = ("TaskSubmitted", "ActivityScheduled")


@dataclasses.dataclass(frozen=True, kw_only=True)
class FailedAttempt:
    """An attempt of a state that failed.

    Attributes:
        error: its name.
        cause: why.
        at: when.
        event: that tells it, None where only the parts of the state tell theirs.
    """

    error: str
    cause: str
    at: dt.datetime
    event: dict[str, Any] | None


@dataclasses.dataclass
class Replay:
    """That of one state.

    Attributes:
        since: when it was entered, or redriven in it.
        failures: the attempts before the last that are still to be told, oldest first.
        tail: the events of the last attempt that are the state's own.
        token: that it gave out, None before.
        failed: the attempt that is told now.
        has_begun: whether the last attempt is at work again.
    """

    since: dt.datetime
    failures: list[FailedAttempt] = dataclasses.field(default_factory=list)
    tail: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    token: str | None = None
    failed: FailedAttempt | None = None
    has_begun: bool = False

    def write(self, event: dict[str, Any]) -> None:
        """*event* is the state's own, and tells no failure."""
        self.tail.append(event)

    def fail(self, failed: FailedAttempt) -> None:
        """The attempt that ran has failed."""
        self.failures.append(failed)
        self.tail = []

    def next_attempt(self) -> FailedAttempt | None:
        """What the next attempt failed with; None if it is the last one, which runs."""
        self.failed = self.failures.pop(0) if self.failures else None
        self.has_begun = self.failed is None
        return self.failed

    def take(self, kind: str) -> int | None:
        """The id of the event of *kind* that was written before at this place, else None."""
        if self.failed is not None:
            event = self.failed.event
            return int(event["id"]) if event is not None and event["type"] == kind else None
        if self.tail and self.tail[0]["type"] == kind:
            return int(self.tail.pop(0)["id"])
        self.tail = []  # it goes another way than before
        return None

    def waits_since(self) -> dt.datetime | None:
        """When it began to wait for another; None where it asks again, with all of its time."""
        found = [event for event in self.tail if event["type"] in _WAITING]
        return found[0]["timestamp"] if found else None

    def result(self) -> tuple[Any, int] | None:
        """What the task gave, and the id of the event that tells it; None where it is not known."""
        for event in self.tail:
            if event["type"] in _RESULTS:
                return json.loads(event[_RESULTS[event["type"]]]["output"]), int(event["id"])
        return None

    def submitted(self) -> Any:
        """What the service answered that the task waits for; None where it may not have."""
        for event in self.tail:
            if event["type"] == "TaskSubmitted":
                return json.loads(event["taskSubmittedEventDetails"]["output"])
        return None
