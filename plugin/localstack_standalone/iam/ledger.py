"""What was asked, by whom, and what came of it: for reports, in bounded memory."""

from __future__ import annotations

import collections
import dataclasses
from typing import Final

from localstack_standalone import locks
from localstack_standalone.access.evaluation import AccessRequest, Decision, StatementReference
from localstack_standalone.access.least import folded

# A test suite with thousands of roles keeps the first ones.
MOST: Final = 10_000


@dataclasses.dataclass(frozen=True)
class Ask:
    """A kind of request that was seen.

    Attributes:
        principal: whose permissions counted: a user's or role's ARN, or a service's name.
        action: what was asked for.
        resource: on what, folded: all objects of a bucket are one.
        allowed: whether AWS would have done it.
    """

    principal: str
    action: str
    resource: str
    allowed: bool


@dataclasses.dataclass(frozen=True)
class Seen:
    """How such a request looked.

    Attributes:
        request: the first.
        decision: that was made of it.
        count: how many there were.
    """

    request: AccessRequest
    decision: Decision
    count: int


class AccessLedger:
    """Counts requests by who, what and outcome, and statements by use. Thread-safe."""

    def __init__(self) -> None:
        self._lock = locks.fork_safe()
        self._first: dict[Ask, tuple[AccessRequest, Decision]] = {}
        self._counts: collections.Counter[Ask] = collections.Counter()
        self._used: collections.Counter[tuple[str, StatementReference]] = collections.Counter()
        self._unknown: set[tuple[str, str]] = set()

    def clear(self) -> None:
        """Forget all of it."""
        with self._lock:
            for each in (self._first, self._counts, self._used, self._unknown):
                each.clear()

    def add(self, principal: str, request: AccessRequest, decision: Decision) -> bool:
        """Count it; True where nothing like it was seen before."""
        resource = folded(request.resource)
        ask = Ask(principal, request.action, resource, decision.allowed)
        with self._lock:
            is_new = ask not in self._first and len(self._first) < MOST
            if is_new:
                self._first[ask] = request, decision
            if ask in self._first:
                self._counts[ask] += 1
                for reference in decision.by:
                    self._used[principal, reference] += 1
        return is_new

    def add_unknown(self, service: str, operation: str) -> bool:
        """Note an operation of which nothing is known; True for the first time."""
        with self._lock:
            is_new = (service, operation) not in self._unknown
            self._unknown.add((service, operation))
        return is_new

    def seen(self) -> dict[Ask, Seen]:
        """All that was seen, by what it was."""
        with self._lock:
            return {
                ask: Seen(request, decision, self._counts[ask])
                for ask, (request, decision) in self._first.items()
            }

    def uses(self, principal: str, reference: StatementReference) -> int:
        """How often a statement decided what *principal* may do."""
        with self._lock:
            return self._used[principal, reference]

    def unknown(self) -> list[tuple[str, str]]:
        """Service and operation of what nothing is known of."""
        with self._lock:
            return sorted(self._unknown)
