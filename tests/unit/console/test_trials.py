"""What becomes of copies."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from client import copies, machines
from console import trials
from console.trials import Trials
from runs import collect, history
from runs.model import ExecutionSpan, Status
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from console.watch import Deployment

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
REFUSED = ClientError({"Error": {"Code": "No", "Message": "no"}}, "Any")


class Cloud:
    """Copies that there are, and how their executions stand."""

    def __init__(self) -> None:
        self.copies: list[str] = []
        self.status: dict[str, Status] = {}
        self.failing: set[str] = set()

    def create(self, _aws: Any, machine: str, definition: str) -> str:
        self.copies.append(f"copy of {machine}: {definition}")
        return self.copies[-1]

    def remove(self, _aws: Any, copy: str) -> None:
        if "remove" in self.failing:
            raise REFUSED
        self.copies.remove(copy)

    def start(self, _aws: Any, copy: str, given: str) -> str:
        if "start" in self.failing:
            raise REFUSED
        execution = f"{copy} {given} {len(self.status)}"
        self.status[execution] = Status.RUNNING
        return execution

    def run_express(self, _aws: Any, copy: str, given: str) -> Any:
        assert copy in self.copies
        if "start" in self.failing:
            raise REFUSED
        return {"output": given}

    def execution(self, _aws: Any, arn: str) -> ExecutionSpan:
        if arn not in self.status:
            raise TestbedError("there is none")
        return ExecutionSpan(
            arn=arn, name="e", state_machine_arn="m", status=self.status[arn], started_at=START
        )


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    made = Cloud()
    monkeypatch.setattr(copies, "create", made.create)
    monkeypatch.setattr(copies, "remove", made.remove)
    monkeypatch.setattr(machines, "start", made.start)
    monkeypatch.setattr(machines, "run_express", made.run_express)
    monkeypatch.setattr(collect, "execution", made.execution)
    monkeypatch.setattr(collect, "definition", lambda _aws, _arn: "{}")
    monkeypatch.setattr(history, "events", lambda _aws, _arn: [])
    return made


def test_a_copy_is_there_until_its_execution_has_ended(cloud: Cloud, found: Deployment) -> None:
    """Then it is gone, and what became of it is known."""
    known = Trials()
    execution = known.run(found, "arn:m", "{}", "1")
    known.settle(found)
    assert (1, None) == (len(cloud.copies), known.record(execution))
    cloud.status[execution] = Status.FAILED
    known.settle(found)
    assert [] == cloud.copies
    record = known.record(execution)
    assert record is not None
    assert (Status.FAILED, "{}", "arn:m") == (
        record.seen.status,
        record.definition,
        known.machine(execution),
    )


def test_a_copy_that_cannot_be_started_goes_at_once(cloud: Cloud, found: Deployment) -> None:
    """Of both kinds; the error is whoever asked's."""
    cloud.failing.add("start")
    for run in (Trials().run, Trials().run_express):
        with pytest.raises(ClientError):
            run(found, "arn:m", "{}", "1")
    assert [] == cloud.copies


def test_an_express_copy_is_gone_with_its_answer(cloud: Cloud, found: Deployment) -> None:
    """It has run to its end by then."""
    assert "1" == Trials().run_express(found, "arn:m", "{}", "1")["output"]
    assert [] == cloud.copies


def test_a_removal_that_fails_is_tried_again(cloud: Cloud, found: Deployment) -> None:
    """No copy is forgotten."""
    known = Trials()
    execution = known.run(found, "arn:m", "{}", "1")
    cloud.status[execution] = Status.SUCCEEDED
    cloud.failing.add("remove")
    with pytest.raises(ClientError):
        known.settle(found)
    cloud.failing.clear()
    known.settle(found)
    assert [] == cloud.copies


def test_one_that_a_reset_took_is_asked_for_no_more(cloud: Cloud, found: Deployment) -> None:
    """And tells nothing."""
    known = Trials()
    execution = known.run(found, "arn:m", "{}", "1")
    cloud.status.clear()
    known.settle(found)
    cloud.status[execution] = Status.SUCCEEDED
    known.settle(found)
    assert None is known.record(execution)


def test_nothing_stays_behind_when_the_console_stops(cloud: Cloud, found: Deployment) -> None:
    """Whatever runs."""
    known = Trials()
    for given in ("1", "2"):
        known.run(found, "arn:m", "{}", given)
    known.close(found)
    assert [] == cloud.copies


def test_only_so_many_records_are_kept(cloud: Cloud, found: Deployment) -> None:
    """The oldest goes first."""
    known = Trials()
    ran = [known.run(found, "arn:m", "{}", "1") for _ in range(trials.KEPT + 1)]
    cloud.status = dict.fromkeys(ran, Status.SUCCEEDED)
    known.settle(found)
    assert [None] == [known.record(ran[0])]
    assert None is not known.record(ran[1])


def test_what_a_killed_console_left_is_swept(
    cloud: Cloud, found: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the testbed is found."""
    cloud.copies = ["old", "new"]
    monkeypatch.setattr(copies, "abandoned", lambda _aws, _now: ["old"])
    Trials().sweep(found)
    assert ["new"] == cloud.copies


def test_a_draft_is_kept_until_what_is_deployed_is_wanted() -> None:
    """Whoever looks at the execution comes back to what was tried."""
    known = Trials()
    assert None is known.draft("arn:m")
    known.keep_draft("arn:m", "{}", "1")
    assert ("{}", "1") == known.draft("arn:m")
    known.drop_draft("arn:m")
    assert None is known.draft("arn:m")
