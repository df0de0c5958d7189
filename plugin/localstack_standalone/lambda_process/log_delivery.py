"""Delivers log events to CloudWatch Logs in batches, from one thread for all environments.

LocalStack's own delivery has a thread for each function version, gives every line of an
invocation the same time, splits errors into lines and drops the logs of failed inits. Ours takes
its place (docs/decisions tells why this is a patch).
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import logging
import threading
import time
from typing import Any, Final

from localstack.aws.connect import connect_to
from localstack.utils.bootstrap import is_api_enabled

from localstack_standalone.tuning import plugin as tuning

LOG = logging.getLogger(__name__)

# Events of a tenth of a second go together.
BATCH_S: Final = 0.1
BATCH_EVENTS: Final = 1_000
BATCH_BYTES: Final = 900_000
PENDING_BYTES: Final = 8_000_000


@dataclasses.dataclass(frozen=True)
class Stream:
    """Where events go."""

    account: str
    region: str
    group: str
    name: str


@dataclasses.dataclass(frozen=True)
class _Event:
    stream: Stream
    timestamp_ms: int
    message: str


class Delivery:
    """Events that wait for their delivery, and the thread that delivers them."""

    def __init__(self) -> None:
        self._waiting: collections.deque[_Event] = collections.deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._batch_s = BATCH_S if "log_batches" in tuning.wanted() else 0.0

    def put(self, stream: Stream, timestamp_ms: int, message: str) -> None:
        """Add one event.

        Blocks while very much waits: a function that floods its log waits for its delivery, as its
        pipe is full then, rather than filling our memory.
        """
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, daemon=True, name="lambda-log-delivery"
                )
                self._thread.start()
            self._changed.wait_for(lambda: self._bytes < PENDING_BYTES)
            self._waiting.append(_Event(stream, timestamp_ms, message))
            self._bytes += len(message)
            if len(self._waiting) == 1:
                self._changed.notify_all()

    def renew(self) -> None:
        """After a fork: the thread is gone, and what waits in the queue is the parent's."""
        self.__init__()  # type: ignore[misc]  # nothing of the old is kept

    def _run(self) -> None:
        while True:
            by_stream: dict[Stream, list[_Event]] = collections.defaultdict(list)
            for event in self._batch():
                by_stream[event.stream].append(event)
            for stream, events in by_stream.items():
                try:
                    _put_events(stream, events)
                except Exception:  # the thread must go on with the other streams
                    LOG.exception("Lost %d log events of %s", len(events), stream.name)

    def _batch(self) -> list[_Event]:
        """What goes together: all of a moment, or a flood's next piece at once."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting)
            full = len(self._waiting) >= BATCH_EVENTS or self._bytes >= BATCH_BYTES
        if not full:
            time.sleep(self._batch_s)
        batch: list[_Event] = []
        size = 0
        with self._changed:
            while self._waiting and len(batch) < BATCH_EVENTS and size < BATCH_BYTES:
                batch.append(self._waiting.popleft())
                size += len(batch[-1].message)
            self._bytes -= size
            self._changed.notify_all()
        return batch


def _put_events(stream: Stream, events: list[_Event]) -> None:
    client = connect_to(aws_access_key_id=stream.account, region_name=stream.region).logs
    where: dict[str, Any] = {"logGroupName": stream.group, "logStreamName": stream.name}
    log_events = [{"timestamp": e.timestamp_ms, "message": e.message} for e in events]
    try:
        client.put_log_events(**where, logEvents=log_events)
    except client.exceptions.ResourceNotFoundException:
        there = client.exceptions.ResourceAlreadyExistsException
        with contextlib.suppress(there):
            client.create_log_group(logGroupName=stream.group)
        with contextlib.suppress(there):
            client.create_log_stream(**where)
        client.put_log_events(**where, logEvents=log_events)


DELIVERY: Final = Delivery()


def deliver(stream: Stream, timestamp_ms: int, message: str) -> None:
    """Add an event of *stream*, unless the logs service is switched off."""
    if is_api_enabled("logs"):
        DELIVERY.put(stream, timestamp_ms, message)
