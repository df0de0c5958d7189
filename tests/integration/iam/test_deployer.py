"""The policy in docs/aws.md is enough to make the pipeline, to use it and to remove it."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from client import journey
from client.journey import Job
from client.submit import Request
from infra import resource, stack
from scripts import on_aws
from testbed import names
from testbed.aws import Aws
from testbed.settings import ROOT, Settings
from tests.integration.iam.conftest import ACCOUNT, change_to
from tests.support.testbeds import ForkTestbed

if TYPE_CHECKING:
    import pytest

WANTED = Settings("aws", bucket_prefix="mine")


def documented() -> str:
    """The policy as it stands there, with what is to be replaced."""
    text = (ROOT / "docs" / "aws.md").read_text(encoding="utf-8")
    policy = re.search(r"```json\n(\{.*?\n\})\n```", text, re.DOTALL)
    assert policy
    return policy[1].replace("PREFIX", "mine").replace("ACCOUNT", ACCOUNT)


def test_a_user_with_that_policy_alone_deploys_and_removes(
    fork_testbed: ForkTestbed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an emulator that enforces policies, in the place of AWS."""
    with fork_testbed(tmp_path / "testbed") as forked:
        stack.destroy(forked.aws)
        iam = forked.aws.iam
        iam.create_user(UserName="deployer")
        iam.put_user_policy(
            UserName="deployer", PolicyName="documented", PolicyDocument=documented()
        )
        key = iam.create_access_key(UserName="deployer")["AccessKey"]
        change_to(forked.endpoint, "enforce")
        for name, text in {
            "AWS_ENDPOINT_URL": forked.endpoint,
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            "YES": "1",
            "EMPTY": "1",
        }.items():
            monkeypatch.setenv(name, text)
        for name in ("AWS_PROFILE", "ARCH"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(resource, "AWS_POLL_S", 0.02)
        monkeypatch.setattr("sys.stdin", io.StringIO())
        aws = Aws(None)
        made = on_aws.provision(aws, WANTED)
        sample = ROOT / "samples" / "club2.png"
        done = journey.send(aws, made, Job.of(Request(key="club2.png"), sample))
        assert done.thumbnail is not None
        assert 0 == on_aws.remove(aws, WANTED)
        assert [] == [
            each for each in iam.list_roles()["Roles"] if each["RoleName"] == names.API_ROLE
        ]
