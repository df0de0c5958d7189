"""A Wait state with a Timestamp ends at that moment.

AWS: Timestamp is "an absolute time to wait until", of UTC (Step Functions Developer Guide, "Wait
workflow state").
LocalStack compares it with the local time, so that a machine five hours west of Greenwich waits
five hours too long and one to the east not at all; it cuts the fraction of a second off, and goes
on before the moment; it looks once, so that a clock that is set, or a machine that slept, changes
nothing.
"""

from __future__ import annotations

import datetime as dt
import time
from types import ModuleType
from typing import Any

from localstack_standalone.parity.clock.pauses import pause


def cure(module: ModuleType) -> None:
    """Give ``Timestamp`` a way to wait of its own; ``TimestampPath`` has it from there."""

    def eval_body(self: Any, env: Any) -> None:
        self.string.eval(env=env)
        text: str = env.stack.pop()
        moment = self._from_timestamp_string(timestamp=text)
        if moment is None:
            raise module.FailureEventException(self._create_failure_event(env, text))
        until = moment.replace(tzinfo=dt.UTC).timestamp()
        pause(env, lambda: until - time.time())

    module.Timestamp._eval_body = eval_body  # noqa: SLF001 - as every component has
