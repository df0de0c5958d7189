"""What is done every second is done every second, whatever is done to the clock.

AWS: delays of Amazon SQS, and with them Lambda's retries, are durations (Amazon SQS Developer
Guide).
LocalStack's scheduler has deadlines by the system's clock: one that is set back by an hour stops
all of it for an hour, such as the queues of asynchronous invocations.
"""

from __future__ import annotations

from types import ModuleType

from localstack_standalone import steady


def cure(module: ModuleType) -> None:
    """Give the module, which asks for the time alone, a clock that nobody sets."""
    module.time = steady.Clock  # type: ignore[attr-defined]  # as in LocalStack
