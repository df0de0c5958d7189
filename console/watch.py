"""The testbed that the console shows: found, watched, and found again when it was gone."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from console.execution_list import ExecutionList
from console.express_list import ExpressList
from console.trials import Trials
from targets import health
from testbed import faults
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from pathlib import Path

    from console.share.link import ClassLink
    from runs.model import Call
    from testbed.aws import Aws
    from testbed.faults import FaultInForce
    from testbed.outputs import Outputs

LOOK_EVERY_S: Final = 1.5
CALLS_KEPT: Final = 1000
INPUTS_KEPT: Final = 10


@dataclasses.dataclass(frozen=True)
class Deployment:
    """A pipeline that is up.

    Attributes:
        aws: clients for it.
        outputs: its addresses.
        state_dir: where its traces are kept.
    """

    aws: Aws
    outputs: Outputs
    state_dir: Path


Find = Callable[[], Deployment]
"""Finds the testbed; raises NotRunningError where none is up."""


class LostError(TestbedError):
    """The testbed does not answer now; the watch finds it again."""


class WatchedTestbed:
    """What every page asks for the testbed, and whether it is there.

    Attributes:
        seen: how it stands, in words for a person.
        busy: what its Lambda does now; None where that is not told, as on AWS.
        faults: that are on there, because somebody asked for them.
        class_link: where a class may look on, None where nobody has asked for that.
        trials: copies of state machines that were made here.
        calls: the POSTs that were sent from here, by the execution that each started; no service
            keeps them.
    """

    def __init__(self, find: Find) -> None:
        self._find = find
        self._found: Deployment | None = None
        self._swept: Deployment | None = None
        self.seen = "looking for the testbed"
        self.busy: health.EnvironmentCounts | None = None
        self.faults: tuple[FaultInForce, ...] = ()
        self.class_link: ClassLink | None = None
        self.trials = Trials()
        self.calls: dict[str, Call] = {}
        self._lists: dict[str, ExecutionList] = {}
        self._logged: dict[str, ExpressList] = {}
        self._given: dict[str, list[str]] = {}

    def keep(self, execution_arn: str, call: Call) -> None:
        """Remember the *call* that started an execution, and forget the oldest of too many."""
        self.calls[execution_arn] = call
        if len(self.calls) > CALLS_KEPT:
            del self.calls[next(iter(self.calls))]

    def executions(self, machine_arn: str) -> ExecutionList:
        """Those of a state machine, as far as they are known here."""
        return self._lists.setdefault(machine_arn, ExecutionList(machine_arn))

    def logged_executions(self, machine_arn: str) -> ExpressList:
        """Those of an Express machine, as far as its log tells them."""
        return self._logged.setdefault(machine_arn, ExpressList(machine_arn))

    def remember(self, machine_arn: str, given: str) -> None:
        """An Express machine is given this input: no service will tell it."""
        before = [one for one in self.given_to(machine_arn) if one != given]
        self._given[machine_arn] = [given, *before][:INPUTS_KEPT]

    def given_to(self, machine_arn: str) -> list[str]:
        """What an Express machine was given from here, the latest first."""
        return self._given.get(machine_arn, [])

    @property
    def found(self) -> Deployment:
        """The testbed.

        Raises:
            LostError: it is not there now.
        """
        if self._found is None:
            raise LostError(self.seen)
        return self._found

    @property
    def up(self) -> bool:
        """Whether it is there."""
        return self._found is not None

    async def watch(self) -> None:
        """Look for the testbed for ever, and tidy up in it."""
        while True:
            await self.look()
            await self.tidy()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Look for it once."""
        try:
            found, self.seen = await asyncio.to_thread(self._look)
        except (TestbedError, BotoCoreError, ClientError, OSError) as error:
            found, self.seen = None, str(error)
        if found is not None and found is not self._found:
            self._lists, self._logged = {}, {}
        self._found = found

    async def tidy(self) -> None:
        """Remove copies whose executions have ended and, once, those that somebody left behind.

        What fails now is done the next time.
        """
        found = self._found
        if found is None:
            return
        with contextlib.suppress(TestbedError, BotoCoreError, ClientError):
            if self._swept is not found:
                await asyncio.to_thread(self.trials.sweep, found)
                self._swept = found
            await asyncio.to_thread(self.trials.settle, found)

    async def close(self) -> None:
        """The console stops: nothing that it made for itself stays."""
        if self._found is not None:
            with contextlib.suppress(TestbedError, BotoCoreError, ClientError):
                await asyncio.to_thread(self.trials.close, self._found)

    def _look(self) -> tuple[Deployment | None, str]:
        found = self._find()
        known = self._found
        if known is not None and known.outputs == found.outputs:
            found = known  # with its clients
        if found.outputs.endpoint is None:
            return found, "AWS"
        state = health.check_services(found.outputs.endpoint)
        self.busy = health.environments(found.outputs.endpoint) if state.ready else None
        self.faults = faults.known(found.outputs.endpoint) if state.ready else ()
        return (found if state.ready else None), state.seen

    async def call[T](self, work: Callable[[Deployment], T]) -> T:
        """Give *work* the testbed, in a thread, so that no page waits for a network.

        Raises:
            LostError: the testbed is not there, or went away meanwhile.
            TestbedError: what *work* raises, or a service refused what it asked for.
        """
        return await asyncio.to_thread(self.ask, work)

    def ask[T](self, work: Callable[[Deployment], T]) -> T:
        """`call`, for whoever is in a thread already."""
        found = self.found
        try:
            return work(found)
        except (NoConnectionError, HTTPClientError) as error:
            self._found, self.seen = None, f"no answer from {found.outputs.endpoint or 'AWS'}"
            raise LostError(self.seen) from error
        except ClientError as error:
            raise TestbedError(str(error)) from error
