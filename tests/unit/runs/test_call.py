from __future__ import annotations

import dataclasses
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
    assert "not known here: $input.params" == call.rendered_note


def test_the_key_that_was_sent_is_in_the_rendering(outputs: Outputs) -> None:
    """As the execution's name; who sent the POST knows all of it."""
    response = dataclasses.replace(RESPONSE, request_headers={"Idempotency-Key": '"k"'})
    call = api_call.observed(outputs, response, "{}", TEMPLATE)
    expected = {"stateMachineArn": ARN, "name": "k", "input": "{}"}
    assert expected == json.loads(call.rendered or "")
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


EXISTS = '{"error": "ExecutionAlreadyExists", "message": "m", "executionArn": "arn:e"}'


def test_a_conflict_names_the_execution_of_the_key(outputs: Outputs) -> None:
    """It is a refusal until somebody knows that it is the same request's."""
    refused = dataclasses.replace(RESPONSE, status=409, body=EXISTS)
    assert ("arn:e", False) == (refused.existing_arn, refused.has_started)
    known = dataclasses.replace(refused, accepted_before=True)
    assert (True, "arn:e") == (known.has_started, known.execution_arn)
    assert api_call.BEFORE == api_call.observed(outputs, known, "{}", None).note


@pytest.mark.parametrize(("status", "body"), [(200, EXISTS), (409, "<html>"), (409, "{}")])
def test_no_other_answer_names_an_existing_execution(status: int, body: str) -> None:
    """A 200 names one that was started; another 409 names none."""
    assert None is dataclasses.replace(RESPONSE, status=status, body=body).existing_arn
