from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from pipeline import follow
from testbed import waiting
from testbed.waiting import WaitTimeout

if TYPE_CHECKING:
    from botocore.stub import Stubber
    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

    from testbed.aws import Aws

ARN = "arn:aws:states:ca-central-1:000000000000:execution:M:one"
START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)


def at(ms: int) -> dt.datetime:
    return START + dt.timedelta(milliseconds=ms)


def entered(name: str, kind: str, ms: int) -> dict[str, Any]:
    return {
        "id": ms + 1,
        "type": f"{kind}StateEntered",
        "timestamp": at(ms),
        "stateEnteredEventDetails": {"name": name},
    }


def exited(name: str, kind: str, ms: int) -> dict[str, Any]:
    return {
        "id": ms + 1,
        "type": f"{kind}StateExited",
        "timestamp": at(ms),
        "stateExitedEventDetails": {"name": name},
    }


def other(kind: str, ms: int = 0, **details: Any) -> dict[str, Any]:
    return {"id": ms + 1, "type": kind, "timestamp": at(ms), **details}


def events(*given: dict[str, Any]) -> list[HistoryEventTypeDef]:
    return cast("list[HistoryEventTypeDef]", list(given))


def described(status: str, **more: Any) -> dict[str, Any]:
    return {
        "executionArn": ARN,
        "stateMachineArn": "arn:m",
        "status": status,
        "startDate": START,
        "input": '{"key": "a"}',
        **more,
    }


def test_visits_tell_states_in_order_with_their_times() -> None:
    """Each state entered is one visit, with its kind and the time spent in it."""
    first, second = follow.visits(
        events(
            other("ExecutionStarted"),
            entered("ResizeImage", "Task", 10),
            other("TaskScheduled", 11),
            exited("ResizeImage", "Task", 60),
            entered("Done", "Succeed", 61),
            exited("Done", "Succeed", 62),
        )
    )
    assert ("ResizeImage", "Task", 50.0, 1) == (
        first.name,
        first.type,
        first.duration_ms,
        first.attempts,
    )
    assert ("Done", "Succeed", 1.0, 0) == (
        second.name,
        second.type,
        second.duration_ms,
        second.attempts,
    )


def test_a_fail_state_is_never_left() -> None:
    """AWS writes no exit event for it."""
    (visit,) = follow.visits(events(entered("FailState", "Fail", 5), other("ExecutionFailed", 6)))
    assert (None, None) == (visit.exited_at, visit.duration_ms)


def test_retries_are_counted() -> None:
    """Each scheduling of the state's task is an attempt, whichever integration it uses."""
    (visit,) = follow.visits(
        events(
            entered("ResizeImage", "Task", 1),
            other("TaskScheduled"),
            other("TaskFailed"),
            other("LambdaFunctionScheduled"),
        )
    )
    assert 2 == visit.attempts


def test_a_state_that_is_entered_twice_is_visited_twice() -> None:
    """A loop's exits belong to its latest entries."""
    given = [
        event
        for ms in (0, 100)
        for event in (entered("Again", "Pass", ms), exited("Again", "Pass", ms + 10 + ms))
    ]
    assert [10.0, 110.0] == [visit.duration_ms for visit in follow.visits(events(*given))]


def test_request_ids_are_those_of_all_invocations_that_answered() -> None:
    """Well or not, in order; `trace_ids` knows where each event has its own."""
    given = events(
        other("ExecutionStarted"),
        other("TaskFailed", taskFailedEventDetails={"cause": '{"requestId": "r1"}'}),
        other("TaskSucceeded", taskSucceededEventDetails={"output": '"text"'}),
        other(
            "TaskSucceeded",
            taskSucceededEventDetails={"output": '{"SdkResponseMetadata": {"RequestId": "r2"}}'},
        ),
    )
    assert ("r1", "r2") == follow.request_ids(given)


def test_pauses_grow_up_to_the_longest() -> None:
    """A run of milliseconds is seen at once; a slow one is asked about ever less often."""
    pauses: list[float] = []
    pause = follow.growing_pause(pauses.append)
    for _ in range(40):
        pause(2.0)
    assert follow.FIRST_PAUSE_S == pauses[0]
    assert sorted(pauses) == pauses
    assert 2.0 == pauses[-1]


