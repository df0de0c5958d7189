"""IAM and STS: what they say, and how their keys look."""

from __future__ import annotations

import json
import uuid

import pytest
import requests

from tests.conftest import Emulator

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
)


def test_what_is_not_there_is_said_in_iam_s_words(emulator: Emulator) -> None:
    """Of roles and groups; LocalStack says it so of users alone."""
    iam = emulator.aws.iam
    with pytest.raises(iam.exceptions.NoSuchEntityException) as role:
        iam.get_role(RoleName="no")
    assert "The role with name no cannot be found." == role.value.response["Error"]["Message"]
    with pytest.raises(iam.exceptions.NoSuchEntityException) as group:
        iam.get_group(GroupName="no")
    assert "The group with name no cannot be found." == group.value.response["Error"]["Message"]


def test_keys_begin_as_aws_s(emulator: Emulator) -> None:
    """AKIA for a user's, ASIA for a session's."""
    name = f"u-{uuid.uuid4().hex[:12]}"
    emulator.aws.iam.create_user(UserName=name)
    key = emulator.aws.iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]
    assert key.startswith("AKIA")
    emulator.aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    given = emulator.aws.sts.assume_role(
        RoleArn=f"arn:aws:iam::000000000000:role/{name}", RoleSessionName="cup"
    )
    assert given["Credentials"]["AccessKeyId"].startswith("ASIA")


@pytest.mark.parametrize("key", ["AKIAIOSFODNN7EXAMPLE", "ASIARZPUZDIKGB2VALC4"])
def test_a_key_of_somebody_s_own_leads_to_no_other_account(emulator: Emulator, key: str) -> None:
    """The second is one of 123456789012's: what is here stays where it is."""
    signed = (
        f"AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/sts/aws4_request, "
        "SignedHeaders=host, Signature=0"
    )
    found = requests.post(
        emulator.endpoint,
        data={"Action": "GetCallerIdentity", "Version": "2011-06-15"},
        headers={"Authorization": signed},
        timeout=10,
    )
    assert "<Account>000000000000</Account>" in found.text
