"""SimulateCustomPolicy and SimulatePrincipalPolicy (IAM API Reference)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.iam.conftest import ACCOUNT, People, document

READS = document({"Action": "s3:Get*", "Resource": "arn:aws:s3:::tea/*"})
READS_MILK = document({"Action": "s3:*", "Resource": "arn:aws:s3:::milk/*"})
DENIES = document({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"})
ASKED: dict[str, Any] = {
    "ActionNames": ["s3:GetObject", "s3:PutObject"],
    "ResourceArns": ["arn:aws:s3:::tea/a", "arn:aws:s3:::milk/a"],
}


def decisions(answer: Any) -> list[str]:
    return [each["EvalDecision"] for each in answer["EvaluationResults"]]


def test_a_policy_is_simulated_for_each_action_and_resource(people: People) -> None:
    """With the statement that decides."""
    found = people.aws.iam.simulate_custom_policy(PolicyInputList=[READS], **ASKED)
    assert ["allowed", *["implicitDeny"] * 3] == decisions(found)
    first = found["EvaluationResults"][0]
    assert ("s3:GetObject", "arn:aws:s3:::tea/a") == (
        first["EvalActionName"],
        first["EvalResourceName"],
    )
    assert ["PolicyInputList.1"] == [s["SourcePolicyId"] for s in first["MatchedStatements"]]


def test_a_deny_is_explicit(people: People) -> None:
    """And wins."""
    found = people.aws.iam.simulate_custom_policy(PolicyInputList=[READS, DENIES], **ASKED)
    assert ["explicitDeny", "explicitDeny", "implicitDeny", "implicitDeny"] == decisions(found)


def test_a_boundary_and_conditions_count(people: People) -> None:
    """ContextEntries are the keys that conditions are asked with."""
    conditional = document(
        {
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:RequestedRegion": "ca-central-1"}},
        }
    )
    one: dict[str, Any] = {
        "ActionNames": ["s3:GetObject"],
        "ResourceArns": ["arn:aws:s3:::tea/a"],
        "PolicyInputList": [conditional],
    }
    here: Any = [
        {
            "ContextKeyName": "aws:RequestedRegion",
            "ContextKeyType": "string",
            "ContextKeyValues": ["ca-central-1"],
        }
    ]
    simulate = people.aws.iam.simulate_custom_policy
    assert ["implicitDeny"] == decisions(simulate(**one))
    assert ["allowed"] == decisions(simulate(**one, ContextEntries=here))
    bounded = simulate(**one, ContextEntries=here, PermissionsBoundaryPolicyInputList=[READS_MILK])
    assert ["implicitDeny"] == decisions(bounded)
    (result,) = bounded["EvaluationResults"]
    assert {"AllowedByPermissionsBoundary": False} == result["PermissionsBoundaryDecisionDetail"]


def test_what_is_no_policy_is_refused(people: People) -> None:
    """InvalidInput."""
    invalid = people.aws.iam.exceptions.InvalidInputException
    with pytest.raises(invalid):
        people.aws.iam.simulate_custom_policy(PolicyInputList=["{}"], **ASKED)


def test_a_principal_s_own_policies_are_simulated(people: People) -> None:
    """A user's, a role's; who is not there is not found."""
    statement = {"Action": "s3:Get*", "Resource": "arn:aws:s3:::tea/*"}
    user, _ = people.user(statement)
    for arn in (f"arn:aws:iam::{ACCOUNT}:user/{user}", people.role(statement)):
        found = people.aws.iam.simulate_principal_policy(PolicySourceArn=arn, **ASKED)
        assert ["allowed", *["implicitDeny"] * 3] == decisions(found)
    missing = people.aws.iam.exceptions.NoSuchEntityException
    with pytest.raises(missing, match="The role with name no cannot be found"):
        people.aws.iam.simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:role/no", **ASKED
        )
