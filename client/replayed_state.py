"""A state of an execution once more, by TestState: what each of its fields made of the data.

Nothing is called: what the state called gave its result then, which is mocked now. A history has a
state's input, its raw result and its output; what is between them only TestState tells.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from client import tested_state
from client.tested_state import TestedState
from runs import comparison, iterations
from runs.model import Status
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from runs.model import ExecutionSpan, StateSpan
    from testbed.aws import Aws

_CALLING: Final = ("Task", "Map", "Parallel")
_WAITS: Final = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
_BAD: Final = (Status.FAILED, Status.TIMED_OUT, Status.ABORTED)


@dataclasses.dataclass(frozen=True)
class ReplayedState:
    """What became of it.

    Attributes:
        tested: what TestState tells.
        faithful: whether its output is the one of the execution; None where that has none.
    """

    tested: TestedState
    faithful: bool | None


def replay(aws: Aws, seen: ExecutionSpan, visit: StateSpan) -> ReplayedState:
    """Follow the data through a *visit* of a state, in the execution *seen*.

    Raises:
        TestbedError: the visit has not ended, or TestState cannot tell.
    """
    if visit.status is Status.RUNNING:
        raise TestbedError("it still runs: its data flow is known when it has ended")
    if visit.input is None:
        raise TestbedError("its input is not in the history: it was too long")
    machine = aws.stepfunctions.describe_state_machine_for_execution(executionArn=seen.arn)
    state = alone(machine["definition"], visit)
    given = variables(seen, visit)
    request: dict[str, Any] = {"variables": json.dumps(given)} if given else {}
    if state["Type"] in _CALLING:
        request["mock"] = mock(seen, visit)
        request["context"] = json.dumps(context(seen, visit))
    try:
        answer: Any = aws.stepfunctions.test_state(
            definition=json.dumps(state),
            roleArn=machine["roleArn"],
            input=visit.input,
            inspectionLevel="DEBUG",
            **request,
        )
    except ClientError as error:
        refusal = error.response["Error"]
        raise TestbedError(f"{refusal['Code']}: {refusal['Message']}") from error
    answer.pop("ResponseMetadata", None)
    tested = TestedState(visit.name, visit.type, tested_state.steps(visit.input, answer), answer)
    faithful = None
    if visit.output is not None:
        faithful = comparison.same(visit.output, answer.get("output"))
    return ReplayedState(tested, faithful)


def alone(definition: str, visit: StateSpan) -> dict[str, Any]:
    """The definition of a visited state, by itself, so that TestState runs it as it went then.

    A Wait does not wait again, and nothing is tried again: all tries were made.

    Raises:
        TestbedError: the definition has no such state.
    """
    machine: dict[str, Any] = json.loads(definition)
    found = dict(_named(machine)).get(visit.name)
    if found is None:
        raise TestbedError(f"the definition has no state {visit.name!r}")
    state = dict(found)
    if "QueryLanguage" in machine:
        state.setdefault("QueryLanguage", machine["QueryLanguage"])
    if state["Type"] == "Wait":
        state = {name: value for name, value in state.items() if name not in _WAITS}
        state["Seconds"] = 0
    state.pop("Retry", None)
    return state


def mock(seen: ExecutionSpan, visit: StateSpan) -> dict[str, Any]:
    """What stands for the state's call: its last raw result, or its error.

    Raises:
        TestbedError: the history tells neither.
    """
    last = visit.attempts[-1] if visit.attempts else None
    if visit.error is not None and visit.status in (*_BAD, Status.CAUGHT):
        return {"errorOutput": {"error": visit.error, "cause": visit.cause or ""}}
    if last is not None and last.output is not None:
        return tested_state.mock_result(last.output)
    if visit.type in ("Map", "Parallel"):
        group = iterations.of(seen.states).get(visit.id)
        outputs = [one.states[-1].output for one in group.items] if group else []
        if None not in outputs:
            return tested_state.mock_result(f"[{', '.join(map(str, outputs))}]")
    raise TestbedError("the history does not tell what it got")


def variables(seen: ExecutionSpan, visit: StateSpan) -> dict[str, Any]:
    """The variables that the state could read: set before it, in its scope or one around it."""
    around = set(_scopes(seen, visit))
    found: dict[str, Any] = {}
    for state in seen.states:
        if state.id == visit.id:
            break
        ended = state.exited_at is not None and state.exited_at <= visit.entered_at
        if state.assigned and ended and (state.parent, state.iteration) in around:
            found |= json.loads(state.assigned)
    return found


def context(seen: ExecutionSpan, visit: StateSpan) -> dict[str, Any]:
    """The context object as it was (``$$``), as far as a history tells and TestState takes it.

    It takes neither Map nor RedriveCount.
    """
    machine = seen.state_machine_arn
    return {
        "Execution": {
            "Id": seen.arn,
            "Input": json.loads(seen.input or "{}"),
            "Name": seen.name,
            "StartTime": seen.started_at.isoformat(),
        },
        "StateMachine": {"Id": machine, "Name": machine.rpartition(":")[2]},
        "State": {
            "Name": visit.name,
            "EnteredTime": visit.entered_at.isoformat(),
            "RetryCount": max(0, len(visit.attempts) - 1),
        },
    }


def _scopes(seen: ExecutionSpan, visit: StateSpan) -> Iterator[tuple[int | None, int | None]]:
    """The state's own scope, and those around it."""
    by_id = {state.id: state for state in seen.states}
    at: StateSpan | None = visit
    while at is not None:
        yield at.parent, at.iteration
        at = None if at.parent is None else by_id[at.parent]


def _named(machine: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """All states, at any depth; no two of a machine have the same name."""
    for name, state in machine.get("States", {}).items():
        yield name, state
        inner = [*state.get("Branches", ())]
        inner += [state[key] for key in ("ItemProcessor", "Iterator") if key in state]
        for each in inner:
            yield from _named(each)
