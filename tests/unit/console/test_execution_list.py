"""The executions that are kept, and what is asked for to keep them up to date."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from console.execution_list import LATEST_ITEMS, MOST_ITEMS, ExecutionList
from tests.support.addresses import ON_AWS
from tests.support.fake_step_functions import StepFunctions

if TYPE_CHECKING:
    from console.watch import Deployment


@pytest.fixture
def listed(sfn: StepFunctions, found: Deployment) -> ExecutionList:
    """A list of three, as first seen."""
    sfn.start("a", '{"key": "Club.png"}')
    sfn.start("b", '{"key": "moon.gif"}', "FAILED")
    sfn.start("c", "[]", "RUNNING")
    known = ExecutionList(ON_AWS.state_machine_arn)
    known.refresh(found)
    return known


def names(known: ExecutionList, **wanted: str) -> list[str]:
    return [one.name for one in known.find(**wanted)]


def test_all_are_there_the_latest_first(listed: ExecutionList, sfn: StepFunctions) -> None:
    """The first time, all are asked for."""
    assert ["c", "b", "a"] == names(listed)
    assert [MOST_ITEMS] == sfn.listed


def test_later_only_the_latest_are_asked_for(
    listed: ExecutionList, sfn: StepFunctions, found: Deployment
) -> None:
    """What ended does not change; what is new, or has ended since, is seen."""
    sfn.executions["c"]["status"] = "SUCCEEDED"
    sfn.start("d")
    listed.refresh(found)
    assert [MOST_ITEMS, LATEST_ITEMS] == sfn.listed
    assert ["d", "c", "b", "a"] == names(listed)
    assert [] == names(listed, status="RUNNING")


def test_all_are_asked_for_where_the_latest_do_not_reach(
    listed: ExecutionList, sfn: StepFunctions, found: Deployment
) -> None:
    """More were started meanwhile than one question tells, and one that ran is not among them."""
    for number in range(LATEST_ITEMS):
        sfn.start(f"n{number}")
    sfn.executions["c"]["status"] = "ABORTED"
    listed.refresh(found)
    assert ["c"] == names(listed, status="ABORTED")
    assert LATEST_ITEMS + 3 == len(names(listed))


def test_they_are_found_by_status_name_or_key(listed: ExecutionList, found: Deployment) -> None:
    """In small or capital letters, and by a key as soon as it is known."""
    assert ["b"] == names(listed, status="FAILED")
    assert [] == names(listed, search="club")
    listed.learn(found, listed.find())
    assert ["a"] == names(listed, search=" club")
    assert [] == names(listed, status="FAILED", search="club")
    assert ["c"] == names(listed, search="C", status="RUNNING")


def test_a_key_is_asked_for_once(
    listed: ExecutionList, sfn: StepFunctions, found: Deployment
) -> None:
    """And whoever asks is told whether there was any to learn."""
    assert listed.learn(found, listed.find())
    assert not listed.learn(found, listed.find())
    assert 3 == len(sfn.described)


def test_an_error_is_asked_for_once_it_is_there(
    listed: ExecutionList, sfn: StepFunctions, found: Deployment
) -> None:
    """Of one that ran when its key was learnt, too; a redrive takes it back."""
    sfn.executions["b"]["error"] = "UNSUPPORTED_FORMAT"
    listed.learn(found, listed.find())
    assert {"arn:m:b": "UNSUPPORTED_FORMAT"} == listed.errors
    sfn.executions["c"] |= {"status": "TIMED_OUT"}
    listed.refresh(found)
    assert listed.learn(found, listed.find())
    assert {"arn:m:b": "UNSUPPORTED_FORMAT", "arn:m:c": ""} == listed.errors
    assert not listed.learn(found, listed.find())
    listed.runs_again("arn:m:b")
    assert {"arn:m:c": ""} == listed.errors


@pytest.mark.parametrize("body", ["", "no JSON", "[]", "{}", json.dumps({"key": 1})])
def test_an_input_without_a_key_has_none(sfn: StepFunctions, found: Deployment, body: str) -> None:
    """Whatever an execution was started with, it is listed."""
    sfn.start("odd", body)
    known = ExecutionList(ON_AWS.state_machine_arn)
    known.refresh(found)
    known.learn(found, known.find())
    assert {"arn:m:odd": ""} == known.keys


def test_one_that_is_redriven_is_asked_for_again(
    listed: ExecutionList, sfn: StepFunctions, found: Deployment
) -> None:
    """However many started since; one that is not known here is no matter."""
    sfn.executions["c"]["status"] = "SUCCEEDED"
    for number in range(LATEST_ITEMS):
        sfn.start(f"n{number}")
    listed.refresh(found)
    listed.runs_again("arn:m:b")
    listed.runs_again("arn:m:unknown")
    assert ["b"] == names(listed, status="RUNNING")
    sfn.executions["b"]["status"] = "ABORTED"
    listed.refresh(found)
    assert MOST_ITEMS == sfn.listed[-1]
    assert ["b"] == names(listed, status="ABORTED")
