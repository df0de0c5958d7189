"""The executions of an Express machine that are kept, and what is asked for to keep them so."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from console.express_list import BACK, LATE, ExpressList
from runs import express
from runs.express import LoggedEvent, MachineLog

if TYPE_CHECKING:
    from console.watch import Deployment

HEAD = "arn:aws:states:ca-central-1:000000000000"
MACHINE = f"{HEAD}:stateMachine:M"
ON = MachineLog("group", "ALL", data=True)


class Logged:
    """A log group: what is in it, and since when it was asked for."""

    def __init__(self) -> None:
        self.log = ON
        self.events: list[LoggedEvent] = []
        self.since: list[dt.datetime] = []

    def of(self, *_: Any) -> MachineLog:
        return self.log

    def read(
        self, _aws: Any, _log: MachineLog, _arns: str, since: dt.datetime
    ) -> list[LoggedEvent]:
        self.since.append(since)
        return [one for one in self.events if one.event["timestamp"] >= since]

    def add(self, name: str, *, ago: dt.timedelta = dt.timedelta(0), error: str = "") -> None:
        """An execution, from start to end."""
        at = (dt.datetime.now(dt.UTC) - ago).isoformat()
        end = ("ExecutionFailed", {"error": error}) if error else ("ExecutionSucceeded", {})
        told = (("ExecutionStarted", {"input": '{"key": "a.png"}'}), end)
        self.events += express.events(
            json.dumps(
                {
                    "id": str(number),
                    "type": kind,
                    "details": details,
                    "event_timestamp": at,
                    "execution_arn": f"{HEAD}:express:M:{name}:1",
                }
            )
            for number, (kind, details) in enumerate(told, 1)
        )


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> Logged:
    made = Logged()
    monkeypatch.setattr(express, "log_of", made.of)
    monkeypatch.setattr(express, "logged", made.read)
    return made


def names(known: ExpressList, **wanted: str) -> list[str]:
    return [one.name for one in known.find(**wanted)]


def test_those_of_a_day_are_there(group: Logged, found: Deployment) -> None:
    """With their keys and errors, found as others are; nobody is asked for more of them."""
    group.add("old", ago=2 * BACK)
    group.add("first", ago=dt.timedelta(hours=2))
    group.add("second", error="Bad")
    known = ExpressList(MACHINE)
    known.refresh(found)
    assert ["second", "first"] == names(known)
    assert ["second"] == names(known, status="FAILED")
    assert ["second", "first"] == names(known, search="A.PNG")
    assert ["Bad"] == [known.errors[one.arn] for one in known.find(status="FAILED")]
    assert not known.learn(found, known.find())


def test_later_only_what_is_new_or_late_is_asked_for(group: Logged, found: Deployment) -> None:
    """What was read before stays."""
    group.add("first", ago=dt.timedelta(hours=2))
    known = ExpressList(MACHINE)
    known.refresh(found)
    group.add("second")
    known.refresh(found)
    assert ["second", "first"] == names(known)
    assert group.events[0].event["timestamp"] - LATE == group.since[1]


def test_nothing_is_known_while_the_log_is_off(group: Logged, found: Deployment) -> None:
    """It is switched on and off, or goes elsewhere, while somebody looks."""
    group.add("first", ago=dt.timedelta(hours=2))
    known = ExpressList(MACHINE)
    known.refresh(found)
    group.log = MachineLog("", express.OFF, data=False)
    known.refresh(found)
    assert (group.log, [], 1) == (known.log, names(known), len(group.since))
    group.log, group.events = MachineLog("other", "ALL", data=True), []
    known.refresh(found)
    assert [] == names(known)
