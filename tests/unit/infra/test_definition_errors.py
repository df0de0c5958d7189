from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra import definition_errors
from testbed import settings
from testbed.aws import Aws
from testbed.errors import ProvisioningError
from tests.unit.infra.conftest import Answers

FILE = settings.ROOT / "statemachine" / "some.asl.json"
TEXT = json.dumps(
    {
        "StartAt": "Resize",
        "States": {"Resize": {"Type": "Pass", "Next": "Fale"}, "Fail": {"Type": "Fail"}},
    },
    indent=1,
)


def _refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "as it is"}}, "CreateStateMachine")


def _told(aws: Aws, error: ClientError) -> None:
    def call() -> None:
        raise error

    definition_errors.told(call, aws.stepfunctions, TEXT, FILE)


def _is_validated(answers: Answers, aws: Aws, *diagnostics: dict[str, str]) -> None:
    response: dict[str, Any] = {"result": "FAIL", "diagnostics": diagnostics, "truncated": False}
    asked = {"definition": TEXT}
    answers(aws.stepfunctions).add_response("validate_state_machine_definition", response, asked)


def test_each_mistake_is_told_with_its_line(answers: Answers, aws: Aws) -> None:
    """And what may have been meant, and what to do."""
    error = {"severity": "ERROR", "code": "MISSING_TRANSITION_TARGET"}
    lost = {"message": "Missing 'Next' target: Fale", "location": "/States/Resize/Next"}
    left = {"message": 'State "Fail" is not reachable.', "location": "/States/Fail"}
    nowhere = {"severity": "ERROR", "code": "MISSING_END_STATE", "message": "No end"}
    _is_validated(answers, aws, error | lost, error | left, nowhere)
    with pytest.raises(ProvisioningError) as told:
        _told(aws, _refused("InvalidDefinition"))
    assert [
        (
            "statemachine/some.asl.json:6: Missing 'Next' target: Fale - did you mean Fail? "
            "(MISSING_TRANSITION_TARGET at /States/Resize/Next)"
        ),
        (
            'statemachine/some.asl.json:8: State "Fail" is not reachable. '
            "(MISSING_TRANSITION_TARGET at /States/Fail)"
        ),
        "statemachine/some.asl.json:1: No end (MISSING_END_STATE at /)",
        definition_errors.MEND,
    ] == str(told.value).splitlines()


def test_a_refusal_that_validation_does_not_know_is_told_as_it_is(
    answers: Answers, aws: Aws
) -> None:
    """Some are only found when the machine is made."""
    _is_validated(answers, aws)
    with pytest.raises(ProvisioningError, match=r"statemachine/some\.asl\.json: as it is"):
        _told(aws, _refused("InvalidDefinition"))


def test_another_error_is_left_alone(aws: Aws) -> None:
    """It is not the definition's."""
    with pytest.raises(ClientError, match="AccessDenied"):
        _told(aws, _refused("AccessDenied"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{\n "a": 1\n "b": 2\n}', "3: no JSON at '\"b\": 2': Expecting ',' delimiter"),
        ('{\n "a": 1', "2: no JSON at 'the end': Expecting ',' delimiter"),
        ("", "1: no JSON at 'the end': Expecting value"),
    ],
)
def test_what_is_no_json_is_told_with_its_line(text: str, told: str, tmp_path: Path) -> None:
    """Before anybody is asked; a file elsewhere has its whole path."""
    file = tmp_path / "other.json"
    with pytest.raises(ProvisioningError) as refused:
        definition_errors.refuse_unreadable(text, file)
    assert f"{file}:{told}\n{definition_errors.MEND}" == str(refused.value)
