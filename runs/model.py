"""A trace: one request as a tree of what happened, each part with its times and its source.

POST → rendered request → execution → states → attempts → invocation → log lines and S3 objects.
The parts belong together by ids alone: the execution's ARN, the ids of history events, and the
request id of each invocation.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import json
from typing import Any, Final


class Status(enum.StrEnum):
    """How a state, an attempt or the execution stands."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    CAUGHT = "CAUGHT"
    """Failed, and its Catch took over."""
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"
    UNKNOWN = "UNKNOWN"
    """It is known by a log alone, which has no end of it."""


class Source(enum.StrEnum):
    """How a part of a trace is known."""

    OBSERVED = "observed"
    """A service told it of this very request."""
    INFERRED = "inferred"
    """It follows from what was observed; the part says how."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Call:
    """The POST, and the request to Step Functions that the mapping template made of it.

    Attributes:
        source: observed where whoever sent it kept it, else inferred from the execution.
        url: where it went.
        body: what was sent.
        status: HTTP status of the answer, None where it was not seen.
        request_id: API Gateway's ``x-amzn-RequestId``, likewise.
        answer: the answer's body, likewise.
        elapsed_ms: until the answer, likewise.
        template: the deployed mapping template, None if there is no such API.
        rendered: the body of StartExecution, None where there is no template, or it fails.
        rendered_note: why it fails, or what nobody can tell of the variables that it asks for.
        note: how it is known.
        injected: faults that were asked for and that this request had, each in words.
    """

    source: Source
    url: str
    body: str
    status: int | None = None
    request_id: str | None = None
    answer: str | None = None
    elapsed_ms: float | None = None
    template: str | None = None
    rendered: str | None = None
    rendered_note: str = ""
    note: str = ""
    injected: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class LogLine:
    """One line of the function's log."""

    at: dt.datetime
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ObjectAccess:
    """A read or a write of the function's.

    Attributes:
        operation: ``GetObject`` or ``PutObject``.
        bucket: where.
        key: of which object.
        source: how it is known that this happened.
        note: what was seen of it, in words.
        etag: of the object as it is now, None if it is not there.
        length_bytes: likewise.
    """

    operation: str
    bucket: str
    key: str
    source: Source
    note: str
    etag: str | None = None
    length_bytes: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class InvocationSpan:
    """One invocation of the function, as its log tells it.

    Attributes:
        request_id: what its START, END and REPORT lines name.
        log_stream: that of its environment.
        cold: whether it started the environment; None while its REPORT has not arrived.
        duration_ms: of the handler; billed_ms and init_ms as in REPORT.
        memory_mb: the configured size; max_memory_mb what was used of it.
        lines: from START to REPORT.
        objects: what it read and wrote.
        injected: faults that were asked for: of its start, and of what it called.
    """

    request_id: str
    log_stream: str
    started_at: dt.datetime
    cold: bool | None = None
    duration_ms: float | None = None
    billed_ms: float | None = None
    init_ms: float | None = None
    memory_mb: int | None = None
    max_memory_mb: int | None = None
    lines: tuple[LogLine, ...] = ()
    objects: tuple[ObjectAccess, ...] = ()
    injected: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether its REPORT, the last line of every invocation, has arrived."""
        return self.cold is not None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try of a task.

    Attributes:
        number: 1 for the first.
        redrive: of the execution in which it was made, 0 before the first.
        resource: such as ``lambda:invoke``.
        target: name or ARN of the function, None for another service.
        parameters: JSON text of what the task was called with.
        output: JSON text of its raw result, None unless it succeeded.
        request_id: of the invocation, None where the history does not tell it.
        invocation: that invocation, None where its log is not there.
        child: ARN of the execution that it started, None where it started none.
        note: why there is no request id.
        injected: faults that were asked for, of the call and of how the function ended.
    """

    number: int
    status: Status
    resource: str
    scheduled_at: dt.datetime
    ended_at: dt.datetime | None = None
    redrive: int = 0
    target: str | None = None
    parameters: str | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    request_id: str | None = None
    child: str | None = None
    invocation: InvocationSpan | None = None
    note: str = ""
    injected: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Which it is, in words."""
        again = f" (redrive {self.redrive})" if self.redrive else ""
        return f"Attempt {self.number}{again}"

    @property
    def duration_ms(self) -> float | None:
        """From scheduling to answer."""
        return span_ms(self.scheduled_at, self.ended_at)


@dataclasses.dataclass(frozen=True, kw_only=True)
class StateSpan:
    """One state, from entering it to leaving it.

    Attributes:
        id: of the event that entered it; a state may be entered more than once.
        parent: id of the Parallel or Map state around it, None at the top.
        iteration: in which of that state's iterations or branches it is, from 0; None at the top.
        unfinished: of a Map state, its iterations that were begun and have not succeeded.
        input: JSON text; output likewise, None where it was never left.
        assigned: the variables that it set, a JSON object; None where it set none.
        error: its own, or the last attempt's.
    """

    id: int
    name: str
    type: str
    status: Status
    entered_at: dt.datetime
    parent: int | None = None
    iteration: int | None = None
    unfinished: tuple[int, ...] = ()
    exited_at: dt.datetime | None = None
    input: str | None = None
    output: str | None = None
    assigned: str | None = None
    error: str | None = None
    cause: str | None = None
    attempts: tuple[Attempt, ...] = ()

    @property
    def duration_ms(self) -> float | None:
        """Time spent in the state, None if it was never left."""
        return span_ms(self.entered_at, self.exited_at)

    @property
    def retrying(self) -> bool:
        """Whether its last attempt failed, and it goes on: a Retry waits."""
        running = self.status is Status.RUNNING and bool(self.attempts)
        return running and self.attempts[-1].status in (Status.FAILED, Status.TIMED_OUT)


# Errors of a function whose process is gone: it ended itself, was ended, or took too long.
PROCESS_ENDED: Final = frozenset(
    {"Runtime.ExitError", "Runtime.OutOfMemory", "Sandbox.Timedout", "States.Timeout"}
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExecutionSpan:
    """The execution itself.

    Attributes:
        redrives: how often it was redriven.
        redriven_at: when last, None if never.
        redrivable: whether it may be redriven now; False also where nobody tells.
    """

    arn: str
    name: str
    state_machine_arn: str
    status: Status
    started_at: dt.datetime
    stopped_at: dt.datetime | None = None
    input: str = ""
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    redrives: int = 0
    redriven_at: dt.datetime | None = None
    redrivable: bool = False
    states: tuple[StateSpan, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether the execution ended well."""
        return self.status is Status.SUCCEEDED

    @property
    def key(self) -> str:
        """The image's, which its input names; empty where it names none."""
        key = json_object(self.input).get("key")
        return key if isinstance(key, str) else ""

    @property
    def retrying(self) -> StateSpan | None:
        """The state that waits for its next attempt, None if none does."""
        if self.status is not Status.RUNNING:
            return None
        return next((state for state in self.states if state.retrying), None)

    @property
    def path(self) -> tuple[str, ...]:
        """Names of the states entered, in order."""
        return tuple(state.name for state in self.states)

    @property
    def duration_ms(self) -> float | None:
        """From start to end, the time before a redrive included."""
        return span_ms(self.started_at, self.stopped_at)

    def after_ms(self, moment: dt.datetime) -> float:
        """How long after the start *moment* is."""
        return (moment - self.started_at).total_seconds() * 1000

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Those of all states, in order."""
        return tuple(attempt for state in self.states for attempt in state.attempts)

    @property
    def is_refusal(self) -> bool:
        """Whether its tasks did what they were asked, and the machine then took it for a failure.

        So it is where a function answers that it will not, and a Choice leads to a Fail state.
        """
        last = [state.attempts[-1].status for state in self.states if state.attempts]
        return self.status is Status.FAILED and {*last} == {Status.SUCCEEDED}

    def begins_anew(self, span: InvocationSpan) -> bool:
        """Whether the environment of *span* was begun anew within it, without an Init Duration.

        So it is where what it ran before ended its process: Lambda Developer Guide, "Lambda
        execution environment lifecycle", suppressed inits. Of other executions nothing is known.
        """
        before = [
            attempt
            for attempt in self.attempts
            if (seen := attempt.invocation) is not None
            and seen.log_stream == span.log_stream
            and seen.started_at < span.started_at
        ]
        last = max(before, key=lambda attempt: attempt.scheduled_at, default=None)
        return not span.cold and last is not None and last.error in PROCESS_ENDED


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trace:
    """Everything known of one request."""

    call: Call
    execution: ExecutionSpan


def span_ms(start: dt.datetime, end: dt.datetime | None) -> float | None:
    """Milliseconds between two moments, None while the second is not there."""
    return None if end is None else (end - start).total_seconds() * 1000


def json_object(value: Any) -> dict[str, Any]:
    """*value*, or the JSON text that it is, as an object; an empty one if it is none."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def as_json(value: Any) -> Any:
    """A trace, or a part of one, as plain JSON values; times are ISO 8601 with milliseconds."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {name: as_json(inner) for name, inner in vars(value).items()}
        # What is computed belongs to it as much as what is stored.
        if isinstance(value, (Attempt, StateSpan, ExecutionSpan)):
            fields["duration_ms"] = value.duration_ms
        return fields
    if isinstance(value, tuple):
        return [as_json(inner) for inner in value]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    return str(value) if isinstance(value, enum.Enum) else value
