"""Who polls a version's queue of events stops at once.

LocalStack's poller asks for events for two seconds at a time, and whoever updates or deletes a
function, or empties the emulator, waits for the end of that: half of what `make reset` took.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localstack.services.lambda_.invocation.event_manager import Poller
from localstack.services.lambda_.invocation.internal_sqs_queue import get_fake_sqs_client
from localstack.utils.patch import Patch


def patch() -> None:
    """Make the patches."""
    Patch.function(Poller.stop, at_once).apply()
    Patch.function(Poller.run, opening).apply()


def at_once(stop: Callable[[Poller], None], self: Poller) -> None:
    """Poller's *stop*: its question is answered, with nothing.

    The queue is shut first: one that was shut behind the poller's end would stay so.
    """
    queue = _queue(self)
    if queue is not None:
        queue.visible.shutdown()
    stop(self)


def opening(run: Callable[..., None], self: Poller, *arguments: Any, **named: Any) -> None:
    """Poller's *run*: at its end the queue is as it was, with its events, for the one behind."""
    queue = _queue(self)
    try:
        run(self, *arguments, **named)
    finally:
        if queue is not None:
            queue.visible.is_shutdown = False


def _queue(poller: Poller) -> Any:
    """The one that it polls, None if it is gone."""
    return get_fake_sqs_client().queue_manager.queues.get(poller.event_queue_url)
