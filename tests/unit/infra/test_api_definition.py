"""What the API promises to its clients, read from its definition."""

import dataclasses
import re
from typing import Any

import pytest

from infra.api_definition import MODEL, ApiDefinition, api_definition


@pytest.fixture
def definition() -> ApiDefinition:
    return api_definition(
        integration_uri="arn:aws:apigateway:ca-central-1:states:action/StartExecution",
        role_arn="arn:aws:iam::123456789012:role/R",
        state_machine_arn="arn:aws:states:ca-central-1:123456789012:stateMachine:M",
    )


def status_for(definition: ApiDefinition, aws_status: str) -> str:
    """The client's status for AWS's, chosen as API Gateway does."""
    patterns: dict[Any, str] = {
        mapped.get("selectionPattern"): status for status, mapped in definition.responses.items()
    }
    default = patterns.pop(None)
    return next((status for p, status in patterns.items() if re.fullmatch(p, aws_status)), default)


@pytest.mark.parametrize(
    ("aws_status", "expected"), [("200", "200"), ("400", "400"), ("413", "400"), ("503", "500")]
)
def test_errors_of_start_execution_are_not_sent_as_success(
    definition: ApiDefinition, aws_status: str, expected: str
) -> None:
    """With a default answer alone, API Gateway would send every error as 200."""
    assert expected == status_for(definition, aws_status)


def test_success_is_the_answer_of_aws(definition: ApiDefinition) -> None:
    """No template: executionArn and startDate pass through as they are."""
    assert {} == definition.responses["200"]


def test_only_json_gets_through(definition: ApiDefinition) -> None:
    """A body of another type gets 415; it is never passed on unmapped."""
    integration = definition.integration()
    assert ["application/json"] == list(integration["requestTemplates"])
    assert "NEVER" == integration["passthroughBehavior"]


def test_a_key_is_all_that_the_model_asks_for() -> None:
    """Other fields are the function's to judge: its refusals show in the execution."""
    assert "object" == MODEL["type"]
    assert ["key"] == MODEL["required"]
    assert {"key": {"type": "string", "minLength": 1}} == MODEL["properties"]
    assert "additionalProperties" not in MODEL


def test_any_change_gives_another_fingerprint(definition: ApiDefinition) -> None:
    """The fingerprint decides on a deployment, so nothing may be missing from it."""
    changes = [
        {"integration_uri": "x"},
        {"credentials": "x"},
        {"request_template": "x"},
        {"responses": {}},
    ]
    others = [dataclasses.replace(definition, **change) for change in changes]  # type: ignore[arg-type]  # a table
    fingerprints = {each.fingerprint() for each in (definition, *others)}
    assert 1 + len(changes) == len(fingerprints)
    assert definition.fingerprint() == dataclasses.replace(definition).fingerprint()
