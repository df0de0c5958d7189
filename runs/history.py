"""An execution's history, read as states and attempts.

Events are put together by ``previousEventId`` (GetExecutionHistory, HistoryEvent), so that
branches of a Parallel state and iterations of a Map state do not mix, however they interleave.
Iterations have the index that their events tell, branches that in which they were begun.
"""

from __future__ import annotations

import collections
import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any, Final

from runs import ids
from runs.model import Attempt, StateSpan, Status, json_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

    from testbed.aws import Aws

SCHEDULED: Final = ("TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled")
# Such as TaskSucceeded, LambdaFunctionStartFailed, ActivityTimedOut.
_END: Final = re.compile(
    "(?:Task|LambdaFunction|Activity)(?:Schedule|Start|Submit)?(Succeeded|Failed|TimedOut)"
)
_ENDS: Final = {
    "Succeeded": Status.SUCCEEDED,
    "Failed": Status.FAILED,
    "TimedOut": Status.TIMED_OUT,
}
PAGE: Final = 1_000  # events, the most that GetExecutionHistory gives at once
_CONTAINERS: Final = ("Parallel", "Map")
_BRANCH_FAILED: Final = ("ParallelStateFailed", "MapStateFailed")
_ITERATION_ENDS: Final = {
    "MapIterationFailed": Status.FAILED,
    "MapIterationAborted": Status.ABORTED,
}
_UNSUCCESSFUL: Final = {
    "ExecutionFailed": Status.FAILED,
    "ExecutionTimedOut": Status.TIMED_OUT,
    "ExecutionAborted": Status.ABORTED,
}


def events(aws: Aws, execution_arn: str) -> list[HistoryEventTypeDef]:
    """All events of the execution so far, in order."""
    pages = aws.stepfunctions.get_paginator("get_execution_history").paginate(
        executionArn=execution_arn, PaginationConfig={"PageSize": PAGE}
    )
    return [event for page in pages for event in page["events"]]


def states(events: Iterable[HistoryEventTypeDef]) -> tuple[StateSpan, ...]:
    """The states that were entered, in that order, with their attempts."""
    reader = _Reader()
    for event in events:
        reader.take(event)
    return tuple(reader.told())