def test_pauses_never_pass_the_deadline() -> None:
    """What `until` asks for is the most that is slept."""
    pauses: list[float] = []
    follow.growing_pause(pauses.append)(0.001)
    assert [0.001] == pauses


def test_an_execution_is_followed_to_its_end(aws: Aws, stepfunctions: Stubber) -> None:
    """Status, output and the states entered are told; each status seen is passed on."""
    stepfunctions.add_response("describe_execution", described("RUNNING"))
    stepfunctions.add_response("describe_execution", described("RUNNING"))
    stepfunctions.add_response(
        "describe_execution", described("SUCCEEDED", stopDate=at(70), output='{"success": true}')
    )
    stepfunctions.add_response(
        "get_execution_history",
        {"events": [entered("ResizeImage", "Task", 1), exited("ResizeImage", "Task", 9)]},
    )
    seen: list[str] = []
    report = follow.to_end(aws, ARN, on_status=seen.append)
    assert report.succeeded
    assert (("ResizeImage",), 70.0) == (report.path, report.duration_ms)
    assert ('{"key": "a"}', '{"success": true}') == (report.input, report.output)
    assert ["RUNNING", "SUCCEEDED"] == seen


def test_a_failed_execution_is_a_report_too(aws: Aws, stepfunctions: Stubber) -> None:
    """Error and cause are told; whether that is bad is the caller's to say."""
    last = described("FAILED", stopDate=at(5), error="NOT_FOUND", cause="there is no object 'a'")
    stepfunctions.add_response("describe_execution", last)
    stepfunctions.add_response("describe_execution", last)
    stepfunctions.add_response("get_execution_history", {"events": []})
    report = follow.to_end(aws, ARN)
    assert (False, "NOT_FOUND", "there is no object 'a'", None) == (
        report.succeeded,
        report.error,
        report.cause,
        report.output,
    )


def test_a_long_history_is_read_whole(aws: Aws, stepfunctions: Stubber) -> None:
    """GetExecutionHistory gives at most a thousand events a page."""
    stepfunctions.add_response(
        "get_execution_history", {"events": [other("ExecutionStarted")], "nextToken": "more"}
    )
    stepfunctions.add_response(
        "get_execution_history",
        {"events": [other("ExecutionFailed")]},
        {"executionArn": ARN, "nextToken": "more"},
    )
    assert ["ExecutionStarted", "ExecutionFailed"] == [
        event["type"] for event in follow.history(aws, ARN)
    ]


def test_an_execution_that_is_not_known_yet_is_waited_for(aws: Aws, stepfunctions: Stubber) -> None:
    """StartExecution is eventually consistent on AWS."""
    done = described("SUCCEEDED", stopDate=at(5), output=json.dumps({}))
    stepfunctions.add_client_error("describe_execution", "ExecutionDoesNotExist")
    stepfunctions.add_response("describe_execution", done)
    stepfunctions.add_response("describe_execution", done)
    stepfunctions.add_response("get_execution_history", {"events": []})
    assert follow.to_end(aws, ARN).succeeded


def test_an_execution_that_stays_unknown_is_named(
    aws: Aws, stepfunctions: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong ARN ends in an error that holds it."""
    monkeypatch.setattr(follow, "KNOWN_WITHIN_S", 0)
    stepfunctions.add_client_error("describe_execution", "ExecutionDoesNotExist")
    with pytest.raises(WaitTimeout, match=f"a known execution {ARN}"):
        follow.to_end(aws, ARN)


def test_at_the_deadline_the_last_status_is_told(aws: Aws, stepfunctions: Stubber) -> None:
    """An execution that hangs is an error, not a command that hangs."""
    stepfunctions.add_response("describe_execution", described("RUNNING"))
    stepfunctions.add_response("describe_execution", described("RUNNING"))
    with pytest.raises(waiting.WaitTimeout, match="within 0 s; last seen: status RUNNING"):
        follow.to_end(aws, ARN, timeout_s=0)
