"""How far an execution came is read from its events alone."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from localstack_standalone.persistence.executions.fold import Fold, mocked_again
from localstack_standalone.persistence.executions.history import KeptEvent

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ROOT: tuple[tuple[int, int], ...] = ()


class Told:
    """A history that grows by one event at a time."""

    def __init__(self) -> None:
        self.events: list[KeptEvent] = []
        self.tell("ExecutionStarted")

    def tell(self, kind: str, path: Any = ROOT, details: Any = None, **kept: Any) -> int:
        event_id = len(self.events) + 1
        at = AT + dt.timedelta(seconds=event_id)
        event = {"id": event_id, "previousEventId": 0, "type": kind, "timestamp": at}
        self.events.append(KeptEvent(event | ({"d": details} if details else {}), path, **kept))
        return event_id

    def enter(self, name: str, path: Any = ROOT, given: Any = None, kind: str = "Task") -> int:
        details = {"name": name, "input": json.dumps(given)}
        return self.tell(f"{kind}StateEntered", path, details)

    def leave(self, to: str | None, path: Any = ROOT, output: Any = None, **variables: Any) -> int:
        details = {"name": "any", "output": json.dumps(output)}
        return self.tell("TaskStateExited", path, details, next_state=to, variables=variables)

    def fail(self, error: str, path: Any = ROOT) -> int:
        return self.tell("TaskFailed", path, {"error": error, "cause": "why"})

    def fold(self) -> Fold:
        return Fold(self.events)


def test_before_the_first_state_nothing_was_entered() -> None:
    found = Told().fold()
    assert (None, False) == (found.root.visit, found.root.is_left)


def test_a_state_that_was_entered_has_its_input_and_the_variables_so_far() -> None:
    told = Told()
    told.enter("First", given={"a": 1})
    left = told.leave("Second", output=[2], kept=3)
    assert ("Second", [2], left) == (
        told.fold().root.next_state,
        told.fold().root.output,
        told.fold().root.left_id,
    )
    entered = told.enter("Second", given=[2])
    [visit] = told.fold().inside()
    assert ("Second", [2], {"kept": 3}, entered) == (
        visit.name,
        visit.input,
        visit.variables,
        visit.entered_id,
    )


def test_attempts_that_failed_are_told_apart_from_the_last() -> None:
    told = Told()
    told.enter("Only")
    told.tell("TaskScheduled", token="first")
    told.fail("Busy")
    second = told.tell("TaskScheduled")
    [visit] = told.fold().inside()
    assert visit.replay is not None
    assert ["Busy"] == [failed.error for failed in visit.replay.failures]
    assert [second] == [event["id"] for event in visit.replay.tail]
    assert "first" == visit.replay.token


def mapped(told: Told) -> int:
    told.enter("All", kind="Map")
    return told.tell("MapStateStarted")


def iterate(told: Told, started: int, index: int) -> tuple[tuple[int, int], ...]:
    path = ((started, index),)
    told.tell("MapIterationStarted", path)
    told.enter("Inner", path, index)
    return path


def test_a_map_keeps_the_iterations_that_ended() -> None:
    """Only one whose end is told, too, is not looked at again."""
    told = Told()
    started = mapped(told)
    first, second = (iterate(told, started, index) for index in (0, 1))
    told.leave(None, first, "output")
    visit = told.fold().root.inside
    assert visit is not None
    assert {} == visit.succeeded()
    told.tell("MapIterationSucceeded", first)
    visit = told.fold().root.inside
    assert visit is not None
    assert {0: "output"} == visit.succeeded()
    assert ["All", "Inner"] == [one.name for one in told.fold().inside()]
    assert second == visit.parts[1].path


def test_a_map_that_is_retried_starts_its_iterations_anew() -> None:
    """With the error of the iteration that failed; what still ran of it is nobody's."""
    told = Told()
    started = mapped(told)
    first, second = (iterate(told, started, index) for index in (0, 1))
    told.fail("Broken", first)
    told.tell("MapIterationFailed", first)
    again = told.tell("MapStateStarted")
    told.leave(None, second, "late")
    visit = told.fold().root.inside
    assert visit is not None
    assert visit.replay is not None
    assert (again, {}) == (visit.started_id, visit.parts)
    assert [("Broken", None)] == [(one.error, one.event) for one in visit.replay.failures]


def test_a_map_run_that_starts_again_has_not_failed() -> None:
    """After a crash, a distributed Map starts a new one; that is no attempt that failed."""
    told = Told()
    mapped(told)
    told.tell("MapRunStarted")
    told.tell("MapStateStarted")
    [visit] = told.fold().inside()
    assert visit.replay is not None
    assert ([], []) == (visit.replay.failures, visit.replay.tail)
    told.tell("MapRunFailed", details={"error": "Broken"})
    told.tell("MapStateStarted")
    [visit] = told.fold().inside()
    assert visit.replay is not None
    assert ["Broken"] == [one.error for one in visit.replay.failures]


def test_a_redrive_counts_attempts_from_itself_on() -> None:
    told = Told()
    told.enter("Only")
    told.tell("TaskScheduled")
    told.fail("Busy")
    told.tell("ExecutionFailed", details={"error": "Busy"})
    ended = told.fold().end
    assert ended is not None
    assert "ExecutionFailed" == ended.kind
    told.tell("ExecutionRedriven")
    found = told.fold()
    [visit] = found.inside()
    assert visit.replay is not None
    assert (None, []) == (found.end, visit.replay.failures)
    assert [visit.replay.since] == found.redrives
    assert not found.root.resumes


def test_a_mocked_service_is_asked_again_where_its_answer_was_lost() -> None:
    told = Told()
    told.enter("Mocked")
    told.tell("TaskScheduled")
    assert {"Mocked": 0} == mocked_again(told.fold())
    details = {"taskSucceededEventDetails": {"output": "1"}}
    event = told.events[-1].event | {"id": 4, "type": "TaskSucceeded"} | details
    told.events.append(KeptEvent(event))
    assert {"Mocked": 1} == mocked_again(told.fold())


def test_what_goes_on_begins_nothing_again() -> None:
    told = Told()
    started = mapped(told)
    iterate(told, started, 0)
    again = told.fold().root.resumed()
    assert again.resumes
    assert again.inside is not None
    again.inside.begin()
    assert (started, [0]) == (again.inside.started_id, list(again.inside.parts))
    assert again.inside.parts[0].resumes
