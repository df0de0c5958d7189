"""`make iam` on a testbed that is up."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys

import requests
from botocore.exceptions import ClientError

from infra.account import Account
from testbed import names
from testbed.settings import ROOT
from tests.integration.iam.conftest import ACCOUNT, People
from tests.support.testbeds import ProvisionedTestbed

HERE = Account(ACCOUNT, names.REGION)


def iam(where: ProvisionedTestbed, **variables: str) -> subprocess.CompletedProcess[str]:
    """What `make iam` runs, with the variables that it exports."""
    return subprocess.run(
        [sys.executable, "-m", "scripts.iam"],
        cwd=ROOT,
        env={**os.environ, "STATE_DIR": str(where.state_dir), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_tells_what_a_role_used_and_writes_its_least_policy(
    enforcing: ProvisionedTestbed,
) -> None:
    """The API's role has the one statement that it needs, and no other."""
    requests.post(enforcing.outputs.api_url, json={"key": "a"}, timeout=20).raise_for_status()
    machine, role = HERE.state_machine_arn(names.STATE_MACHINE), HERE.role_arn(names.API_ROLE)
    told = iam(enforcing)
    assert "" == told.stderr, told.stdout
    lines = [" ".join(line.split()) for line in told.stdout.splitlines()]
    assert role in lines
    assert any(line.startswith(f"used states:StartExecution {machine} ") for line in lines)
    least = json.loads(iam(enforcing, POLICY="least").stdout)
    allows = {"Effect": "Allow", "Action": "states:StartExecution", "Resource": machine}
    assert {"Version": "2012-10-17", "Statement": [allows]} == least[role]
    assert "enforce" == json.loads(iam(enforcing, JSON="1").stdout)["mode"]


def test_what_was_refused_is_its_status(enforcing: ProvisionedTestbed, people: People) -> None:
    """So that a script can ask; the least policy is what to do about it, and ends well."""
    _, client = people.user()
    with contextlib.suppress(ClientError):
        client("s3").list_buckets()
    assert 1 == iam(enforcing).returncode
    assert 0 == iam(enforcing, POLICY="least").returncode
