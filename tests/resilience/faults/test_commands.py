"""`make fault`, `make status` and `make load-test FAULTS=…` on a testbed that is up."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from testbed import faults, waiting
from testbed.settings import ROOT
from tests.e2e.client import Client, png
from tests.support.testbeds import ProvisionedTestbed

WIDE = {"COLUMNS": "200"}


def started(place: ProvisionedTestbed, module: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env=os.environ
        | WIDE
        | variables
        | {
            "STATE_DIR": str(place.state_dir),
            "TARGET": "embedded",
            "TESTBED_GIVEN": " ".join(variables),
            "TESTBED_GOALS": "",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def command(place: ProvisionedTestbed, module: str, **variables: str) -> tuple[int, str]:
    running = started(place, module, **variables)
    told, _ = running.communicate(timeout=280)
    return running.returncode, told


def test_faults_come_and_go(private_testbed: ProvisionedTestbed) -> None:
    """Listed with what they hit, shown by `make status`, and taken away one by one or all."""
    asked = {"NAME": "slow-s3", "OPERATION": "s3:GetObject", "KIND": "latency", "RATE": "0.3"}
    code, told = command(
        private_testbed, "scripts.fault", **asked, LATENCY="uniform:1..5", SEED="7"
    )
    assert 0 == code, told
    assert re.search(r"slow-s3 +s3:GetObject 30% latency uniform:1\.\.5 +0 of 0 calls +7", told)
    _, told = command(private_testbed, "scripts.fault", SCENARIO="s3-brownout", SEED="7")
    assert re.search(r"s3-brownout\.3 +s3:GetObject on lukman-\S+ 20% throttling", told)
    _, told = command(private_testbed, "scripts.status")
    assert re.search(r"fault +s3:GetObject 30% latency uniform:1\.\.5 +slow-s3: 0 of 0", told)
    _, told = command(private_testbed, "scripts.fault", OFF="s3-brownout")
    assert "slow-s3" in told
    assert "s3-brownout.3" not in told
    _, told = command(private_testbed, "scripts.fault", OFF="1")
    assert "no faults are on" in told
    assert "fault " not in command(private_testbed, "scripts.status")[1]


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"OPERATION": "s3:GetObjekt", "KIND": "latency", "LATENCY": "5"}, "did you mean GetObj"),
        ({"OPERATION": "s3:GetObject"}, "kind is missing; allowed: latency, throttling"),
        ({"SCENARIO": "s3-brown"}, "did you mean s3-brownout?"),
        ({"OFF": "nothing"}, "no rule 'nothing' is on; what is: none is"),
    ],
)
def test_what_is_no_fault_is_told(
    private_testbed: ProvisionedTestbed, variables: dict[str, str], words: str
) -> None:
    """What, where, and what to do; nothing is on."""
    code, told = command(private_testbed, "scripts.fault", **variables)
    assert (1, True) == (code, words in told), told
    assert () == faults.fetch(private_testbed.endpoint)


def test_a_load_test_bears_them(private_testbed: ProvisionedTestbed) -> None:
    """Each POST is accounted for: those that a fault refused are refused, the others succeed.

    What somebody else has on stays on.
    """
    other = {"operation": "s3:ListBuckets", "kind": "throttling", "name": "other"}
    faults.put(private_testbed.endpoint, [other])
    asked = "s3:5%,states:StartExecution:20%:internal-error"
    code, told = command(
        private_testbed, "scripts.load_test", N="60", C="8", FAULTS=asked, SEED="7"
    )
    assert 0 == code, told
    table = dict(re.findall(r"^ *(\w[\w/ ]*?) {2,}(\S.*?) *$", told, re.MULTILINE))
    refused = re.fullmatch(r"(\d+) \(\1 500 \w+ \(injected\)\)", table["refused"])
    assert refused is not None, told
    assert 60 == int(table["accepted"]) + int(refused[1])
    assert int(refused[1]) > 0
    assert (table["accepted"], "0", "0") == (
        *(table["succeeded"], table["lost"], table["not answered"]),
    )
    assert re.search(r"injected s3:\* 5% throttling: [1-9]\d* of \d+ calls; the same: SEED=7", told)
    assert ["other"] == [one.name for one in faults.fetch(private_testbed.endpoint)]


def test_a_load_test_that_is_interrupted_leaves_none(private_testbed: ProvisionedTestbed) -> None:
    """Ctrl-C in the middle of it."""
    running = started(
        private_testbed, "scripts.load_test", N="2000", C="4", FAULTS="s3:5%", SEED="7"
    )
    try:
        waiting.until(
            lambda: (bool(faults.fetch(private_testbed.endpoint)) or None, "none is on"),
            "its faults",
            timeout_s=120,
        )
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=120)
    finally:
        running.kill()
        running.wait()
    assert () == faults.fetch(private_testbed.endpoint)


def test_a_trace_shows_them(private_testbed: ProvisionedTestbed, tmp_path: Path) -> None:
    """In the terminal and on its page."""
    client = Client(private_testbed)
    key = client.key("a.png")
    client.upload(key, png())
    rule = {"operation": "s3:PutObject", "kind": "throttling", "first": 1, "name": "bad-day"}
    faults.put(private_testbed.endpoint, [rule])
    client.run(key)
    page = tmp_path / "trace.html"
    _, told = command(private_testbed, "scripts.trace", HTML=str(page))
    assert "⚡ s3:PutObject: SlowDown (injected by bad-day)" in told
    assert "s3:PutObject: SlowDown (injected by bad-day)</p>" in page.read_text()
