"""The executions of an Express machine, as its log group tells them, brought up to date.

Only the last day's are read: a log group keeps for ever, if nobody says otherwise. After the first
time only what is new is asked for, and once more what may have arrived late.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from console.execution_list import ExecutionList
from runs import express

if TYPE_CHECKING:
    from collections.abc import Iterable

    from console.watch import Deployment
    from runs.express import LoggedEvent, MachineLog
    from runs.model import ExecutionSpan

BACK: Final = dt.timedelta(days=1)
LATE: Final = dt.timedelta(minutes=1)


class ExpressList(ExecutionList):
    """All executions of a machine that its log tells.

    Attributes:
        log: what the machine logs, and where to; None until that was asked for.
    """

    def __init__(self, machine_arn: str) -> None:
        super().__init__(machine_arn)
        self.log: MachineLog | None = None
        self._events: dict[tuple[str, int], LoggedEvent] = {}

    def refresh(self, found: Deployment) -> None:
        """Ask for what may have changed, the machine's configuration included."""
        log = express.log_of(found.aws, self.machine_arn)
        if self.log is None or self.log.group != log.group:
            self._events = {}
        self.log = log
        oldest = dt.datetime.now(dt.UTC) - BACK
        if log.on:
            known = (one.event["timestamp"] for one in self._events.values())
            since = max(oldest, max(known, default=oldest) - LATE)
            arns = express.all_of(self.machine_arn)
            for one in express.logged(found.aws, log, arns, since):
                self._events[one.execution_arn, one.event["id"]] = one
        kept = {at: one for at, one in self._events.items() if one.event["timestamp"] >= oldest}
        self._events = kept if log.on else {}
        told = express.executions(self._events.values(), log)
        self._items = {one.arn: one for one in told}
        self.keys = {one.arn: one.key for one in told}
        self.errors = {one.arn: one.error or "" for one in told}

    def learn(self, _found: Deployment, _items: Iterable[ExecutionSpan]) -> bool:
        """There is nobody to ask for more."""
        return False
