"""Log groups, streams, and events: each batch that was put is a record, so that a log may grow."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any, Final

from localstack.services.logs import models
from moto.logs import models as moto_models

from localstack_standalone.persistence import codec
from localstack_standalone.persistence.journal import Journal
from localstack_standalone.persistence.keeper import empty_backends, request_of
from localstack_standalone.persistence.services.whole import WholeKeeper

STREAM: Final = "logs.stream"
BATCH: Final = "logs.events"
_END: Final = "\0"
_OF_STREAMS: Final = frozenset(
    {"CreateLogStream", "PutLogEvents", "DeleteLogStream", "DeleteLogGroup"}
)
_DAY_S: Final = 86_400
_TIMESTAMP: Final = 1
_EVENT: Final = ("ingestion_time", "timestamp", "message", "event_id")


class LogsKeeper(WholeKeeper):
    """Keeps groups as units; of a stream what it is once, and its events as they come."""

    name = "logs"

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self._streams: dict[str, _Kept] = {}
        self._stream_lock = threading.RLock()

    def after(self, context: Any) -> None:
        """Queue the new events of a stream, and whatever else changed."""
        if context.operation.name == "PutLogEvents":
            request = request_of(context)
            backend = moto_models.logs_backends[context.account_id][context.region]
            group = backend.groups.get(request["logGroupName"])
            stream = group and group.streams.get(request["logStreamName"])
            if stream is not None:
                self._save_stream(backend, group, stream)
            return
        super().after(context)
        if context.operation.name in _OF_STREAMS:
            self._compare_streams(context)

    def units(self) -> dict[str, Any]:
        """Groups without their streams, and what belongs to a region."""
        found: dict[str, Any] = {}
        for account, region, backend in _backends():
            rest = {name: value for name, value in vars(backend).items() if name != "groups"}
            rest.pop("queries", None)  # results for the one who asked
            found[f"region/{account}/{region}"] = rest
            for name, group in list(backend.groups.items()):
                own = {each: value for each, value in vars(group).items() if each != "streams"}
                found[f"group/{account}/{region}/{name}"] = own
        for account, regions in list(models.logs_stores.items()):
            found[f"tags/{account}"] = dict(regions._global)  # noqa: SLF001 - of all regions
        return found

    def put_back(self, name: str, unit: Any) -> None:
        """Make a group, or a region, what it was."""
        kind, account, *rest = name.split("/", 3)
        if kind == "tags":
            models.logs_stores[account]._global.update(unit)  # noqa: SLF001
        elif kind == "region":
            vars(moto_models.logs_backends[account][rest[0]]).update(unit)
        else:
            group = object.__new__(moto_models.LogGroup)
            vars(group).update(unit, streams={})
            moto_models.logs_backends[account][rest[0]].groups[rest[1]] = group

    def ready(self) -> None:
        """Put the streams back into their groups, and the events into their streams."""
        for path, body in self._journal.entries(STREAM):
            account, region, group_name, name = path.split(_END)
            group = moto_models.logs_backends[account][region].groups.get(group_name)
            if group is None:
                continue
            stream = object.__new__(moto_models.LogStream)
            vars(stream).update(codec.decode(body), log_group=group, events=[])
            group.streams[name] = stream
            self._streams[path] = _Kept(stream)
        last = moto_models.LogEvent._event_id  # noqa: SLF001 - counted by the class
        for path, body in self._journal.entries(BATCH):
            stream_path, _, number = path.rpartition(_END)
            kept = self._streams.get(stream_path)
            if kept is None:
                continue
            batch = codec.decode(body)
            kept.batches = int(number) + 1
            if _is_too_old(batch["events"], kept.stream.log_group.retention_in_days):
                self._journal.remove(BATCH, path)
                continue
            vars(kept.stream).update(batch["stream"])
            for values in batch["events"]:
                event = object.__new__(moto_models.LogEvent)
                vars(event).update(zip(_EVENT, values, strict=True))
                kept.stream.events.append(event)
                last = max(last, event.event_id + 1)
            kept.events = len(kept.stream.events)
        moto_models.LogEvent._event_id = last  # noqa: SLF001

    def empty(self) -> None:
        """Begin anew."""
        with self._stream_lock:
            self._streams.clear()
        empty_backends(moto_models.logs_backends)
        models.logs_stores.reset()

    def _save_stream(self, backend: Any, group: Any, stream: Any) -> None:
        """Queue what is new of *stream*, and itself if that is."""
        path = _path(backend.account_id, backend.region_name, group.name, stream.log_stream_name)
        with self._stream_lock:
            kept = self._streams.get(path)
            if kept is None or kept.stream is not stream:
                self._forget(path)
                kept = self._streams[path] = _Kept(stream)
                self._journal.put(STREAM, path, codec.encode(_own(stream, "events", "log_group")))
            new = stream.events[kept.events :]
            if not new:
                return
            batch = {
                "stream": _own(stream, "events", "log_group"),
                "events": [[getattr(event, each) for each in _EVENT] for event in new],
            }
            self._journal.put(BATCH, f"{path}{_END}{kept.batches:010}", codec.encode(batch))
            kept.events += len(new)
            kept.batches += 1

    def _compare_streams(self, context: Any) -> None:
        """Queue the streams of a group that are new or gone."""
        request = request_of(context)
        name = request.get("logGroupName")
        backend = moto_models.logs_backends[context.account_id][context.region]
        group = backend.groups.get(name)
        there = {} if group is None else dict(group.streams)
        prefix = _path(backend.account_id, backend.region_name, str(name), "")
        with self._stream_lock:
            for path in [each for each in self._streams if each.startswith(prefix)]:
                if path.rpartition(_END)[2] not in there:
                    self._forget(path)
            named = there.get(request.get("logStreamName"))
            if named is not None:
                self._save_stream(backend, group, named)

    def _forget(self, path: str) -> None:
        kept = self._streams.pop(path, None)
        if kept is None:
            return
        self._journal.remove(STREAM, path)
        for number in range(kept.batches):
            self._journal.remove(BATCH, f"{path}{_END}{number:010}")


class _Kept:
    """A stream, and how much of it was queued."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.events = self.batches = 0


def _backends() -> Iterator[tuple[str, str, Any]]:
    for account, regions in list(moto_models.logs_backends.items()):
        for region, backend in list(regions.items()):
            yield account, region, backend


def _is_too_old(events: list[Any], days: int | None) -> bool:
    """Whether a group that keeps its events for *days*, None for ever, has them no more."""
    newest_ms = max(event[_TIMESTAMP] for event in events)
    return days is not None and newest_ms < (time.time() - days * _DAY_S) * 1000


def _own(stream: Any, *without: str) -> dict[str, Any]:
    return {name: value for name, value in vars(stream).items() if name not in without}


def _path(*names: str) -> str:
    return _END.join(names)
