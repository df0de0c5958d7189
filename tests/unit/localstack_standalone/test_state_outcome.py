"""What is asked of TestState, and what is made of its answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localstack_standalone.state_outcome import StateOutcome, TestedMachine

MACHINE = {"StartAt": "Main", "States": {"Main": {"Type": "Succeed"}}}
ANSWER = {
    "status": "RETRIABLE",
    "error": "Busy",
    "inspectionData": {
        "input": '{"a": 1}',
        "maxConcurrency": 2,
        "errorDetails": {"retryIndex": 1, "retryBackoffIntervalSeconds": 4},
    },
}


class Client:
    """Notes what it is asked."""

    def test_state(self, **request: Any) -> dict[str, Any]:
        self.request = request
        return ANSWER


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, {}),
        ({"result": None}, {"mock": {"result": "null", "fieldValidationMode": "NONE"}}),
        ({"error": "Busy"}, {"mock": {"errorOutput": {"error": "Busy", "cause": ""}}}),
        (
            {"error": ("Busy", "why"), "retries": 2},
            {
                "mock": {"errorOutput": {"error": "Busy", "cause": "why"}},
                "stateConfiguration": {"retrierRetryCount": 2},
            },
        ),
        ({"variables": "{}"}, {"variables": "{}"}),
    ],
)
def test_a_mock_is_asked_for_where_one_is_given(given: Any, asked: Any) -> None:
    """Of a result, which may be null, and of an error with and without a cause."""
    client = Client()
    TestedMachine(client, MACHINE).run("Main", {"a": 1}, **given)
    always = {"definition", "stateName", "roleArn", "input", "inspectionLevel"}
    assert asked == {name: value for name, value in client.request.items() if name not in always}
    assert MACHINE == json.loads(client.request["definition"])


def test_the_outcome_has_data_in_place_of_texts() -> None:
    """And None for what the answer has not."""
    assert StateOutcome(
        status="RETRIABLE",
        output=None,
        next_state=None,
        error="Busy",
        cause=None,
        data={"input": {"a": 1}, "maxConcurrency": 2},
        retry_index=1,
        retry_after_s=4,
        catch_index=None,
    ) == TestedMachine(Client(), json.dumps(MACHINE)).run("Main")
