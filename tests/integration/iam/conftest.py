from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from testbed import names
from testbed.aws import Aws
from tests.support.testbeds import ForkTestbed, ProvisionedTestbed

REPORT = "/_localstack/standalone/iam"
ACCOUNT = "000000000000"


def change_to(endpoint: str, mode: str) -> None:
    """Have the emulator warn or enforce from now on."""
    requests.post(f"{endpoint}{REPORT}", json={"mode": mode}, timeout=10).raise_for_status()


@pytest.fixture(scope="session")
def enforcing(
    fork_testbed: ForkTestbed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ProvisionedTestbed]:
    """A testbed with the pipeline that refuses what AWS refuses."""
    with fork_testbed(tmp_path_factory.mktemp("enforcing") / "testbed") as forked:
        change_to(forked.endpoint, "enforce")
        yield forked


def document(*statements: dict[str, Any]) -> str:
    """A policy of *statements*; each allows where it says nothing."""
    listed = [{"Effect": "Allow", **statement} for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": listed})


TRUSTS_ALL = document({"Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})


@dataclasses.dataclass(frozen=True)
class People:
    """Users and sessions of roles, each with clients of their own."""

    aws: Aws
    endpoint: str

    def user(self, *statements: dict[str, Any], **more: Any) -> tuple[str, Any]:
        """The name of a new user with one policy, and what makes clients for it."""
        name = f"u-{uuid.uuid4().hex[:12]}"
        self.aws.iam.create_user(UserName=name, **more)
        if statements:
            self.aws.iam.put_user_policy(
                UserName=name, PolicyName="own", PolicyDocument=document(*statements)
            )
        key = self.aws.iam.create_access_key(UserName=name)["AccessKey"]
        return name, self.session(key)

    def role(self, *statements: dict[str, Any], trust: str = TRUSTS_ALL, **more: Any) -> str:
        """The ARN of a new role with one policy."""
        name = f"r-{uuid.uuid4().hex[:12]}"
        made = self.aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, **more)
        if statements:
            self.aws.iam.put_role_policy(
                RoleName=name, PolicyName="own", PolicyDocument=document(*statements)
            )
        return made["Role"]["Arn"]

    def assume(self, role: str, sts: Any = None, **more: Any) -> Any:
        """What makes clients for a session of *role*."""
        sts = sts or self.aws.sts
        given = sts.assume_role(RoleArn=role, RoleSessionName="cup", **more)["Credentials"]
        return self.session(given)

    def session(self, key: Any) -> Any:
        """What makes clients with *key*."""
        session = boto3.Session(
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
            aws_session_token=key.get("SessionToken"),
            region_name=names.REGION,
        )
        config = Config(
            s3={"addressing_style": "path"}, proxies={}, retries={"total_max_attempts": 1}
        )

        def client(service: str) -> Any:
            return session.client(
                service,  # type: ignore[call-overload]  # the stubs know constants only
                endpoint_url=self.endpoint,
                config=config,
            )

        return client


@pytest.fixture(scope="session")
def people(enforcing: ProvisionedTestbed) -> People:
    return People(enforcing.aws, enforcing.endpoint)


@pytest.fixture(scope="session")
def bucket(enforcing: ProvisionedTestbed) -> str:
    """A bucket of the administrator's, with a and b/c in it."""
    name = f"tea-{uuid.uuid4().hex[:12]}"
    s3 = enforcing.aws.s3
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"})
    for key in ("a", "b/c"):
        s3.put_object(Bucket=name, Key=key, Body=key.encode())
    return name
