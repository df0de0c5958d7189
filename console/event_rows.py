"""The events of a history as the rows of a table, each with what can be opened."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

# A history has 25,000 events at most, of which one may hold 256 KiB: a page shows some at a time.
SHOWN: Final = 100
_WORDS: Final = re.compile("[A-Z][a-z]*|[^A-Z]+")


@dataclasses.dataclass(frozen=True, kw_only=True)
class EventRow:
    """One of them.

    Attributes:
        id: its number.
        at: its time.
        type: as the history names it.
        state: in which it happened; empty for the execution's own.
        follows: the number of the event before it, 0 for the first.
        told: what the history has of it beside, as JSON; empty where that is nothing.
    """

    id: int
    at: dt.datetime
    type: str
    state: str
    follows: int
    told: str

    @property
    def words(self) -> list[str]:
        """Those of its type, between which a narrow page may break it."""
        return words(self.type)

    @property
    def state_words(self) -> list[str]:
        """Likewise, of its state's name."""
        return words(self.state)


def words(name: str) -> list[str]:
    """The words of a name in camel case."""
    return _WORDS.findall(name)


def rows(events: Iterable[HistoryEventTypeDef], first: int = 0) -> Iterator[EventRow]:
    """SHOWN of *events* at most, in their order, from the index *first* on."""
    inside: dict[int, str] = {0: ""}
    for number, event in enumerate(events):
        follows = event.get("previousEventId", 0)
        details = _details(event)
        own = event["type"].startswith("Execution")
        state = "" if own else str(details.get("name") or inside.get(follows, ""))
        inside[event["id"]] = state
        if number < first:
            continue
        if number >= first + SHOWN:
            return
        yield EventRow(
            id=event["id"],
            at=event["timestamp"],
            type=event["type"],
            state=state,
            follows=follows,
            told=json.dumps(_read(details), indent=2, ensure_ascii=False) if details else "",
        )


def fields(events: Iterable[HistoryEventTypeDef]) -> list[str]:
    """The fields that *events* have, those of all first."""
    own: dict[str, None] = {}
    for event in events:
        own |= dict.fromkeys(_details(event))
    return ["id", "type", "timestamp", "previousEventId", *own]


def _details(event: HistoryEventTypeDef) -> dict[str, Any]:
    return next((value for value in event.values() if isinstance(value, dict)), {})


def _read(details: dict[str, Any]) -> dict[str, Any]:
    """The details, and what is JSON in them as what it says: it is easier on the eye."""
    return {name: _json(value) for name, value in details.items()}


def _json(value: Any) -> Any:
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
