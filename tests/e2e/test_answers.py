"""What the API answers, each status with its body: the table of docs/api.md, tried out."""

from __future__ import annotations

import json
import uuid

import pytest
import requests

from runs import follow
from tests.e2e.client import Client

JSON = "application/json"
BAD_BODY = {
    "error": "INVALID_REQUEST",
    "message": "The body must be a JSON object with a string 'key' that is not empty.",
}
BAD_KEY = {
    "error": "INVALID_REQUEST",
    "message": "The header Idempotency-Key must be 1 to 80 of the characters A-Z, a-z, 0-9, - and "
    "_, alone or in double quotes.",
}


def post(
    client: Client, body: str, content_type: str | None = JSON, **more: str
) -> requests.Response:
    headers = {"Content-Type": content_type} if content_type else {}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    return requests.post(client.outputs.api_url, body.encode(), headers=headers, timeout=30)


@pytest.mark.parametrize("content_type", [JSON, f"{JSON}; charset=utf-8", None])
def test_json_is_taken(client: Client, content_type: str | None) -> None:
    """With and without a charset, and where no type is given."""
    answer = post(client, json.dumps({"key": client.key("missing.png")}), content_type)
    assert 200 == answer.status_code
    assert {"executionArn", "startDate"} == set(answer.json())


def test_a_bad_body_is_told_what_it_should_be(client: Client) -> None:
    """400, with a code and a message of the API's own."""
    answer = post(client, '{"key": ""}')
    assert (400, JSON, BAD_BODY) == (
        answer.status_code,
        answer.headers["Content-Type"],
        answer.json(),
    )


def test_a_body_that_step_functions_does_not_take_is_400(client: Client) -> None:
    """An execution's input has at most 262,144 bytes; AWS' own name for it is the error."""
    answer = post(client, json.dumps({"key": client.key("a.png"), "more": "x" * 262_144}))
    assert (400, "ValidationException") == (answer.status_code, answer.json()["error"])
    assert "262144" in answer.json()["message"]


def test_a_body_over_10_mb_is_413(client: Client) -> None:
    """API Gateway's own limit: it looks at nothing else of the body."""
    answer = post(client, json.dumps({"key": client.key("a.png"), "more": "x" * 10_485_760}))
    assert 413 == answer.status_code


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_another_content_type_is_415(client: Client, content_type: str) -> None:
    """`curl -d` without -H sends a form: the answer says that it is the type."""
    answer = post(client, json.dumps({"key": client.key("a.png")}), content_type)
    assert (415, {"message": "Unsupported Media Type"}) == (answer.status_code, answer.json())


def test_every_answer_can_be_traced(client: Client) -> None:
    """x-amzn-RequestId and x-amz-apigw-id, whatever the status."""
    answers = [post(client, "{}"), post(client, "{}", "text/plain")]
    answers.append(post(client, json.dumps({"key": client.key("missing.png")})))
    assert [400, 415, 200] == [answer.status_code for answer in answers]
    for answer in answers:
        assert answer.headers["x-amzn-RequestId"]
        assert answer.headers["x-amz-apigw-id"]


def test_a_key_names_its_execution_and_starts_no_other(client: Client) -> None:
    """However often it is sent: 200 or, when that has ended, 409, with the same ARN in both."""
    body, key = json.dumps({"key": client.key("missing.png")}), uuid.uuid4().hex
    first = post(client, body, Idempotency_Key=key)
    assert 200 == first.status_code, first.text
    arn = first.json()["executionArn"]
    assert arn.endswith(f":{key}")
    follow.to_end(client.aws, arn)
    again = post(client, body, idempotency_key=f'"{key}"')
    found = again.json()
    assert (409, "ExecutionAlreadyExists", arn) == (
        again.status_code,
        found["error"],
        found["executionArn"],
    )
    assert {"error", "message", "executionArn"} == set(found)
    assert 1 == len([one for one in client.executions() if one.endswith(f":{key}")])


def test_a_key_of_another_request_is_409(client: Client) -> None:
    """With the ARN, whose input is the other request."""
    key, keys = uuid.uuid4().hex, [client.key("a.png"), client.key("b.png")]
    first, second = (post(client, json.dumps({"key": k}), Idempotency_Key=key) for k in keys)
    assert (200, 409) == (first.status_code, second.status_code)
    arn = second.json()["executionArn"]
    assert first.json()["executionArn"] == arn
    found = client.aws.stepfunctions.describe_execution(executionArn=arn)
    assert {"key": keys[0]} == json.loads(found["input"])


@pytest.mark.parametrize(
    "key", ["a" * 81, "two words", "a.b", '""', '", "stateMachineArn": "arn:x', "$input.body"]
)
def test_a_bad_key_is_told_what_it_should_be(client: Client, key: str) -> None:
    """400, and nothing is started."""
    before = client.executions()
    answer = post(client, json.dumps({"key": client.key("a.png")}), Idempotency_Key=key)
    assert (400, BAD_KEY) == (answer.status_code, answer.json())
    mine = [
        one
        for one in client.executions() - before
        if client.mark in str(client.aws.stepfunctions.describe_execution(executionArn=one))
    ]
    assert [] == mine
