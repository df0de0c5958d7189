"""The executions of the state machine, kept here and brought up to date a page at a time.

ListExecutions gives up to 1,000 at once, the latest first. What ended does not change any more, so
after the first time only the latest are asked for, and those that ran when last seen.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Final

from pipeline.trace_model import span_ms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_stepfunctions.type_defs import ExecutionListItemTypeDef

    from console.place import Found

PAGE_ITEMS: Final = 1000
MOST_ITEMS: Final = 10_000
LATEST_ITEMS: Final = 100
STATUSES: Final = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Item:
    """One line of the list; *key* is that of its input, once that was asked for."""

    arn: str
    name: str
    status: str
    started_at: dt.datetime
    stopped_at: dt.datetime | None = None

    @property
    def duration_ms(self) -> float | None:
        """From start to end."""
        return span_ms(self.started_at, self.stopped_at)


class Listing:
    """All executions that were seen, and the keys of those whose input was."""

    def __init__(self) -> None:
        self._items: dict[str, Item] = {}
        self.keys: dict[str, str] = {}

    def refresh(self, found: Found) -> None:
        """Ask for what may have changed."""
        if not self._items:
            self._take(_pages(found, MOST_ITEMS))
            return
        before = [arn for arn, item in self._items.items() if item.status == "RUNNING"]
        latest = list(_pages(found, LATEST_ITEMS))
        fresh = {one["executionArn"] for one in latest}
        overlaps = any(arn in self._items for arn in fresh)
        self._take(latest if overlaps else _pages(found, MOST_ITEMS))
        if any(arn not in fresh for arn in before):
            self._take(_pages(found, MOST_ITEMS))

    def forget(self) -> None:
        """Begin anew: another testbed is there."""
        self._items.clear()
        self.keys.clear()

    def _take(self, found: Iterable[ExecutionListItemTypeDef]) -> None:
        for one in found:
            self._items[one["executionArn"]] = Item(
                arn=one["executionArn"],
                name=one["name"],
                status=one["status"],
                started_at=one["startDate"],
                stopped_at=one.get("stopDate"),
            )

    def find(self, *, status: str = "", search: str = "") -> list[Item]:
        """Those of *status* whose name or key holds *search*, the latest first."""
        wanted = search.strip().lower()
        found = [
            item
            for item in self._items.values()
            if (not status or item.status == status)
            and (
                not wanted
                or wanted in item.name.lower()
                or wanted in self.keys.get(item.arn, "").lower()
            )
        ]
        return sorted(found, key=lambda item: (item.started_at, item.arn), reverse=True)

    def learn_keys(self, found: Found, items: Iterable[Item]) -> bool:
        """Ask for the input of those of *items* whose key is not known; whether there was any."""
        unknown = [item.arn for item in items if item.arn not in self.keys]
        for arn in unknown:
            answer = found.aws.stepfunctions.describe_execution(executionArn=arn)
            self.keys[arn] = _key(answer.get("input", ""))
        return bool(unknown)


def _pages(found: Found, most: int) -> Iterable[ExecutionListItemTypeDef]:
    pages = found.aws.stepfunctions.get_paginator("list_executions").paginate(
        stateMachineArn=found.outputs.state_machine_arn,
        PaginationConfig={"MaxItems": most, "PageSize": min(most, PAGE_ITEMS)},
    )
    return [one for page in pages for one in page["executions"]]


def _key(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        return ""
    key = value.get("key") if isinstance(value, dict) else None
    return key if isinstance(key, str) else ""
