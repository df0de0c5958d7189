"""Copies of state machines that this console has made, and what became of their executions.

A copy is removed as soon as its execution has ended, and at the latest when the console stops. What
it was is kept here, for on AWS nobody can ask for the executions of a machine that is gone.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import threading
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from client import copies, machines
from runs import collect, history
from runs.model import Status
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.type_defs import (
        HistoryEventTypeDef,
        StartSyncExecutionOutputTypeDef,
    )

    from console.watch import Deployment
    from runs.model import ExecutionSpan

KEPT: Final = 20


@dataclasses.dataclass(frozen=True)
class EndedTrial:
    """An execution of a copy, from its start to its end.

    Attributes:
        seen: the execution.
        events: its history.
        definition: that of the copy.
    """

    seen: ExecutionSpan
    events: list[HistoryEventTypeDef]
    definition: str


class Trials:
    """Those under way, and the latest that have ended. Used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, str] = {}
        self._of: dict[str, str] = {}
        self._ended: dict[str, EndedTrial] = {}
        self._drafts: dict[str, tuple[str, str]] = {}

    def record(self, execution_arn: str) -> EndedTrial | None:
        """What became of an execution, None if it is none of a copy's, or still runs."""
        return self._ended.get(execution_arn)

    def machine(self, execution_arn: str) -> str | None:
        """The machine of which the execution's was a copy, None if it was none from here."""
        return self._of.get(execution_arn)

    def keep_draft(self, machine_arn: str, definition: str, given: str) -> None:
        """Keep what was tried, for whoever comes back from its execution to go on with it."""
        self._drafts[machine_arn] = definition, given

    def draft(self, machine_arn: str) -> tuple[str, str] | None:
        """The definition and the input that were tried last, None if none was."""
        return self._drafts.get(machine_arn)

    def drop_draft(self, machine_arn: str) -> None:
        """What is deployed is wanted again."""
        self._drafts.pop(machine_arn, None)

    def run(self, found: Deployment, machine_arn: str, definition: str, given: str) -> str:
        """Start *definition* as a copy of a machine, with *given* as input; the execution's ARN."""
        copy = copies.create(found.aws, machine_arn, definition)
        try:
            execution = machines.start(found.aws, copy, given)
        except (BotoCoreError, ClientError):
            copies.remove(found.aws, copy)
            raise
        with self._lock:
            self._under_way[execution] = copy
            self._of[execution] = machine_arn
        return execution

    def run_express(
        self, found: Deployment, machine_arn: str, definition: str, given: str
    ) -> StartSyncExecutionOutputTypeDef:
        """The same of an Express machine, to its end."""
        copy = copies.create(found.aws, machine_arn, definition)
        try:
            return machines.run_express(found.aws, copy, given)
        finally:
            copies.remove(found.aws, copy)

    def settle(self, found: Deployment) -> None:
        """Keep what has ended, and remove its copy."""
        for execution, copy in list(self._under_way.items()):
            try:
                seen = collect.execution(found.aws, execution)
            except TestbedError:  # the testbed is another one, or was reset
                self._end(execution, None)
                continue
            if seen.status is not Status.RUNNING:
                events = history.events(found.aws, execution)
                definition = collect.definition(found.aws, execution)
                copies.remove(found.aws, copy)  # where that fails, all of it is tried again
                self._end(execution, EndedTrial(seen, events, definition))

    def sweep(self, found: Deployment) -> None:
        """Remove what a console left behind that was killed."""
        for copy in copies.abandoned(found.aws, dt.datetime.now(dt.UTC)):
            copies.remove(found.aws, copy)

    def close(self, found: Deployment) -> None:
        """Remove all copies, whatever runs of them."""
        with self._lock:
            left, self._under_way = self._under_way, {}
        for copy in left.values():
            copies.remove(found.aws, copy)

    def _end(self, execution: str, record: EndedTrial | None) -> None:
        with self._lock, contextlib.suppress(KeyError):
            del self._under_way[execution]
            if record is not None:
                self._ended[execution] = record
            for kept in (self._ended, self._of):
                while len(kept) > KEPT:
                    del kept[next(iter(kept))]
