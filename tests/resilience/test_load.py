"""`make load-test` on a testbed of its own: whole without kills and with them."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from testbed.settings import ROOT
from tests.support.testbeds import ProvisionedTestbed


@pytest.mark.parametrize("kill", ["", "1"], ids=["nothing killed", "workers killed"])
def test_every_request_is_accounted_for(private_testbed: ProvisionedTestbed, kill: str) -> None:
    """A hundred accepted, a hundred succeeded; exit status 0; no object of it stays."""
    place = private_testbed
    variables = {"N": "100", "C": "8", "KILL": kill, "SEED": "7", "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-m", "scripts.load_test"],
        cwd=ROOT,
        env=os.environ | variables | {"STATE_DIR": str(place.state_dir), "TARGET": "embedded"},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert (0, "") == (done.returncode, done.stderr), done.stdout
    told = dict(re.findall(r"^ *(\w[\w/ ]*?) {2,}(\S.*?) *$", done.stdout, re.MULTILINE))
    assert ("100", "100", "0") == (told["accepted"], told["succeeded"], told["lost"]), done.stdout
    assert bool(kill) == bool(re.search(r"^killed [1-9]\d* workers", done.stdout, re.MULTILINE))
    for bucket in (place.outputs.original_bucket, place.outputs.resized_bucket):
        assert 0 == place.aws.s3.list_objects_v2(Bucket=bucket)["KeyCount"]
