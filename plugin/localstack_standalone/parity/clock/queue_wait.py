"""Who waits for a message waits as long as was asked for.

AWS: WaitTimeSeconds is a duration (Amazon SQS API reference, ReceiveMessage).
LocalStack waits until a moment of the system's clock: one that is set back by an hour makes a wait
of two seconds an hour.
"""

from __future__ import annotations

from types import ModuleType

from localstack_standalone import steady


def cure(module: ModuleType) -> None:
    """Give the module, which asks for the time alone, a clock that nobody sets."""
    module.time = steady.Clock  # type: ignore[attr-defined]  # as in LocalStack
