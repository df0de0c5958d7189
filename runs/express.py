"""Executions of Express machines, read from the log group that their machine logs to.

Step Functions keeps none of them: no API lists or describes one (Step Functions Developer Guide,
"Viewing Express workflow executions"). What the machine's ``loggingConfiguration`` sends to
CloudWatch Logs is all there is. Each log event is an event of a history as JSON, with the names
``id``, ``type``, ``details``, ``previous_event_id``, ``event_timestamp`` and ``execution_arn``;
``details`` are those of the history's event of that type ("Logging using CloudWatch Logs").
"""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final

from runs import history
from runs.model import ExecutionSpan, Status, json_object
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

    from testbed.aws import Aws

OFF: Final = "OFF"
ALL: Final = "ALL"
# An Express execution takes five minutes at most (Step Functions quotas); lines may be late.
_OVER: Final = dt.timedelta(minutes=6)
_STARTED: Final = "ExecutionStarted"
_ENDS: Final = {
    "ExecutionSucceeded": Status.SUCCEEDED,
    "ExecutionFailed": Status.FAILED,
    "ExecutionTimedOut": Status.TIMED_OUT,
    "ExecutionAborted": Status.ABORTED,
}
_SHARED: Final = ("StateEntered", "StateExited")


@dataclasses.dataclass(frozen=True)
class MachineLog:
    """What a machine logs, and where to.

    Attributes:
        group: name of the log group, empty for none.
        level: ALL, ERROR (failures of states and executions), FATAL (of executions alone) or OFF.
        data: whether inputs and outputs are logged.
    """

    group: str
    level: str
    data: bool

    @property
    def on(self) -> bool:
        """Whether anything is logged."""
        return bool(self.group) and self.level != OFF


@dataclasses.dataclass(frozen=True)
class LoggedEvent:
    """An event, and whose it is."""

    execution_arn: str
    event: HistoryEventTypeDef


@dataclasses.dataclass(frozen=True)
class LoggedExecution:
    """One execution, as far as its machine's log tells it.

    Attributes:
        log: where it was read.
        seen: the execution with its states.
        events: in order, those that were logged.
        definition: the machine's, as it is now; JSON text.
    """

    log: MachineLog
    seen: ExecutionSpan
    events: list[HistoryEventTypeDef]
    definition: str


def is_express(execution_arn: str) -> bool:
    """Whether it is the ARN of an Express execution: ``…:express:machine:name:id``."""
    return execution_arn.split(":")[5:6] == ["express"]


def name(execution_arn: str) -> str:
    """What the execution is called, of an Express one's ARN or another's."""
    return execution_arn.split(":")[-2 if is_express(execution_arn) else -1]


def machine_of(execution_arn: str) -> str:
    """The ARN of the machine of an Express execution."""
    head, _, rest = execution_arn.partition(":express:")
    return f"{head}:stateMachine:{rest.partition(':')[0]}"


def all_of(machine_arn: str) -> str:
    """What the ARNs of the executions of an Express machine begin with."""
    return machine_arn.replace(":stateMachine:", ":express:") + ":"


def log_of(aws: Aws, machine_arn: str) -> MachineLog:
    """What the machine logs; asked of Step Functions."""
    return _log(aws.stepfunctions.describe_state_machine(stateMachineArn=machine_arn))


def _log(described: Any) -> MachineLog:
    told = described.get("loggingConfiguration", {})
    first: Any = next(iter(told.get("destinations", [])), {})
    arn = first.get("cloudWatchLogsLogGroup", {}).get("logGroupArn", "")
    group = arn.partition(":log-group:")[2].removesuffix(":*")
    return MachineLog(group, told.get("level", OFF), told.get("includeExecutionData", False))


def read(aws: Aws, execution_arn: str) -> LoggedExecution:
    """One execution from the log of its machine.

    Raises:
        TestbedError: there is no such machine, it logs nothing, or nothing of this execution.
    """
    sfn, machine_arn = aws.stepfunctions, machine_of(execution_arn)
    try:
        described = sfn.describe_state_machine(stateMachineArn=machine_arn)
    except sfn.exceptions.StateMachineDoesNotExist as error:
        raise TestbedError(
            f"the machine {machine_arn} is gone, and with it the name of its log group"
        ) from error
    log = _log(described)
    if not log.on:
        raise TestbedError(
            f"{described['name']} is an Express machine that logs nothing, so nothing is known of "
            "its executions; the list of its executions says how to switch its log on"
        )
    found = logged(aws, log, execution_arn)
    events = sorted((one.event for one in found), key=lambda event: event["id"])
    if not events:
        raise TestbedError(
            f"the log group {log.group} has nothing of it; lines may take a moment, and the level "
            f"is {log.level}"
        )
    seen = with_states(span(execution_arn, events, log), events)
    return LoggedExecution(log, seen, events, described["definition"])


