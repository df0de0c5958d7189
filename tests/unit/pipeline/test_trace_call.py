from __future__ import annotations

import json

import pytest

from infra.api_definition import api_definition
from pipeline import trace_call
from pipeline.submit import Answer
from pipeline.trace_model import Source

ARN = "arn:aws:states:ca-central-1:000000000000:stateMachine:M"
TEMPLATE = api_definition(
    integration_uri="uri", role_arn="role", state_machine_arn=ARN
).request_template


@pytest.mark.parametrize("body", ['{"key": "club2.png"}', '{"key": "bob\'s \\"x\\" ♣.png"}', "{}"])
def test_the_projects_own_template_is_rendered(body: str) -> None:
    """As API Gateway does it: the body, escaped into a JSON text."""
    rendered = trace_call.rendered(TEMPLATE, body)
    assert {"stateMachineArn": ARN, "input": body} == json.loads(rendered or "")


@pytest.mark.parametrize("template", [None, "$input.json('$.key')", "#set($a = 1){}"])
def test_a_template_that_is_not_understood_is_not_guessed(template: str | None) -> None:
    """The trace then shows the template alone."""
    assert None is trace_call.rendered(template, "{}")


def test_what_was_sent_here_is_observed() -> None:
    """With API Gateway's own request id."""
    answer = Answer(
        url="u", status=200, headers={"X-Amzn-RequestId": "r1"}, body="{}", elapsed_ms=1.5
    )
    call = trace_call.observed(answer, "{}", TEMPLATE)
    assert (Source.OBSERVED, 200, "r1", 1.5) == (
        call.source,
        call.status,
        call.request_id,
        call.elapsed_ms,
    )
