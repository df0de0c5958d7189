from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from infra.api_definition import api_definition
from runs import call as api_call
from runs.call import ApiResponse
from runs.model import Source

if TYPE_CHECKING:
    from testbed.outputs import Outputs

ARN = "arn:aws:states:ca-central-1:000000000000:stateMachine:M"
TEMPLATE = api_definition(
    integration_uri="uri", role_arn="role", state_machine_arn=ARN
).request_template
RESPONSE = ApiResponse(
    url="u", status=200, headers={"X-Amzn-RequestId": "r1"}, body="{}", elapsed_ms=1.5
)


@pytest.mark.parametrize("body", ['{"key": "club2.png"}', '{"key": "bob\'s \\"x\\" ♣.png"}', "{}"])
def test_the_projects_own_template_is_rendered(outputs: Outputs, body: str) -> None:
    """As API Gateway does it: the body, escaped into a JSON text."""
    call = api_call.inferred(outputs, body, TEMPLATE)
    assert {"stateMachineArn": ARN, "input": body} == json.loads(call.rendered or "")
    assert not call.rendered_note


def test_without_a_template_nothing_is_rendered(outputs: Outputs) -> None:
    """An execution need not come by the API."""
    assert api_call.inferred(outputs, "{}", None).rendered is None


def test_what_was_sent_here_is_observed(outputs: Outputs) -> None:
    """With API Gateway's own request id."""
    call = api_call.observed(outputs, RESPONSE, "{}", TEMPLATE)
    assert (Source.OBSERVED, 200, "r1", 1.5) == (
        call.source,
        call.status,
        call.request_id,
        call.elapsed_ms,
    )


def test_a_template_sees_what_is_known_of_its_request(outputs: Outputs) -> None:
    """The request id is known to who sent it alone."""
    template = "$context.httpMethod $context.path of $context.accountId: $context.requestId"
    observed = api_call.observed(outputs, RESPONSE, "{}", template)
    assert "POST /prod/process of 000000000000: r1" == observed.rendered
    inferred = api_call.inferred(outputs, "{}", template)
    assert "POST /prod/process of 000000000000: $context.requestId" == inferred.rendered
    assert "not known here: $context.requestId" == inferred.rendered_note
