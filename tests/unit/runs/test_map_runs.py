from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from runs import map_runs
from runs.map_runs import ChildExecution, MapRun
from runs.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testbed.aws import Aws

ARN = "arn:aws:states:r:000000000000:mapRun:m/mine:6babc348-e142-4901-af23-36b1b4fb55a1"
CHILD = "arn:aws:states:r:000000000000:execution:m/mine:one"
WHEN = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
NONE = dict.fromkeys(("pending", "running", "failed", "timedOut", "aborted"), 0)
COUNTS = NONE | {"succeeded": 3, "total": 3, "resultsWritten": 3}


@pytest.fixture
def sfn(aws: Aws) -> Iterator[Stubber]:
    with Stubber(aws.stepfunctions) as stubber:
        described = {
            "mapRunArn": ARN,
            "executionArn": "arn:e",
            "status": "SUCCEEDED",
            "startDate": WHEN,
            "maxConcurrency": 0,
            "toleratedFailurePercentage": 0.0,
            "toleratedFailureCount": 0,
            "itemCounts": COUNTS,
            "executionCounts": COUNTS,
        }
        stubber.add_response("describe_map_run", described, {"mapRunArn": ARN})
        yield stubber


def test_those_that_a_history_has_started() -> None:
    """By the event that names them."""
    events: list[Any] = [
        {"type": "MapStateStarted"},
        {"type": "MapRunStarted", "mapRunStartedEventDetails": {"mapRunArn": ARN}},
        {"type": "MapRunSucceeded"},
    ]
    assert (ARN,) == map_runs.started(events)


def test_what_there_is_none_of_is_not_counted(aws: Aws, sfn: Stubber) -> None:
    """Nobody is asked for its executions who does not list them."""
    found = map_runs.read(aws, ARN, children=False)
    items = {"succeeded": 3, "total": 3, "resultsWritten": 3}
    assert MapRun(arn=ARN, status=Status.SUCCEEDED, items=items) == found
    assert "mine" == found.label
    sfn.assert_no_pending_responses()


def test_its_executions_are_listed_by_it(aws: Aws, sfn: Stubber) -> None:
    """Each with how it stands."""
    one = {
        "executionArn": CHILD,
        "stateMachineArn": "arn:m",
        "name": "one",
        "status": "FAILED",
        "startDate": WHEN,
    }
    asked = {"mapRunArn": ARN, "maxResults": map_runs.MOST_CHILDREN}
    sfn.add_response("list_executions", {"executions": [one]}, asked)
    found = map_runs.read(aws, ARN, children=True)
    assert (ChildExecution(arn=CHILD, status=Status.FAILED),) == found.children
