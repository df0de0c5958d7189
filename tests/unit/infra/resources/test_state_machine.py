import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from infra import resource
from infra.resource import Cloud, Outcome
from infra.resources import state_machine
from infra.resources.state_machine import StateMachine
from testbed.errors import ProvisioningError
from tests.unit.infra.conftest import Answers

NAME = "ImageProcessingStateMachine"
ARN = f"arn:aws:states:ca-central-1:123456789012:stateMachine:{NAME}"
ROLE = "arn:aws:iam::123456789012:role/R"
DEFINITION = state_machine.definition(
    function_arn="arn:aws:lambda:ca-central-1:123456789012:function:ImageResizeFunction"
)
MACHINE = StateMachine(NAME, role="R", function="ImageResizeFunction")
OURS = {"tags": [{"key": "made-by", "value": "image-pipeline-testbed"}]}
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def is_there(sfn: Stubber, **changed: Any) -> None:
    fields = {
        "stateMachineArn": ARN,
        "name": NAME,
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
        "name": NAME,
        "type": "STANDARD",
        "roleArn": ROLE,
        "definition": DEFINITION,
        "tags": OURS["tags"],
    }
    made = {"stateMachineArn": ARN, "creationDate": NOW}
    sfn.add_response("create_state_machine", made, asked)
    is_there(sfn)


def test_a_missing_machine_is_made(answers: Answers, cloud: Cloud) -> None:
    """It is of type STANDARD, tagged, and there when the call returns."""
    sfn = answers(cloud.aws.stepfunctions)
    is_absent(sfn)
    is_absent(sfn)
    is_made(sfn)
    assert Outcome.CREATED == resource.settle(MACHINE, cloud)


def test_a_machine_that_is_being_deleted_is_waited_for(answers: Answers, cloud: Cloud) -> None:
    """An apply right after a destroy makes a new one, it does not find the dying one."""
    sfn = answers(cloud.aws.stepfunctions)
    is_there(sfn, status="DELETING")
    sfn.add_response("list_tags_for_resource", OURS)
    is_there(sfn, status="DELETING")
    is_absent(sfn)
    is_made(sfn)
    assert Outcome.CREATED == resource.settle(MACHINE, cloud)


def test_a_role_that_step_functions_does_not_know_yet_is_waited_for(
    answers: Answers, cloud: Cloud
) -> None:
    """IAM is eventually consistent: the refusal right after CreateRole passes."""
    sfn = answers(cloud.aws.stepfunctions)
    is_absent(sfn)
    is_absent(sfn)
    sfn.add_client_error(
        "create_state_machine",
        "AccessDeniedException",
        "Neither the global service principal states.amazonaws.com, nor the regional one is "
        "authorized to assume the provided role.",
    )
    is_made(sfn)
    assert Outcome.CREATED == resource.settle(MACHINE, cloud)


def test_the_layout_of_a_definition_is_no_difference(answers: Answers, cloud: Cloud) -> None:
    """The same JSON, laid out differently, is the same definition."""
    sfn = answers(cloud.aws.stepfunctions)
    is_there(sfn, definition=json.dumps(json.loads(DEFINITION), indent=4))
    sfn.add_response("list_tags_for_resource", OURS)
    assert Outcome.UNCHANGED == resource.settle(MACHINE, cloud)


@pytest.mark.parametrize("differing", [{"definition": "{}"}, {"roleArn": ROLE + "2"}])
def test_another_definition_or_role_is_replaced_in_place(
    answers: Answers, cloud: Cloud, differing: dict[str, str]
) -> None:
    """The machine keeps its ARN and its executions."""
    sfn = answers(cloud.aws.stepfunctions)
    is_there(sfn, **differing)
    sfn.add_response("list_tags_for_resource", OURS)
    asked = {"stateMachineArn": ARN, "roleArn": ROLE, "definition": DEFINITION}
    sfn.add_response("update_state_machine", {"updateDate": NOW}, asked)
    assert Outcome.UPDATED == resource.settle(MACHINE, cloud)


def test_a_machine_of_someone_else_is_refused(answers: Answers, cloud: Cloud) -> None:
    """A machine without our tag is not touched."""
    sfn = answers(cloud.aws.stepfunctions)
    is_there(sfn)
    sfn.add_response("list_tags_for_resource", {"tags": []})
    with pytest.raises(ProvisioningError, match=f"state machine {NAME} exists already"):
        resource.settle(MACHINE, cloud)


def test_destroy_waits_until_it_is_gone(answers: Answers, cloud: Cloud) -> None:
    """AWS deletes in the background; the name is free when the call returns."""
    sfn = answers(cloud.aws.stepfunctions)
    is_there(sfn)
    sfn.add_response("list_tags_for_resource", OURS)
    sfn.add_response("delete_state_machine", {}, {"stateMachineArn": ARN})
    is_there(sfn, status="DELETING")
    is_absent(sfn)
    assert Outcome.DESTROYED == resource.remove(MACHINE, cloud)


def test_destroy_passes_over_what_is_not_there(answers: Answers, cloud: Cloud) -> None:
    """A destroy that was interrupted can be repeated."""
    is_absent(answers(cloud.aws.stepfunctions))
    assert Outcome.ABSENT == resource.remove(MACHINE, cloud)


def test_destroy_keeps_a_machine_that_we_did_not_make(answers: Answers, cloud: Cloud) -> None:
    """Without our tag it stays."""
    sfn = answers(cloud.aws.stepfunctions)
    is_there(sfn)
    sfn.add_response("list_tags_for_resource", {"tags": []})
    assert Outcome.KEPT == resource.remove(MACHINE, cloud)


def test_a_machine_is_asked_for_by_its_own_name(answers: Answers, cloud: Cloud) -> None:
    """A second machine in the stack is not taken for the first."""
    sfn = answers(cloud.aws.stepfunctions)
    arn = "arn:aws:states:ca-central-1:123456789012:stateMachine:Other"
    sfn.add_client_error(
        "describe_state_machine",
        "StateMachineDoesNotExist",
        expected_params={"stateMachineArn": arn},
    )
    other = StateMachine("Other", role="R", function="F")
    assert Outcome.ABSENT == resource.remove(other, cloud)
