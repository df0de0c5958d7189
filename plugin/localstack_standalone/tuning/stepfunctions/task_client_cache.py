"""A task's client is made once for each service, region and role.

LocalStack assumes the state machine's role and makes a boto3 client for every task, 20 ms of
processor time. Both hold for an hour; here for a quarter of one.
"""

from __future__ import annotations

import time
from types import ModuleType
from typing import Any, Final

from localstack_standalone import locks

KEPT_S: Final = 15 * 60.0


class Clients:
    """Clients by service, region and how a role is assumed, each kept for a while.

    boto3's clients are thread-safe.

    Args:
        make: gives a new client, as LocalStack's ``boto_client_for``.
        clock: a monotonic clock, in seconds.
    """

    def __init__(self, make: Any, clock: Any = time.monotonic) -> None:
        self._make = make
        self._clock = clock
        self._lock = locks.fork_safe()
        self._kept: dict[tuple[Any, ...], tuple[float, Any]] = {}

    def __call__(self, service: str, region: str, state_credentials: Any) -> Any:
        """The client for *state_credentials*' role."""
        # `iam` notes for which machine a role is assumed, and by which trust policy.
        assumed_as = getattr(state_credentials, "assumed_as", None)
        key = (service, region, state_credentials.role_arn, assumed_as)
        now = self._clock()
        with self._lock:
            made, client = self._kept.get(key, (0.0, None))
        if client is None or now - made > KEPT_S:
            client = self._make(service, region, state_credentials)
            with self._lock:
                self._kept = {k: v for k, v in self._kept.items() if now - v[0] <= KEPT_S}
                self._kept[key] = (now, client)
        return client


def tune(module: ModuleType) -> None:
    """Have *module*, which invokes Lambda functions, keep its clients."""
    module.boto_client_for = Clients(module.boto_client_for)  # type: ignore[attr-defined]
