from __future__ import annotations

import dataclasses
import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from client import repeat
from client.submit import NoAnswerError

if TYPE_CHECKING:
    from botocore.stub import Stubber

    from client.repeat import Repeat
    from runs.call import ApiResponse
    from testbed.aws import Aws
    from tests.unit.conftest import FakeApi

BODY = '{"key": "a"}'
ARN = "arn:aws:states:ca-central-1:000000000000:execution:M:k"
EXISTS = (409, json.dumps({"error": "ExecutionAlreadyExists", "executionArn": ARN}).encode())


class Patience:
    """Notes pauses instead of making them."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.told: list[Repeat] = []

    def post(self, aws: Aws, api: FakeApi, **more: Any) -> ApiResponse:
        return repeat.post(
            aws, api.outputs, BODY, sleep=self.pauses.append, told=self.told.append, **more
        )


def described(text: str) -> dict[str, Any]:
    return {
        "executionArn": ARN,
        "stateMachineArn": "arn:m",
        "status": "RUNNING",
        "startDate": 1,
        "input": text,
    }


def test_an_answer_is_not_asked_for_again(aws: Aws, api: FakeApi) -> None:
    """One POST, with a key of its own."""
    patience = Patience()
    answers = [patience.post(aws, api) for _ in range(2)]
    assert ["arn:e"] * 2 == [answer.execution_arn for answer in answers]
    assert (2, []) == (len(set(api.keys)), patience.pauses)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (None, "no answer"),
        ((429, b'{"message": "Too Many Requests"}'), "429 Too Many Requests"),
        ((502, b""), "502 Bad Gateway"),
        ((503, b""), "503 Service Unavailable"),
        ((504, b""), "504 Gateway Timeout"),
    ],
)
def test_what_may_pass_is_tried_again_with_the_same_key(
    aws: Aws, api: FakeApi, answer: tuple[int, bytes] | None, why: str
) -> None:
    """A lost answer, a throttled or busy gateway; each repeat is told."""
    api.first, patience = [answer, answer], Patience()
    assert "arn:e" == patience.post(aws, api).execution_arn
    assert (3, 1) == (len(api.keys), len(set(api.keys)))
    assert [1, 2] == [one.number for one in patience.told]
    assert all(why in str(one) for one in patience.told), list(map(str, patience.told))
    assert [one.pause_s for one in patience.told] == patience.pauses


@pytest.mark.parametrize("status", [400, 403, 413, 415, 500])
def test_a_refusal_is_an_answer(aws: Aws, api: FakeApi, status: int) -> None:
    """The same request gets it again."""
    api.status, api.body = status, b"{}"
    assert status == Patience().post(aws, api).status
    assert 1 == len(api.keys)


def test_repeats_have_an_end(aws: Aws, api: FakeApi) -> None:
    """The last answer, or that there was none."""
    api.status = 503
    assert 503 == Patience().post(aws, api).status
    assert repeat.ATTEMPTS == len(api.keys)
    api.first = [None] * repeat.ATTEMPTS
    with pytest.raises(NoAnswerError, match=r"(?s)got no answer .* 6 times, .*Idempotency-Key"):
        Patience().post(aws, api, key="k")


def test_pauses_grow_up_to_a_bound_at_random() -> None:
    """Many clients whose answers were lost at once do not come back at once."""
    longest = list(itertools.islice(repeat.pauses(lambda _low, high: high), 6))
    assert [0.5, 1, 2, 4, 8, 8] == longest
    assert [0] * 6 == list(itertools.islice(repeat.pauses(lambda low, _high: low), 6))
    one, other = (list(itertools.islice(repeat.pauses(), 6)) for _ in range(2))
    assert one != other


def test_a_key_that_is_given_is_used(aws: Aws, api: FakeApi) -> None:
    """Who repeats later, or from elsewhere, keeps it."""
    Patience().post(aws, api, key="mine")
    assert ['"mine"'] == api.keys


@pytest.mark.parametrize("body", [BODY, BODY.encode()])
def test_an_execution_of_the_key_and_this_input_was_accepted_before(
    aws: Aws, api: FakeApi, stepfunctions: Stubber, body: str | bytes
) -> None:
    """The answer was lost, the execution has ended: the request goes on with it."""
    api.first = [None, EXISTS]
    stepfunctions.add_response("describe_execution", described(BODY), {"executionArn": ARN})
    answer = repeat.post(aws, api.outputs, body, sleep=lambda _: None)
    assert (409, True, ARN) == (answer.status, answer.accepted_before, answer.execution_arn)


def test_an_execution_of_the_key_and_another_input_is_a_refusal(
    aws: Aws, api: FakeApi, stepfunctions: Stubber
) -> None:
    """The key was somebody else's: nothing of theirs is taken for this request's."""
    api.first = [EXISTS]
    stepfunctions.add_response("describe_execution", described('{"key": "b"}'))
    answer = Patience().post(aws, api, key="taken")
    assert not answer.has_started
    assert ("ExecutionAlreadyExists", ARN) == (answer.refusal[0], answer.existing_arn)


def test_a_repeat_tells_what_is_next(api: FakeApi, aws: Aws) -> None:
    """In a line for a person."""
    api.first, patience = [(503, b"")], Patience()
    patience.post(aws, api)
    told = dataclasses.replace(patience.told[0], pause_s=0.25)
    assert "503 Service Unavailable; sent again with the same key in 0.2 s (2 of 6)" == str(told)
