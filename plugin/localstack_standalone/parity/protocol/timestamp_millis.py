"""Times in JSON are seconds with three decimals.

AWS: an epoch-seconds timestamp has "optional millisecond precision" (Smithy specification,
"Timestamp serialization and deserialization"); startDate is one of them.
LocalStack writes microseconds. Here they are cut, not rounded, so that a startDate agrees with
``$$.Execution.StartTime``.
"""

from __future__ import annotations

import datetime as dt
from types import ModuleType


def cure(module: ModuleType) -> None:
    """Patch ``ResponseSerializer._timestamp_unixtimestamp``."""
    module.ResponseSerializer._timestamp_unixtimestamp = staticmethod(in_seconds)  # noqa: SLF001 - the only place


def in_seconds(value: dt.datetime) -> float:
    """Seconds since the epoch, cut to milliseconds."""
    return value.replace(microsecond=value.microsecond // 1000 * 1000).timestamp()
