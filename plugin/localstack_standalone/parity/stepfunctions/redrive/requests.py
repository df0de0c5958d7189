"""Who may redrive an execution, and how often the same request was made."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

# The API reference, RedriveExecution.
REDRIVABLE: Final = dt.timedelta(days=14)
EVENTS: Final = 24_999
# Quotas related to state machine executions: the longest time that an execution is open.
OPEN: Final = dt.timedelta(days=365)
# "The API will return idempotent responses for the last 10 client tokens used to successfully
# redrive the execution. These client tokens are valid for up to 15 minutes" (API reference).
TOKENS: Final = 10
TOKEN_VALID: Final = dt.timedelta(minutes=15)
TOKEN_CHARACTERS: Final = 64


@dataclasses.dataclass(frozen=True, kw_only=True)
class Redrivable:
    """What decides whether an execution may be redriven.

    Attributes:
        status: as DescribeExecution tells it.
        stopped: None while it runs.
        events: how many its history has.
        has_machine: whether its state machine is still there.
    """

    status: str
    started: dt.datetime
    stopped: dt.datetime | None
    events: int
    has_machine: bool

    def refusal(self, now: dt.datetime) -> str | None:
        """The redriveStatusReason (DescribeExecution in the API reference), None if it may be."""
        if self.status in ("RUNNING", "SUCCEEDED"):
            return f"Execution is {self.status} and cannot be redriven"
        if not self.has_machine:
            return "State machine is in DELETING status"
        if self.events >= EVENTS:
            return "Execution history event limit exceeded"
        if now - self.started >= OPEN:
            return "Execution has exceeded the max execution time"
        if self.stopped is not None and now - self.stopped >= REDRIVABLE:
            return "Execution redrivable period exceeded"
        return None


@dataclasses.dataclass
class Redrives:
    """Those of one execution, so far.

    Attributes:
        count: how many.
        date: of the last, None before the first.
    """

    count: int = 0
    date: dt.datetime | None = None
    _tokens: list[tuple[str, dt.datetime]] = dataclasses.field(default_factory=list)

    def answered(self, token: str | None, now: dt.datetime) -> dt.datetime | None:
        """When *token* redrove it, None if it did not, or not lately.

        Recorded: the answer is the same whatever became of the execution since.
        """
        known = {name: date for name, date in self._tokens if now - date < TOKEN_VALID}
        return None if token is None else known.get(token)

    def add(self, token: str | None, now: dt.datetime) -> None:
        """It is redriven at *now*."""
        self.count, self.date = self.count + 1, now
        if token is not None:
            self._tokens = [*self._tokens, (token, now)][-TOKENS:]


def broken(token: str | None) -> str | None:
    """What is wrong with a clientToken: 1 to 64 printable characters (API reference)."""
    failed = f"Value '{token}' at 'clientToken' failed to satisfy constraint: Member must"
    if token is None or (0 < len(token) <= TOKEN_CHARACTERS and _is_printable(token)):
        return None
    if not token:
        return f"{failed} have length greater than or equal to 1"
    if len(token) > TOKEN_CHARACTERS:
        return f"{failed} have length less than or equal to {TOKEN_CHARACTERS}"
    return f"{failed} satisfy regular expression pattern: [!-~]+"


def _is_printable(token: str) -> bool:
    return all("!" <= char <= "~" for char in token)
