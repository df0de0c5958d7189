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
import queue
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
    """A queue of events and the thread that empties it."""

    def __init__(self) -> None:
        # Bounded: a function that floods its log waits here, rather than filling our memory.
        self._queue: queue.Queue[_Event] = queue.Queue(maxsize=20_000)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._batch_s = BATCH_S if "log_batches" in tuning.wanted() else 0.0

    def put(self, stream: Stream, timestamp_ms: int, message: str) -> None:
        """Add one event; blocks while the queue is full."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, daemon=True, name="lambda-log-delivery"
                )
                self._thread.start()
        self._queue.put(_Event(stream, timestamp_ms, message))

    def renew(self) -> None:
        """After a fork: the thread is gone, and what waits in the queue is the parent's."""
        self.__init__()  # type: ignore[misc]  # nothing of the old is kept

    def _run(self) -> None:
        while True:
            batch = [self._queue.get()]
            time.sleep(self._batch_s)
            size = len(batch[0].message)
            while len(batch) < BATCH_EVENTS and size < BATCH_BYTES:
                try:
                    batch.append(self._queue.get_nowait())
                except queue.Empty:
                    break
                size += len(batch[-1].message)
            by_stream: dict[Stream, list[_Event]] = collections.defaultdict(list)
            for event in batch:
                by_stream[event.stream].append(event)
            for stream, events in by_stream.items():
                try:
                    _put_events(stream, events)
                except Exception:  # the thread must go on with the other streams
                    LOG.exception("Lost %d log events of %s", len(events), stream.name)


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
