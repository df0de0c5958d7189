from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from runs import follow
from testbed import waiting
from testbed.waiting import WaitTimeout

if TYPE_CHECKING:
    from botocore.stub import Stubber

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


def described(status: str, **more: Any) -> dict[str, Any]:
    return {
        "executionArn": ARN,
        "stateMachineArn": "arn:m",
        "status": status,
        "startDate": START,
        "input": '{"key": "a"}',
        **more,
    }


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
    report = follow.to_end(aws, ARN, on_look=lambda found: seen.append(found["status"]))
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