class _Reader:
    """Spans by the id of the event that entered them, and which span each event belongs to."""

    def __init__(self) -> None:
        self.spans: dict[int, StateSpan] = {}
        self._owner: dict[int, int | None] = {}
        self._inside: dict[int | None, list[int]] = collections.defaultdict(list)
        # The iterations that events begin, and the branches that Parallel states have so far.
        self._begins: dict[int, int] = {}
        self._unfinished: dict[int, set[int]] = collections.defaultdict(set)
        self._branches: collections.Counter[int] = collections.Counter()
        self._redrives = 0

    def told(self) -> Iterator[StateSpan]:
        """All spans, in the order in which they were entered."""
        for at, span in self.spans.items():
            unfinished = tuple(sorted(self._unfinished.get(at, ())))
            yield dataclasses.replace(span, unfinished=unfinished) if unfinished else span

    def take(self, event: HistoryEventTypeDef) -> None:
        kind = event["type"]
        before = self._owner.get(event.get("previousEventId", 0))
        if kind.endswith("StateEntered"):
            self._owner[event["id"]] = self._enter(event, before)
            return
        owner = self._container(kind, before)
        if kind.endswith("StateExited"):
            owner = self._exit(event, before)
        elif kind in _UNSUCCESSFUL:
            self._end(event)
        elif kind == "ExecutionRedriven":
            self._redrive(event)
        elif owner is not None:
            self._take_inside(event, owner)
        self._owner[event["id"]] = owner

    def _take_inside(self, event: HistoryEventTypeDef, owner: int) -> None:
        """An event of a state that was entered and not left."""
        kind = event["type"]
        if kind in SCHEDULED:
            self._change(owner, attempts=(*self.spans[owner].attempts, self._attempt(event, owner)))
        elif end := _END.fullmatch(kind):
            self._end_attempt(event, owner, _ENDS[end[1]])
        elif kind == "TaskSubmitted":
            self._submit(event, owner)
        elif kind == "MapIterationStarted":
            self._begins[event["id"]] = _index(event)
            self._unfinished[owner].add(_index(event))
        elif kind == "MapIterationSucceeded":
            self._unfinished[owner].discard(_index(event))
        elif kind in _ITERATION_ENDS:
            self._end_iteration(owner, _index(event), _ITERATION_ENDS[kind])
        elif kind in _BRANCH_FAILED:
            self._fail_container(owner)

    def _enter(self, event: HistoryEventTypeDef, before: int | None) -> int:
        details = event["stateEnteredEventDetails"]
        parent = self._around(before)
        self._inside[parent].append(event["id"])
        self.spans[event["id"]] = StateSpan(
            id=event["id"],
            name=details["name"],
            type=event["type"].removesuffix("StateEntered"),
            status=Status.RUNNING,
            entered_at=event["timestamp"],
            parent=parent,
            iteration=None if parent is None else self._iteration(event, before, parent),
            input=details.get("input"),
        )
        return event["id"]

    def _around(self, before: int | None) -> int | None:
        """The container of a state that is entered behind an event of span *before*.

        Behind a state that was left comes its neighbour; behind one that was not, its first inner
        one.
        """
        if before is None:
            return None
        span = self.spans[before]
        inside = span.type in _CONTAINERS and span.exited_at is None
        return before if inside else span.parent

    def _iteration(self, event: HistoryEventTypeDef, before: int | None, parent: int) -> int:
        """In which iteration of *parent* a state is entered: that of its neighbour, or the next."""
        if before is not None and before != parent:
            return self.spans[before].iteration or 0
        begun = self._begins.get(event.get("previousEventId", 0))
        if begun is not None:
            return begun
        self._branches[parent] += 1
        return self._branches[parent] - 1

    def _exit(self, event: HistoryEventTypeDef, before: int | None) -> int | None:
        details = event["stateExitedEventDetails"]
        owner = self._upwards(before, lambda span: span.name == details["name"])
        if owner is not None:
            span = self.spans[owner]
            caught = span.error is not None
            self._change(
                owner,
                status=Status.CAUGHT if caught else Status.SUCCEEDED,
                exited_at=event["timestamp"],
                output=details.get("output"),
                assigned=_variables(details.get("assignedVariables")),
            )
            self._give_up_inside(owner)
        return owner

    def _container(self, kind: str, before: int | None) -> int | None:
        """Whose event this is: a container's own, or that of the state before it."""
        for container in _CONTAINERS:
            if kind.startswith(container):
                return self._upwards(before, lambda span, wanted=container: span.type == wanted)
        return before

    def _upwards(self, start: int | None, fits: Any) -> int | None:
        """The innermost open span around *start* that *fits*."""
        at = start
        while at is not None and not (fits(self.spans[at]) and self.spans[at].exited_at is None):
            at = self.spans[at].parent
        return at

    def _attempt(self, event: HistoryEventTypeDef, owner: int) -> Attempt:
        details: Any = event.get("taskScheduledEventDetails") or event.get(
            "lambdaFunctionScheduledEventDetails", {}
        )
        resource = details.get("resource", "")
        kind = details.get("resourceType")
        return Attempt(
            number=len(self.spans[owner].attempts) + 1,
            status=Status.RUNNING,
            resource=f"{kind}:{resource}" if kind else resource,
            target=_target(details),
            scheduled_at=event["timestamp"],
            redrive=self._redrives,
            parameters=details.get("parameters", details.get("input")),
        )

    def _end_attempt(self, event: HistoryEventTypeDef, owner: int, status: Status) -> None:
        span, kind = self.spans[owner], event["type"]
        details: Any = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails", {})
        if span.attempts:
            request_id = ids.request_id(event)
            last = dataclasses.replace(
                span.attempts[-1],
                status=status,
                ended_at=event["timestamp"],
                output=details.get("output"),
                error=details.get("error"),
                cause=details.get("cause"),
                request_id=request_id,
                child=span.attempts[-1].child or _child(details),
                note="" if request_id else "the history names no request id",
            )
            self._change(owner, attempts=(*span.attempts[:-1], last))
        self._change(owner, error=details.get("error"), cause=details.get("cause"))

    def _submit(self, event: HistoryEventTypeDef, owner: int) -> None:
        """A service has taken what the task asked for, and names it."""
        *before, last = self.spans[owner].attempts
        child = _child(event.get("taskSubmittedEventDetails", {}))
        self._change(owner, attempts=(*before, dataclasses.replace(last, child=child)))

    def _end_iteration(self, owner: int, index: int, status: Status) -> None:
        """An iteration ended badly, inside the state that was never left."""
        for at in self._inside[owner]:
            span = self.spans[at]
            if span.iteration == index and span.status is Status.RUNNING:
                self._stop(at, status)
                self._give_up_inside(at)

    def _fail_container(self, owner: int) -> None:
        """A branch failed, so its neighbours were given up."""
        inner = self._inside[owner]
        failed = [self.spans[at] for at in inner if self.spans[at].error is not None]
        for at in inner:
            if self.spans[at].status is Status.RUNNING:
                is_fail = self.spans[at].type == "Fail"
                self._stop(at, Status.FAILED if is_fail else Status.ABORTED)
        self._change(owner, error=failed[-1].error if failed else "States.BranchFailed")

    def _end(self, event: HistoryEventTypeDef) -> None:
        """The execution ended without success, inside the states that were never left."""
        kind = event["type"]
        details: Any = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails", {})
        for at, span in self.spans.items():
            if span.status is Status.RUNNING:
                self._stop(at, _UNSUCCESSFUL[kind])
                self._change(
                    at,
                    error=span.error or details.get("error"),
                    cause=span.cause or details.get("cause"),
                )

    def _redrive(self, event: HistoryEventTypeDef) -> None:
        """What was never left goes on, and no state is entered again but those behind it."""
        self._redrives = event["executionRedrivenEventDetails"].get("redriveCount", 0)
        for at in [at for at in self.spans if self._is_open(at)]:
            self._change(at, status=Status.RUNNING, error=None, cause=None)

    def _is_open(self, at: int | None) -> bool:
        """Whether neither it nor a state around it was left."""
        return at is None or (
            self.spans[at].exited_at is None and self._is_open(self.spans[at].parent)
        )

    def _give_up_inside(self, owner: int) -> None:
        """A retry started its branches anew: the first ones, which were not left, are over."""
        for at in self._inside.get(owner, ()):
            if self.spans[at].status is Status.RUNNING:
                self._stop(at, Status.ABORTED)
                self._give_up_inside(at)

    def _stop(self, at: int, status: Status) -> None:
        """The state *at* will not go on, nor will its last attempt."""
        attempts = tuple(
            dataclasses.replace(one, status=status) if one.status is Status.RUNNING else one
            for one in self.spans[at].attempts
        )
        self._change(at, status=status, attempts=attempts)

    def _change(self, at: int, **fields: Any) -> None:
        self.spans[at] = dataclasses.replace(self.spans[at], **fields)


def _index(event: HistoryEventTypeDef) -> int:
    """Of the iteration that an event is about."""
    kind = event["type"]
    details: Any = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails", {})
    return int(details.get("index", 0))


def _child(details: Any) -> str | None:
    """The execution that a task has started: states:startExecution names it, failed ones too."""
    if details.get("resourceType") != "states":
        return None
    told = json_object(details.get("output") or details.get("cause"))
    found = told.get("ExecutionArn", told.get("executionArn"))
    return found if isinstance(found, str) else None


def _variables(assigned: Any) -> str | None:
    """Variables, each of which the history has as JSON text, as one JSON object."""
    if not assigned:
        return None
    return json.dumps({name: json.loads(text) for name, text in assigned.items()})


def _target(details: Any) -> str | None:
    """The function that a task calls, None where it calls something else."""
    if "input" in details:  # LambdaFunctionScheduled: the resource is the function
        return str(details.get("resource", "")) or None
    found = json_object(details.get("parameters")).get("FunctionName")
    return found if isinstance(found, str) else None
