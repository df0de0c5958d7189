"""The executions of the state machine, kept here and brought up to date a page at a time.

ListExecutions gives up to 1,000 at once, the latest first. What ended does not change any more
unless it is redriven, so after the first time only the latest are asked for, and those that ran
when last seen. One that is redriven from here runs again; one that others redrive is seen to while
it is among the latest.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from runs import collect
from runs.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from console.watch import Deployment
    from runs.model import ExecutionSpan

MOST_ITEMS: Final = 10_000
LATEST_ITEMS: Final = 100
_WITH_ERROR: Final = (Status.FAILED, Status.TIMED_OUT, Status.ABORTED)
STATUSES: Final = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")


class ExecutionList:
    """All executions of a machine that were seen, and what only their descriptions tell.

    Attributes:
        machine_arn: whose.
        keys: by ARN, of those that were described.
        errors: by ARN, of those that were described since they failed.
    """

    def __init__(self, machine_arn: str) -> None:
        self.machine_arn = machine_arn
        self._items: dict[str, ExecutionSpan] = {}
        self.keys: dict[str, str] = {}
        self.errors: dict[str, str] = {}

    def refresh(self, found: Deployment) -> None:
        """Ask for what may have changed."""
        latest = self._listed(found, LATEST_ITEMS) if self._items else []
        fresh = {one.arn for one in latest}
        running = {one.arn for one in self._items.values() if one.status is Status.RUNNING}
        enough = not fresh.isdisjoint(self._items) and running <= fresh
        listed = latest if enough else self._listed(found, MOST_ITEMS)
        self._items |= {one.arn: one for one in listed}

    def runs_again(self, arn: str) -> None:
        """The execution *arn* was redriven: how it stands has to be asked for."""
        known = self._items.get(arn)
        self.errors.pop(arn, None)
        if known is not None:
            self._items[arn] = dataclasses.replace(known, status=Status.RUNNING, stopped_at=None)

    def find(self, *, status: str = "", search: str = "") -> list[ExecutionSpan]:
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

    def learn(self, found: Deployment, items: Iterable[ExecutionSpan]) -> bool:
        """Ask for the key, and the error, of those of *items* where it is not known.

        Returns:
            Whether there was any.
        """
        unknown = [
            item
            for item in items
            if item.arn not in self.keys
            or (item.status in _WITH_ERROR and item.arn not in self.errors)
        ]
        for item in unknown:
            answer = found.aws.stepfunctions.describe_execution(executionArn=item.arn)
            told = collect.span(answer)
            self.keys[item.arn] = told.key
            if item.status in _WITH_ERROR:
                self.errors[item.arn] = told.error or ""
        return bool(unknown)

    def _listed(self, found: Deployment, most: int) -> list[ExecutionSpan]:
        return list(collect.listed(found.aws, self.machine_arn, most=most))
