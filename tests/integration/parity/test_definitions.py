"""What is wrong with a definition, as AWS says it; sources stand with each test."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.parity.conftest import PASS, ROLE, Machines

END = {"Type": "Pass", "End": True}
LOST = {"StartAt": "pass1", "States": {"pass1": {"Type": "Pass", "Next": "pass3"}, "pass2": END}}
LOST_ANSWER = (
    "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 "
    'at /States/pass1/Next, MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at '
    "/States/pass2'"
)
SYNC = {
    "StartAt": "Start",
    "States": {
        "Start": {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync",
            "End": True,
        }
    },
}
NO_SYNC = "Express state machine does not support '.sync' service integration"


def _jsonata(output: Any) -> dict[str, Any]:
    state = {"Type": "Pass", "Output": output, "End": True}
    return {"QueryLanguage": "JSONata", "StartAt": "Main", "States": {"Main": state}}


def _create(machines: Machines, definition: Any, kind: Any = "STANDARD") -> str:
    text = definition if isinstance(definition, str) else json.dumps(definition)
    return machines.aws.stepfunctions.create_state_machine(
        name=f"d-{uuid.uuid4().hex[:12]}", definition=text, roleArn=ROLE, type=kind
    )["stateMachineArn"]


def _validate(machines: Machines, definition: Any, **request: Any) -> dict[str, Any]:
    text = definition if isinstance(definition, str) else json.dumps(definition)
    answer: Any = machines.aws.stepfunctions.validate_state_machine_definition(
        definition=text, **request
    )
    return {name: answer[name] for name in ("result", "diagnostics", "truncated")}


@pytest.fixture
def express(machines: Machines) -> Iterator[str]:
    """An EXPRESS machine that gives back its input."""
    arn = _create(machines, PASS, "EXPRESS")
    yield arn
    machines.aws.stepfunctions.delete_state_machine(stateMachineArn=arn)


def test_a_target_that_is_not_there_is_refused(machines: Machines) -> None:
    """AWS's answer to this very definition, published (localstack issue 11978)."""
    with pytest.raises(ClientError) as refused:
        _create(machines, LOST)
    assert {"Code": "InvalidDefinition", "Message": LOST_ANSWER} == refused.value.response["Error"]


def test_an_update_is_refused_alike_and_changes_nothing(machines: Machines, machine: str) -> None:
    """UpdateStateMachine: InvalidDefinition (API reference)."""
    states = machines.aws.stepfunctions
    with pytest.raises(ClientError) as refused:
        states.update_state_machine(stateMachineArn=machine, definition=json.dumps(LOST))
    assert {"Code": "InvalidDefinition", "Message": LOST_ANSWER} == refused.value.response["Error"]
    found = states.describe_state_machine(stateMachineArn=machine)["definition"]
    assert PASS == json.loads(found)


@pytest.mark.parametrize(
    ("definition", "answer"),
    [
        (
            {"StartAt": "Only"},
            "SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /",
        ),
        (
            {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}},
            "MISSING_END_STATE: Workflow has no terminal state at null",
        ),
        (
            _jsonata("{% 1 + %}"),
            "INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/Main/Output",
        ),
        (
            _jsonata("{% a[1,2) %}"),
            'INVALID_JSONATA_EXPRESSION: Expected "]", got "," at /States/Main/Output',
        ),
        (
            _jsonata("{% /* no end %}"),
            "INVALID_JSONATA_EXPRESSION: Comment has no closing tag at /States/Main/Output",
        ),
        (
            _jsonata({"v": "{% phone %}"}),
            (
                "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not "
                "supported. at /States/Main/Output/v"
            ),
        ),
    ],
)
def test_other_mistakes_are_told_in_aws_words(
    machines: Machines, definition: dict[str, Any], answer: str
) -> None:
    """The first is recorded; the others are published with AWS's answers (floci, 2026).

    But for the comment's: its words are those of JSONata's reference implementation.
    """
    with pytest.raises(ClientError) as refused:
        _create(machines, definition)
    message = refused.value.response["Error"]["Message"]
    assert f"Invalid State Machine Definition: '{answer}'" == message


def test_an_express_machine_stays_one_when_it_is_updated(machines: Machines, express: str) -> None:
    """Express machines have no .sync (recorded for their creation)."""
    with pytest.raises(ClientError, match=r"does not support '\.sync' service integration"):
        machines.aws.stepfunctions.update_state_machine(
            stateMachineArn=express, definition=json.dumps(SYNC)
        )


@pytest.mark.parametrize(
    ("definition", "diagnostics"),
    [
        (PASS, []),
        (
            " ",
            [
                {
                    "severity": "ERROR",
                    "code": "SCHEMA_VALIDATION_FAILED",
                    "message": "Definition must be a valid JSON object",
                }
            ],
        ),
        (
            {},
            [
                {
                    "severity": "ERROR",
                    "code": "SCHEMA_VALIDATION_FAILED",
                    "message": "These fields are required: [States, StartAt]",
                    "location": "/",
                }
            ],
        ),
        (
            SYNC,
            [
                {
                    "severity": "ERROR",
                    "code": "SCHEMA_VALIDATION_FAILED",
                    "message": NO_SYNC,
                    "location": "/States/Start/Resource",
                }
            ],
        ),
    ],
)
def test_validation_gives_diagnostics(
    machines: Machines, definition: Any, diagnostics: list[dict[str, str]]
) -> None:
    """Recorded answers of ValidateStateMachineDefinition, of an EXPRESS machine."""
    answer = _validate(machines, definition, type="EXPRESS")
    result = "FAIL" if diagnostics else "OK"
    assert {"result": result, "diagnostics": diagnostics, "truncated": False} == answer


def test_as_many_diagnostics_as_are_asked_for(machines: Machines) -> None:
    """MaxResults, and truncated where there are more (API reference)."""
    answer = _validate(machines, LOST, maxResults=1)
    assert ["MISSING_TRANSITION_TARGET"] == [each["code"] for each in answer["diagnostics"]]
    assert answer["truncated"]
    assert not _validate(machines, LOST, maxResults=2)["truncated"]


def test_warnings_come_to_those_who_ask(machines: Machines) -> None:
    """Severity WARNING gives both, and warnings refuse nothing (API reference)."""
    state = {**END, "Parameters": {"key": "$.key"}}
    definition = {"StartAt": "Only", "States": {"Only": state}}
    assert [] == _validate(machines, definition)["diagnostics"]
    answer = _validate(machines, definition, severity="WARNING")
    told = [(each["severity"], each["code"]) for each in answer["diagnostics"]]
    assert ("OK", [("WARNING", "NO_DOLLAR")]) == (answer["result"], told)
    machines.make(definition)


def test_what_localstack_alone_cannot_read_is_said_to_be_its_own(machines: Machines) -> None:
    """A label with a blank: documented as refused, in words of AWS that nobody published."""
    state = {
        "Type": "Map",
        "Label": "a b",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            **PASS,
        },
        "End": True,
    }
    with pytest.raises(ClientError) as refused:
        _create(machines, {"StartAt": "All", "States": {"All": state}})
    assert (
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: LocalStack cannot read this: "
        "Label contains invalid character: ' ' at null'"
    ) == refused.value.response["Error"]["Message"]
