"""How far an execution came, read from its events."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from localstack_standalone.parity.stepfunctions.redrive.progress import (
    ProgramProgress,
    StateVisit,
)
from localstack_standalone.parity.stepfunctions.redrive.replay import FailedAttempt, Replay
from localstack_standalone.persistence.executions.history import KeptEvent

ENDS: Final = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}
_STARTED: Final = ("MapStateStarted", "ParallelStateStarted")
# Such an event of a state tells that an attempt is over; iterations and Map Runs are no states.
_FAILED: Final = ("Failed", "TimedOut")
_NO_ATTEMPT: Final = ("MapIteration", "MapRun")
_RUNTIME: Final = "States.Runtime"


class Fold:
    """The state machine and its parts, after all *events*.

    Attributes:
        root: of the state machine.
        invocations: how often a mocked service answered, by the name of the state.
        redrives: when it was redriven.
        end: the last event, if it ended the execution.
    """

    def __init__(self, events: Iterable[KeptEvent]) -> None:
        self.root = ProgramProgress()
        self.invocations: collections.Counter[str] = collections.Counter()
        self.redrives: list[Any] = []
        self.end: KeptEvent | None = None
        for kept in events:
            self._add(kept)

    def inside(self) -> Iterator[StateVisit]:
        """The states that were not left, outer ones first."""
        return _inside(self.root)

    def _add(self, kept: KeptEvent) -> None:
        self.end = kept if kept.kind in ENDS else None
        if kept.kind == "ExecutionRedriven":
            self._redrive(kept)
            return
        if kept.kind in ENDS:
            self.root.error = kept.details().get("error")
            return
        program = self._find(kept.path)
        if program is None:
            return  # what still ran of an attempt that was given up
        if kept.kind.endswith("StateEntered"):
            _enter(program, kept)
        elif kept.kind.endswith("StateExited"):
            _leave(program, kept)
        elif kept.kind == "MapIterationStarted":
            program.started_id = kept.event["id"]
        elif kept.kind == "MapIterationSucceeded":
            program.is_told = True
        elif program.inside is not None:
            self._add_to(program, program.inside, kept)

    def _add_to(self, program: ProgramProgress, visit: StateVisit, kept: KeptEvent) -> None:
        """*kept* is one of the state *visit*."""
        replay = _replay(visit)
        replay.token = kept.token or replay.token
        if kept.kind.endswith("Scheduled"):
            self.invocations[visit.name] += 1
        if kept.kind in _STARTED:
            failed = _failed_in_parts(visit)
            replay.tail = []
            if failed is not None:
                replay.fail(failed)
            visit.parts, visit.started_id = {}, kept.event["id"]
        elif kept.kind.endswith(_FAILED) and not kept.kind.startswith(_NO_ATTEMPT):
            failed = _failed(kept, _failed_in_parts(visit))
            program.error = failed.error
            replay.fail(failed)
        else:
            replay.write(kept.event)

    def _redrive(self, kept: KeptEvent) -> None:
        self.redrives.append(kept.event["timestamp"])
        self.root = self.root.redriven()
        for program in _programs(self.root):
            program.resumes = False  # it did; the next event of the state is another attempt's
            if program.inside is not None:
                program.inside.replay = Replay(since=kept.event["timestamp"])

    def _find(self, path: Any) -> ProgramProgress | None:
        program = self.root
        for started_id, index in path:
            visit = program.inside
            if visit is None or visit.started_id != started_id:
                return None
            program = visit.part(index)
        return program


def mocked_again(fold: Fold) -> dict[str, int]:
    """How often a mocked service answered for good, by state: who runs again asks again."""
    counts = dict(fold.invocations)
    for visit in fold.inside():
        replay = _replay(visit)
        asked = any(event["type"].endswith("Scheduled") for event in replay.tail)
        if asked and replay.result() is None:
            counts[visit.name] -= 1
    return counts


def _enter(program: ProgramProgress, kept: KeptEvent) -> None:
    told, at = kept.details(), kept.event["timestamp"]
    program.enter(
        StateVisit(
            name=told["name"],
            path=program.path,
            entered_id=kept.event["id"],
            entered_at=at.isoformat(),
            input=json.loads(told["input"]),
            variables=dict(program.variables),
            replay=Replay(since=at),
        )
    )


def _leave(program: ProgramProgress, kept: KeptEvent) -> None:
    program.leave(json.loads(kept.details()["output"]), kept.next_state, dict(kept.variables))
    program.left_id, program.error = kept.event["id"], None


def _replay(visit: StateVisit) -> Replay:
    """That of *visit*, which has one as long as it is read from a history."""
    if visit.replay is None:
        visit.replay = Replay(since=dt.datetime.fromisoformat(visit.entered_at))
    return visit.replay


def _failed(kept: KeptEvent, in_parts: FailedAttempt | None) -> FailedAttempt:
    """The attempt that is over with *kept*; that a Map or a Parallel failed tells no error."""
    details = kept.details()
    return FailedAttempt(
        error=details.get("error") or (in_parts.error if in_parts else _RUNTIME),
        cause=details.get("cause") or (in_parts.cause if in_parts else ""),
        at=kept.event["timestamp"],
        event=kept.event,
    )


def _failed_in_parts(visit: StateVisit) -> FailedAttempt | None:
    """What failed last of its parts, or its Map Run; None if nothing did."""
    found = [
        dataclasses.replace(failed, event=None)
        for part in visit.parts.values()
        for inner in _inside(part)
        for failed in _replay(inner).failures
    ]
    found += [
        dataclasses.replace(_failed(KeptEvent(event), None), event=None)
        for event in _replay(visit).tail
        if event["type"] == "MapRunFailed"
    ]
    return max(found, key=lambda failed: failed.at, default=None)


def _programs(program: ProgramProgress) -> Iterator[ProgramProgress]:
    yield program
    for part in program.inside.parts.values() if program.inside else ():
        yield from _programs(part)


def _inside(program: ProgramProgress) -> Iterator[StateVisit]:
    return (each.inside for each in _programs(program) if each.inside is not None)
