"""What `make test` does with a testbed that is up: somebody works in it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from testbed import settings
from tests.support.testbeds import ProvisionedTestbed

# Sends one image through the session's testbed.
SENDS_ONE = "tests/e2e/test_commands.py::test_process_shows_the_way_and_leaves_the_thumbnail"


@pytest.mark.parametrize(("asked", "executions"), [("", 0), ("1", 1)])
def test_a_running_testbed_is_tested_for_whoever_asks(
    private_testbed: ProvisionedTestbed, asked: str, executions: int
) -> None:
    """Tests leave it alone and have one of their own; RUNNING=1 has them use it."""
    up = {"STATE_DIR": str(private_testbed.state_dir), "TARGET": "auto", "RUNNING": asked}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", SENDS_ONE],
        cwd=settings.ROOT,
        env={**os.environ, **up},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    listed = private_testbed.aws.stepfunctions.list_executions(
        stateMachineArn=private_testbed.outputs.state_machine_arn
    )
    assert executions == len(listed["executions"])
