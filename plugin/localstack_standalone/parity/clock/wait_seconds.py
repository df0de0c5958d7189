"""A Wait state waits for its seconds, whatever is done to the clock meanwhile.

AWS: Seconds is "a time, in seconds, to wait" (Step Functions Developer Guide, "Wait workflow
state").
LocalStack looks at the system's clock before and after: one that is set back by an hour makes the
wait an hour longer, and a wait that seems a millisecond too short is a second longer.
"""

from __future__ import annotations

import time
from types import ModuleType
from typing import Any

from localstack_standalone.parity.clock.pauses import pause


def cure(module: ModuleType) -> None:
    """Replace how a ``WaitFunction`` waits."""
    module.WaitFunction._wait_interval = _wait  # noqa: SLF001 - that is where it does


def _wait(_self: Any, env: Any, wait_seconds: float) -> None:
    ends = time.monotonic() + wait_seconds
    pause(env, lambda: ends - time.monotonic())
