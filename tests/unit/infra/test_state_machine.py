import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from infra import state_machine
from infra.change import Change, Ensured
from testbed.aws import Aws
from testbed.errors import ProvisioningError
from tests.unit.infra.conftest import Answers

ARN = "arn:aws:states:ca-central-1:123456789012:stateMachine:M"
ROLE = "arn:aws:iam::123456789012:role/R"
DEFINITION = '{"StartAt": "A", "States": {}}'
OURS = {"tags": [{"key": "made-by", "value": "image-pipeline-testbed"}]}
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def ensure(aws: Aws) -> Ensured:
    return state_machine.ensure(
        aws.stepfunctions, "M", arn=ARN, role_arn=ROLE, definition=DEFINITION
    )


def is_there(sfn: Stubber, **changed: Any) -> None:
    fields = {
        "stateMachineArn": ARN,
        "name": "M",
        "status": "ACTIVE",
        "definition": DEFINITION,
        "roleArn": ROLE,
        "type": "STANDARD",
        "creationDate": NOW,
    }
    sfn.add_response("describe_state_machine", fields | changed, {"stateMachineArn": ARN})


def is_absent(sfn: Stubber) -> None:
    sfn.add_client_error("describe_state_machine", "StateMachineDoesNotExist")


def is_made(sfn: Stubber) -> None:
    asked = {
        "name": "M",
        "type": "STANDARD",
        "roleArn": ROLE,
        "definition": DEFINITION,
        "tags": OURS["tags"],
    }
    made = {"stateMachineArn": ARN, "creationDate": NOW}
    sfn.add_response("create_state_machine", made, asked)
    is_there(sfn)


def test_a_missing_machine_is_made(aws: Aws, answers: Answers) -> None:
    """It is of type STANDARD, tagged, and there when the call returns."""
    sfn = answers(aws.stepfunctions)
    is_absent(sfn)
    is_made(sfn)
    assert Ensured(Change.CREATED, ARN) == ensure(aws)


def test_a_machine_that_is_being_deleted_is_waited_for(aws: Aws, answers: Answers) -> None:
    """An apply right after a destroy makes a new one, it does not find the dying one."""
    sfn = answers(aws.stepfunctions)
    is_there(sfn, status="DELETING")
    is_there(sfn, status="DELETING")
    is_absent(sfn)
    is_made(sfn)
    assert Change.CREATED == ensure(aws).change


def test_a_role_that_step_functions_does_not_know_yet_is_waited_for(
    aws: Aws, answers: Answers
) -> None:
    """IAM is eventually consistent: the refusal right after CreateRole passes."""
    sfn = answers(aws.stepfunctions)
    is_absent(sfn)
    sfn.add_client_error(
        "create_state_machine",
        "AccessDeniedException",
        "Neither the global service principal states.amazonaws.com, nor the regional one is "
        "authorized to assume the provided role.",
    )
    is_made(sfn)
    assert Change.CREATED == ensure(aws).change


def test_the_layout_of_a_definition_is_no_difference(aws: Aws, answers: Answers) -> None:
    """The same JSON, laid out differently, is the same definition."""
    sfn = answers(aws.stepfunctions)
    is_there(sfn, definition=json.dumps(json.loads(DEFINITION), indent=4))
    sfn.add_response("list_tags_for_resource", OURS)
    assert Ensured(Change.UNCHANGED, ARN) == ensure(aws)


@pytest.mark.parametrize("differing", [{"definition": "{}"}, {"roleArn": ROLE + "2"}])
def test_another_definition_or_role_is_replaced_in_place(
    aws: Aws, answers: Answers, differing: dict[str, str]
) -> None:
    """The machine keeps its ARN and its executions."""
    sfn = answers(aws.stepfunctions)
    is_there(sfn, **differing)
    sfn.add_response("list_tags_for_resource", OURS)
    asked = {"stateMachineArn": ARN, "roleArn": ROLE, "definition": DEFINITION}
    sfn.add_response("update_state_machine", {"updateDate": NOW}, asked)
    assert Change.UPDATED == ensure(aws).change


def test_a_machine_of_someone_else_is_refused(aws: Aws, answers: Answers) -> None:
    """A machine without our tag is not touched."""
    sfn = answers(aws.stepfunctions)
    is_there(sfn)
    sfn.add_response("list_tags_for_resource", {"tags": []})
    with pytest.raises(ProvisioningError, match="state machine M exists already"):
        ensure(aws)


def test_destroy_waits_until_it_is_gone(aws: Aws, answers: Answers) -> None:
    """AWS deletes in the background; the name is free when the call returns."""
    sfn = answers(aws.stepfunctions)
    is_there(sfn)
    sfn.add_response("list_tags_for_resource", OURS)
    sfn.add_response("delete_state_machine", {}, {"stateMachineArn": ARN})
    is_there(sfn, status="DELETING")
    is_absent(sfn)
    assert Change.DESTROYED == state_machine.destroy(aws.stepfunctions, ARN)


def test_destroy_passes_over_what_is_not_there(aws: Aws, answers: Answers) -> None:
    """A destroy that was interrupted can be repeated."""
    is_absent(answers(aws.stepfunctions))
    assert Change.ABSENT == state_machine.destroy(aws.stepfunctions, ARN)


def test_destroy_keeps_a_machine_that_we_did_not_make(aws: Aws, answers: Answers) -> None:
    """Without our tag it stays."""
    sfn = answers(aws.stepfunctions)
    is_there(sfn)
    sfn.add_response("list_tags_for_resource", {"tags": []})
    assert Change.KEPT == state_machine.destroy(aws.stepfunctions, ARN)
