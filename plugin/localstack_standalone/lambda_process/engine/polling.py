"""Who polls a version's queue of events stops at once, and leaves what it has not begun.

LocalStack's poller asks for events for two seconds at a time, and whoever updates or deletes a
function, or empties the emulator, waits for the end of that: half of what `make reset` took. Events
that it has received by then stay hidden until their function's time is over, so that an update
held them back for minutes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from localstack.services.lambda_.invocation import event_manager
from localstack.services.lambda_.invocation.event_manager import Poller
from localstack.services.lambda_.invocation.internal_sqs_queue import get_fake_sqs_client
from localstack.utils.patch import Patch

from localstack_standalone.lambda_process.engine import assignment

# LocalStack's: for how many it asks, and how much longer than their function may run they are its.
AT_ONCE: Final = 10
LONGER_S: Final = 60
# Whoever puts an event into the queue, or stops the poller, wakes it before that.
LOOKS_EVERY_S: Final = 2.0


def patch() -> None:
    """Make the patches."""
    Patch.function(Poller.stop, at_once).apply()
    Poller.run = run


def at_once(stop: Callable[[Poller], None], self: Poller) -> None:
    """Poller's *stop*, which wakes it."""
    stop(self)
    queue = _queue(self)
    if queue is not None:
        with queue.visible.not_empty:
            queue.visible.not_empty.notify_all()


def run(self: Poller, *_: Any, **__: Any) -> None:
    """Poller's *run*: it begins events, and what it has not begun is the next poller's."""
    stopped = self._shutdown_event
    while not stopped.is_set() and (queue := _queue(self)) is not None:
        _wait(queue, stopped)
        for message in _received(self):
            _hand_on(self, message, queue)


def _wait(queue: Any, stopped: threading.Event) -> None:
    """Until there may be an event, or the poller was *stopped*."""
    with queue.visible.not_empty:
        queue.visible.not_empty.wait_for(
            lambda: stopped.is_set() or queue.visible.queue, LOOKS_EVERY_S
        )


def _received(poller: Poller) -> list[Any]:
    """Some events, hidden from others for as long as they may wait their turn, and run."""
    version = poller.version_manager.function_version
    answer = event_manager.get_sqs_client(version).receive_message(
        QueueUrl=poller.event_queue_url,
        MaxNumberOfMessages=AT_ONCE,
        VisibilityTimeout=version.config.timeout + LONGER_S + int(assignment.WAIT_S),
    )
    return answer["Messages"] or []


def _hand_on(poller: Poller, message: Any, queue: Any) -> None:
    """Have *message* handled; where the poller was stopped before that, the next one gets it."""

    def give_back() -> None:
        queue.update_visibility_timeout(message["ReceiptHandle"], 0)

    def look(done: Future[None]) -> None:
        if done.cancelled():
            give_back()

    try:
        poller.invoker_pool.submit(poller.handle_message, message).add_done_callback(look)
    except RuntimeError:  # the pool was shut
        give_back()


def _queue(poller: Poller) -> Any:
    """The one that it polls, None if it is gone."""
    return get_fake_sqs_client().queue_manager.queues.get(poller.event_queue_url)
