import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from infra import policies, resource, stack
from infra.account import Account
from infra.policies import Grants
from infra.resource import Cloud, Outcome
from infra.resources import role as roles
from testbed.errors import ProvisioningError
from tests.unit.infra.conftest import Answers

ROLE = stack.FUNCTION_ROLE
ARN = "arn:aws:iam::123456789012:role/ImageResizeFunctionRole"
OURS = [{"Key": "made-by", "Value": "image-pipeline-testbed"}]


@pytest.fixture
def grants(account: Account) -> Grants:
    return policies.function_role(account)


def described(grants: Grants, **changed: Any) -> dict[str, Any]:
    fields = {
        "Path": "/",
        "RoleName": ROLE.name,
        "RoleId": "AROAEXAMPLEEXAMPLE00",
        "Arn": ARN,
        "CreateDate": datetime(2026, 1, 1, tzinfo=UTC),
        "AssumeRolePolicyDocument": json.dumps(grants.trust),
        "Tags": OURS,
    }
    return {"Role": fields | changed}


def permissions(iam: Stubber, document: object) -> None:
    answer = {
        "RoleName": ROLE.name,
        "PolicyName": roles.POLICY_NAME,
        "PolicyDocument": json.dumps(document),
    }
    iam.add_response("get_role_policy", answer)


def policies_on_it(iam: Stubber, inline: list[str], attached: list[str]) -> None:
    iam.add_response("list_role_policies", {"PolicyNames": inline})
    listed = [{"PolicyName": "p", "PolicyArn": arn} for arn in attached]
    iam.add_response("list_attached_role_policies", {"AttachedPolicies": listed})


def test_a_missing_role_is_made_with_its_policy(
    answers: Answers, cloud: Cloud, grants: Grants
) -> None:
    """Trust, tag and permissions are there from the start."""
    iam = answers(cloud.aws.iam)
    iam.add_client_error("get_role", "NoSuchEntity")
    asked = {
        "RoleName": ROLE.name,
        "Description": ROLE.description,
        "AssumeRolePolicyDocument": json.dumps(grants.trust),
        "Tags": OURS,
    }
    iam.add_response("create_role", described(grants), asked)
    put = {
        "RoleName": ROLE.name,
        "PolicyName": roles.POLICY_NAME,
        "PolicyDocument": json.dumps(grants.permissions),
    }
    iam.add_response("put_role_policy", {}, put)
    assert Outcome.CREATED == resource.settle(ROLE, cloud)


def test_a_role_as_wanted_is_only_read(answers: Answers, cloud: Cloud, grants: Grants) -> None:
    """Nothing is written when nothing differs, in whatever order IAM lists it."""
    iam = answers(cloud.aws.iam)
    iam.add_response("get_role", described(grants))
    backwards = {**grants.permissions, "Statement": grants.permissions["Statement"][::-1]}
    permissions(iam, backwards)
    policies_on_it(iam, [roles.POLICY_NAME], [])
    assert Outcome.UNCHANGED == resource.settle(ROLE, cloud)


def test_a_widened_trust_is_narrowed_again(answers: Answers, cloud: Cloud, grants: Grants) -> None:
    """Who may assume the role converges."""
    iam = answers(cloud.aws.iam)
    iam.add_response("get_role", described(grants, AssumeRolePolicyDocument="{}"))
    asked = {"RoleName": ROLE.name, "PolicyDocument": json.dumps(grants.trust)}
    permissions(iam, grants.permissions)
    policies_on_it(iam, [roles.POLICY_NAME], [])
    iam.add_response("update_assume_role_policy", {}, asked)
    assert Outcome.UPDATED == resource.settle(ROLE, cloud)


@pytest.mark.parametrize("found", [None, {"Statement": []}])
def test_missing_or_other_permissions_are_put_right(
    answers: Answers, cloud: Cloud, grants: Grants, found: object
) -> None:
    """A role that was half-made, or changed by hand, gets its policy."""
    iam = answers(cloud.aws.iam)
    iam.add_response("get_role", described(grants))
    if found is None:
        iam.add_client_error("get_role_policy", "NoSuchEntity")
    else:
        permissions(iam, found)
    policies_on_it(iam, [roles.POLICY_NAME], [])
    iam.add_response("put_role_policy", {})
    assert Outcome.UPDATED == resource.settle(ROLE, cloud)


def test_policies_of_others_are_taken_off(answers: Answers, cloud: Cloud, grants: Grants) -> None:
    """A role of least privilege allows what this project says and nothing beside it."""
    iam = answers(cloud.aws.iam)
    iam.add_response("get_role", described(grants))
    permissions(iam, grants.permissions)
    admin = "arn:aws:iam::aws:policy/AdministratorAccess"
    for _ in ("seen", "taken off"):
        policies_on_it(iam, ["extra", roles.POLICY_NAME], [admin])
    iam.add_response("delete_role_policy", {}, {"RoleName": ROLE.name, "PolicyName": "extra"})
    iam.add_response("detach_role_policy", {}, {"RoleName": ROLE.name, "PolicyArn": admin})
    assert Outcome.UPDATED == resource.settle(ROLE, cloud)


def test_a_role_of_someone_else_is_refused(answers: Answers, cloud: Cloud, grants: Grants) -> None:
    """A role without our tag is not touched."""
    answers(cloud.aws.iam).add_response("get_role", described(grants, Tags=[]))
    with pytest.raises(ProvisioningError, match="role ImageResizeFunctionRole exists already"):
        resource.settle(ROLE, cloud)


def test_destroy_takes_the_policies_off_first(
    answers: Answers, cloud: Cloud, grants: Grants
) -> None:
    """IAM deletes no role that still has policies."""
    iam = answers(cloud.aws.iam)
    iam.add_response("get_role", described(grants))
    policies_on_it(iam, [roles.POLICY_NAME], [])
    iam.add_response("delete_role_policy", {})
    iam.add_response("delete_role", {}, {"RoleName": ROLE.name})
    assert Outcome.DESTROYED == resource.remove(ROLE, cloud)


def test_destroy_passes_over_what_is_not_there(answers: Answers, cloud: Cloud) -> None:
    """A destroy that was interrupted can be repeated."""
    answers(cloud.aws.iam).add_client_error("get_role", "NoSuchEntity")
    assert Outcome.ABSENT == resource.remove(ROLE, cloud)


def test_destroy_keeps_a_role_that_we_did_not_make(
    answers: Answers, cloud: Cloud, grants: Grants
) -> None:
    """Without our tag it stays."""
    answers(cloud.aws.iam).add_response("get_role", described(grants, Tags=[]))
    assert Outcome.KEPT == resource.remove(ROLE, cloud)
