"""The testbed that the console shows: found, watched, and found again when it was gone."""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from emulator import health
from testbed.errors import NotRunningError, TestbedError

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.trace_model import Call
    from testbed.aws import Aws
    from testbed.outputs import Outputs

LOG = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.5
CALLS_KEPT: Final = 1000


@dataclasses.dataclass(frozen=True)
class Found:
    """A pipeline that is up.

    Attributes:
        aws: clients for it.
        outputs: its addresses.
        state_dir: where its traces are kept.
    """

    aws: Aws
    outputs: Outputs
    state_dir: Path


Find = Callable[[], Found]
"""Finds the testbed; raises NotRunningError where none is up."""


class LostError(TestbedError):
    """The testbed does not answer now; the watch finds it again."""


class Place:
    """What every page asks for the testbed, and whether it is there.

    Attributes:
        seen: how it stands, in words for a person.
        busy: what its Lambda does now; None where that is not told, as on AWS.
        generation: grows each time that it was found again, so that pages know to load anew.
        calls: the POSTs that were sent from here, by the execution that each started; no service
            keeps them.
    """

    def __init__(self, find: Find) -> None:
        self._find = find
        self._found: Found | None = None
        self.up = False
        self.seen = "looking for the testbed"
        self.busy: health.Environments | None = None
        self.generation = 0
        self.calls: collections.OrderedDict[str, Call] = collections.OrderedDict()

    def keep(self, execution_arn: str, call: Call) -> None:
        """Remember the *call* that started an execution, and forget the oldest of too many."""
        self.calls[execution_arn] = call
        while len(self.calls) > CALLS_KEPT:
            self.calls.popitem(last=False)

    @property
    def found(self) -> Found:
        """The testbed.

        Raises:
            LostError: it is not there now.
        """
        if self._found is None or not self.up:
            raise LostError(self.seen)
        return self._found

    async def watch(self) -> None:
        """Look for the testbed for ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Look for it once."""
        try:
            found, seen, up = await asyncio.to_thread(self._look)
        except (TestbedError, BotoCoreError, ClientError, OSError) as error:
            found, seen, up = None, str(error), False
        if found is not None and up and (not self.up or found != self._found):
            self.generation += 1
        self._found, self.seen, self.up = found, seen, up

    def _look(self) -> tuple[Found | None, str, bool]:
        try:
            found = self._find()
        except NotRunningError as error:
            return None, str(error), False
        known = self._found
        if known is not None and known.outputs == found.outputs:
            found = known  # its clients are made already
        else:
            _make_clients(found.aws)
        if found.outputs.endpoint is None:
            return found, "AWS", True
        state = health.check_services(found.outputs.endpoint)
        self.busy = health.environments(found.outputs.endpoint) if state.ready else None
        return found, state.seen, state.ready

    async def call[T](self, work: Callable[[Found], T]) -> T:
        """Give *work* the testbed, in a thread, so that no page waits for a network.

        Raises:
            LostError: the testbed is not there, or went away meanwhile.
            TestbedError, ClientError: what *work* raises.
        """
        found = self.found
        try:
            return await asyncio.to_thread(work, found)
        except (NoConnectionError, HTTPClientError) as error:
            self.up, self.seen = False, f"no answer from {found.outputs.endpoint or 'AWS'}"
            raise LostError(self.seen) from error


def _make_clients(aws: Aws) -> None:
    """Make all clients now: making them is not thread-safe, using them is."""
    for name in ("s3", "iam", "sts", "lambda_", "logs", "stepfunctions", "apigateway"):
        getattr(aws, name)
