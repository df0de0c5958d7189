"""Which calls had a fault that was asked for, in bounded memory: a trace marks them."""

from __future__ import annotations

import collections
import dataclasses
import time
from typing import Any, Final

from localstack_standalone import locks
from localstack_standalone.faults.kind import FaultKind

# A long load test keeps its newest ones.
MOST: Final = 10_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class FaultHit:
    """A fault that a call had.

    Attributes:
        rule: name of the rule that asked for it.
        kind: of the fault.
        operation: that was called.
        resource: what for; empty where nobody knows.
        told: what came of it, in words: ``SlowDown``, ``+500 ms``.
        ids: of the request, the invocation and the log stream that it belongs to.
        at: when, in seconds since the epoch.
    """

    rule: str
    kind: FaultKind
    operation: str
    resource: str
    told: str
    ids: tuple[str, ...]
    at: float = dataclasses.field(default_factory=time.time)


class FaultLedger:
    """The newest hits, and whose calls bear which tracing header. Thread-safe."""

    def __init__(self) -> None:
        self._lock = locks.fork_safe()
        self._hits: collections.deque[FaultHit] = collections.deque(maxlen=MOST)
        self._callers: collections.OrderedDict[str, str] = collections.OrderedDict()

    def add(self, hit: FaultHit) -> None:
        """Keep *hit*."""
        with self._lock:
            self._hits.append(hit)

    def since(self, moment: float) -> list[dict[str, Any]]:
        """Hits from *moment* on, in seconds since the epoch, as JSON."""
        with self._lock:
            return [dataclasses.asdict(hit) for hit in self._hits if hit.at >= moment]

    def begin(self, tracing_header: str, request_id: str) -> None:
        """The invocation, or the request to an API, sends *tracing_header* with all that it calls.

        Source: Lambda Developer Guide, "Defined runtime environment variables" (_X_AMZN_TRACE_ID),
        which the AWS SDKs send as X-Amzn-Trace-Id.
        """
        with self._lock:
            self._callers[tracing_header] = request_id
            if len(self._callers) > MOST:
                self._callers.popitem(last=False)

    def ids(self, request_id: str, tracing_header: str | None) -> tuple[str, ...]:
        """Those of a request: its own, and that of the invocation or request that sends it."""
        with self._lock:
            caller = self._callers.get(tracing_header or "")
        return (request_id, caller) if caller else (request_id,)