def pattern(arns: str) -> str:
    """The filter pattern of events of executions whose ARNs begin with *arns*."""
    return f"{{ $.execution_arn = {json.dumps(f'{arns}*')} }}"


def logged(
    aws: Aws, log: MachineLog, arns: str, since: dt.datetime | None = None
) -> list[LoggedEvent]:
    """The events in the group of executions whose ARNs begin with *arns*.

    Args:
        aws: where they are.
        log: the group; others may log there as well.
        arns: an ARN, or what those of a machine begin with (`all_of`).
        since: none is older; all by default.

    Raises:
        TestbedError: the log group is gone.
    """
    started: Any = {} if since is None else {"startTime": int(since.timestamp() * 1000)}
    try:
        pages = aws.logs.get_paginator("filter_log_events").paginate(
            logGroupName=log.group,
            filterPattern=pattern(arns),
            **started,
        )
        messages = [event["message"] for page in pages for event in page["events"]]
    except aws.logs.exceptions.ResourceNotFoundException as error:
        raise TestbedError(
            f"the log group {log.group} is not there; make it with "
            f"`aws logs create-log-group --log-group-name {log.group}`"
        ) from error
    # The emulator's Logs does not know patterns of this kind, and gives all.
    return [one for one in events(messages) if one.execution_arn.startswith(arns)]


def events(messages: Iterable[str]) -> Iterator[LoggedEvent]:
    """Log *messages* as events of histories; what is none is left out."""
    for message in messages:
        told = json_object(message)
        try:
            arn, event = told["execution_arn"], _event(told)
        except (KeyError, TypeError, ValueError):
            continue  # a group may have other lines as well
        yield LoggedEvent(str(arn), event)


def _event(told: dict[str, Any]) -> Any:
    """A HistoryEventTypeDef: which details it has depends on its type."""
    kind = told["type"]
    event: Any = {
        "id": int(told["id"]),
        "type": kind,
        "timestamp": _moment(told["event_timestamp"]),
        "previousEventId": int(told.get("previous_event_id", 0)),
    }
    if isinstance(told.get("details"), dict):
        event[_details(kind)] = told["details"]
    return event


def _details(kind: str) -> str:
    """Where a history has the details of an event of this type."""
    shared = next((end for end in _SHARED if kind.endswith(end)), kind)
    return f"{shared[0].lower()}{shared[1:]}EventDetails"


def _moment(told: str | int) -> dt.datetime:
    """A time: AWS writes milliseconds since 1970, LocalStack ISO 8601."""
    if str(told).isdecimal():
        return dt.datetime.fromtimestamp(int(told) / 1000, dt.UTC)
    return dt.datetime.fromisoformat(str(told))


def executions(found: Iterable[LoggedEvent], log: MachineLog) -> list[ExecutionSpan]:
    """The executions that *found* are of, without their states."""
    by_arn: dict[str, dict[int, HistoryEventTypeDef]] = collections.defaultdict(dict)
    for one in found:
        by_arn[one.execution_arn][one.event["id"]] = one.event
    return [span(arn, [events[at] for at in sorted(events)], log) for arn, events in by_arn.items()]


def span(
    execution_arn: str,
    events: Sequence[HistoryEventTypeDef],
    log: MachineLog,
    now: dt.datetime | None = None,
) -> ExecutionSpan:
    """The execution that logged *events*, at least one, without its states.

    Where its start is not among them it has no duration, and begins with the first of them; where
    its end is not, it runs if it can still, else its status is UNKNOWN.
    """
    first, last = events[0], events[-1]
    whole = first["type"] == _STARTED
    end = last if last["type"] in _ENDS else None
    if end is not None:
        status = _ENDS[end["type"]]
    else:
        over = (now or dt.datetime.now(dt.UTC)) - first["timestamp"] > _OVER
        status = Status.UNKNOWN if over or log.level != ALL else Status.RUNNING
    details: Any = {} if end is None else end.get(_details(end["type"]), {})
    given: Any = first.get(_details(_STARTED), {})
    return ExecutionSpan(
        arn=execution_arn,
        name=name(execution_arn),
        state_machine_arn=machine_of(execution_arn),
        status=status,
        started_at=first["timestamp"],
        stopped_at=end["timestamp"] if end is not None and whole else None,
        input=given.get("input", ""),
        output=details.get("output"),
        error=details.get("error"),
        cause=details.get("cause"),
    )


def with_states(seen: ExecutionSpan, events: Sequence[HistoryEventTypeDef]) -> ExecutionSpan:
    """*seen* with the states of its *events*; where its end is unknown, theirs is."""
    states = history.states(events)
    if seen.status is Status.UNKNOWN:
        states = tuple(
            dataclasses.replace(one, status=Status.UNKNOWN) if one.status is Status.RUNNING else one
            for one in states
        )
    return dataclasses.replace(seen, states=states)
