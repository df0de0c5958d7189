import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from infra import policies, roles
from infra.change import Change, Ensured
from infra.place import Place
from infra.policies import Role
from testbed.aws import Aws
from testbed.errors import ProvisioningError
from tests.unit.infra.conftest import Answers

ARN = "arn:aws:iam::123456789012:role/ImageResizeFunctionRole"
OURS = [{"Key": "made-by", "Value": "image-pipeline-testbed"}]


@pytest.fixture
def role(place: Place) -> Role:
    return policies.function_role(place)


def described(role: Role, **changed: Any) -> dict[str, Any]:
    fields = {
        "Path": "/",
        "RoleName": role.name,
        "RoleId": "AROAEXAMPLEEXAMPLE00",
        "Arn": ARN,
        "CreateDate": datetime(2026, 1, 1, tzinfo=UTC),
        "AssumeRolePolicyDocument": json.dumps(role.trust),
        "Tags": OURS,
    }
    return {"Role": fields | changed}


def permissions(iam: Stubber, role: Role, document: object) -> None:
    answer = {
        "RoleName": role.name,
        "PolicyName": roles.POLICY_NAME,
        "PolicyDocument": json.dumps(document),
    }
    iam.add_response("get_role_policy", answer)


def policies_on_it(iam: Stubber, inline: list[str], attached: list[str]) -> None:
    iam.add_response("list_role_policies", {"PolicyNames": inline})
    listed = [{"PolicyName": "p", "PolicyArn": arn} for arn in attached]
    iam.add_response("list_attached_role_policies", {"AttachedPolicies": listed})


def test_a_missing_role_is_made_with_its_policy(aws: Aws, answers: Answers, role: Role) -> None:
    """Trust, tag and permissions are there from the start."""
    iam = answers(aws.iam)
    iam.add_client_error("get_role", "NoSuchEntity")
    asked = {
        "RoleName": role.name,
        "Description": role.description,
        "AssumeRolePolicyDocument": json.dumps(role.trust),
        "Tags": OURS,
    }
    iam.add_response("create_role", described(role), asked)
    put = {
        "RoleName": role.name,
        "PolicyName": roles.POLICY_NAME,
        "PolicyDocument": json.dumps(role.permissions),
    }
    iam.add_response("put_role_policy", {}, put)
    assert Ensured(Change.CREATED, ARN) == roles.ensure(aws.iam, role)


def test_a_role_as_wanted_is_only_read(aws: Aws, answers: Answers, role: Role) -> None:
    """Nothing is written when nothing differs, in whatever order IAM lists it."""
    iam = answers(aws.iam)
    iam.add_response("get_role", described(role))
    backwards = {**role.permissions, "Statement": role.permissions["Statement"][::-1]}
    permissions(iam, role, backwards)
    policies_on_it(iam, [roles.POLICY_NAME], [])
    assert Ensured(Change.UNCHANGED, ARN) == roles.ensure(aws.iam, role)


def test_a_widened_trust_is_narrowed_again(aws: Aws, answers: Answers, role: Role) -> None:
    """Who may assume the role converges."""
    iam = answers(aws.iam)
    iam.add_response("get_role", described(role, AssumeRolePolicyDocument="{}"))
    asked = {"RoleName": role.name, "PolicyDocument": json.dumps(role.trust)}
    iam.add_response("update_assume_role_policy", {}, asked)
    permissions(iam, role, role.permissions)
    policies_on_it(iam, [roles.POLICY_NAME], [])
    assert Change.UPDATED == roles.ensure(aws.iam, role).change


@pytest.mark.parametrize("found", [None, {"Statement": []}])
def test_missing_or_other_permissions_are_put_right(
    aws: Aws, answers: Answers, role: Role, found: object
) -> None:
    """A role that was half-made, or changed by hand, gets its policy."""
    iam = answers(aws.iam)
    iam.add_response("get_role", described(role))
    if found is None:
        iam.add_client_error("get_role_policy", "NoSuchEntity")
    else:
        permissions(iam, role, found)
    iam.add_response("put_role_policy", {})
    policies_on_it(iam, [roles.POLICY_NAME], [])
    assert Change.UPDATED == roles.ensure(aws.iam, role).change


def test_policies_of_others_are_taken_off(aws: Aws, answers: Answers, role: Role) -> None:
    """A role of least privilege allows what this project says and nothing beside it."""
    iam = answers(aws.iam)
    iam.add_response("get_role", described(role))
    permissions(iam, role, role.permissions)
    admin = "arn:aws:iam::aws:policy/AdministratorAccess"
    policies_on_it(iam, ["extra", roles.POLICY_NAME], [admin])
    iam.add_response("delete_role_policy", {}, {"RoleName": role.name, "PolicyName": "extra"})
    iam.add_response("detach_role_policy", {}, {"RoleName": role.name, "PolicyArn": admin})
    assert Change.UPDATED == roles.ensure(aws.iam, role).change


def test_a_role_of_someone_else_is_refused(aws: Aws, answers: Answers, role: Role) -> None:
    """A role without our tag is not touched."""
    answers(aws.iam).add_response("get_role", described(role, Tags=[]))
    with pytest.raises(ProvisioningError, match="role ImageResizeFunctionRole exists already"):
        roles.ensure(aws.iam, role)


def test_destroy_takes_the_policies_off_first(aws: Aws, answers: Answers, role: Role) -> None:
    """IAM deletes no role that still has policies."""
    iam = answers(aws.iam)
    iam.add_response("get_role", described(role))
    policies_on_it(iam, [roles.POLICY_NAME], [])
    iam.add_response("delete_role_policy", {})
    iam.add_response("delete_role", {}, {"RoleName": role.name})
    assert Change.DESTROYED == roles.destroy(aws.iam, role.name)


def test_destroy_passes_over_what_is_not_there(aws: Aws, answers: Answers) -> None:
    """A destroy that was interrupted can be repeated."""
    answers(aws.iam).add_client_error("get_role", "NoSuchEntity")
    assert Change.ABSENT == roles.destroy(aws.iam, "R")


def test_destroy_keeps_a_role_that_we_did_not_make(aws: Aws, answers: Answers, role: Role) -> None:
    """Without our tag it stays."""
    answers(aws.iam).add_response("get_role", described(role, Tags=[]))
    assert Change.KEPT == roles.destroy(aws.iam, role.name)
