"""A queue's message is hidden and delayed for durations, whatever is done to the clock.

AWS: VisibilityTimeout and DelaySeconds are durations (Amazon SQS Developer Guide); Lambda keeps
asynchronous events in such a queue (Lambda Developer Guide, "Asynchronous invocation").
LocalStack, which does so too, has moments of the system's clock: one that is set forward by an hour
delivers an event again while its function runs, one that is set back delays a retry by an hour.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.utils.patch import patch

from localstack_standalone import steady


def cure(module: ModuleType) -> None:
    """Patch what ``SqsMessage`` notes of these durations, and what it makes of them."""
    message = module.SqsMessage

    @patch(message.__init__)
    def init(original: Any, self: Any, *arguments: Any, **named: Any) -> None:
        original(self, *arguments, **named)
        self.put_at = steady.now()

    @patch(message.update_visibility_timeout)
    def update_visibility_timeout(original: Any, self: Any, timeout: float) -> None:
        original(self, timeout)
        self.visible_at = steady.now() + timeout

    @patch(message.set_last_received)
    def set_last_received(original: Any, self: Any, timestamp: float) -> None:
        original(self, timestamp)
        self.visible_at = steady.now() + self.visibility_timeout

    message.is_visible = property(lambda self: _passed(self, "visible_at", 0))
    message.is_delayed = property(
        lambda self: (
            self.delay_seconds is not None and not _passed(self, "put_at", self.delay_seconds)
        )
    )


def _passed(message: Any, since: str, duration_s: float) -> bool:
    """Whether *duration_s* have passed since then, if it is known when that was."""
    noted: float | None = getattr(message, since, None)
    return noted is None or steady.now() >= noted + duration_s
