"""An event of an execution on disk: as its history tells it, and where it was written.

It is JSON, not the codec's: a history holds nothing else, and there are a dozen
events an execution, so that what one takes matters.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from localstack_standalone.persistence.errors import DamagedStateError

if TYPE_CHECKING:
    from localstack_standalone.parity.stepfunctions.redrive.progress import ProgramPath

# Ids have five digits at most: a history is full at 25,000 events.
_DIGITS: Final = 6
_BEHIND_ARN: Final = "#"  # in no execution's ARN
_ENCODE: Final = json.JSONEncoder(separators=(",", ":")).encode
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)


@dataclasses.dataclass(frozen=True)
class KeptEvent:
    """One of them.

    Attributes:
        event: as GetExecutionHistory gives it.
        path: of the program that wrote it.
        next_state: where a state that was left led to, None at the end.
        variables: those of the program when a state was left.
        token: that the state had given out.
    """

    event: dict[str, Any]
    path: ProgramPath = ()
    next_state: str | None = None
    variables: dict[str, Any] = dataclasses.field(default_factory=dict)
    token: str | None = None

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.event["type"])

    def details(self) -> dict[str, Any]:
        """What its type has beside what all have; empty where there is nothing."""
        found = [value for value in self.event.values() if isinstance(value, dict)]
        return found[0] if found else {}


def prefix(arn: str) -> str:
    """What the keys of the events of the execution *arn* begin with."""
    return arn + _BEHIND_ARN


def key(arn: str, event_id: int) -> str:
    """That of one event; in the order of their ids."""
    return f"{prefix(arn)}{event_id:0{_DIGITS}}"


def packed(kept: KeptEvent) -> bytes:
    """The record of *kept*."""
    event = dict(kept.event)
    event["timestamp"] = (event["timestamp"] - _EPOCH) // _MICROSECOND
    fields = [event, kept.path, kept.next_state, kept.variables, kept.token]
    return _ENCODE(fields).encode()


def unpacked(record: bytes) -> KeptEvent:
    """What *record* holds.

    Raises:
        DamagedStateError: it is no event.
    """
    try:
        event, path, *others = json.loads(record)
        event["timestamp"] = _EPOCH + event["timestamp"] * _MICROSECOND
        return KeptEvent(event, tuple((started, index) for started, index in path), *others)
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedStateError(f"an event of an execution cannot be read ({error!r})") from error


def whole(events: Iterable[KeptEvent]) -> Iterator[KeptEvent]:
    """The events up to the first that is missing: what came behind it has not happened."""
    for expected, kept in enumerate(events, start=1):
        if kept.event["id"] != expected:
            return
        yield kept
