"""StartSyncExecution and TestState, which SDKs send to another host: ``sync-`` and the service's.

The prefix is of the service's model (``endpoint.hostPrefix`` of botocore's ``stepfunctions``), and
``sync-127.0.0.1`` is nobody. The setting that leaves it out is the same for all SDKs that have it:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-host-prefix.html
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from typing import Any, Final

import pytest
import requests
from botocore.config import Config

from localstack_standalone.clients import RunningEmulator
from scripts import env
from targets import choose
from targets.base import Running
from testbed import settings
from tests.conftest import Emulator
from tests.integration.parity.conftest import PASS, ROLE
from tests.support.testbeds import ProvisionedTestbed

SAID: Final = {"said": "here"}
STATE: Final = json.dumps({"Type": "Pass", "End": True})
# What somebody's program has: an SDK, and not a word of this testbed.
CALLS: Final = """
import boto3, json, sys
states = boto3.client("stepfunctions")
said = states.start_sync_execution(stateMachineArn=sys.argv[1], input=sys.argv[2])
tried = states.test_state(definition=sys.argv[3], roleArn=sys.argv[4], input=sys.argv[2])
print(json.dumps([said["output"], tried["output"]]))
"""


@pytest.fixture(scope="module")
def express(emulator: Emulator) -> str:
    """An Express machine that gives back its input."""
    return _express(emulator)


def _express(place: Emulator | ProvisionedTestbed) -> str:
    made = place.aws.stepfunctions.create_state_machine(
        name="answers-at-once", definition=json.dumps(PASS), roleArn=ROLE, type="EXPRESS"
    )
    return made["stateMachineArn"]


def _both(client: Any, machine: str) -> list[Any]:
    given = json.dumps(SAID)
    done = client.start_sync_execution(stateMachineArn=machine, input=given)
    tried = client.test_state(definition=STATE, roleArn=ROLE, input=given)
    return [json.loads(done["output"]), json.loads(tried["output"])]


def test_clients_of_the_factory_reach_it(emulator: Emulator, express: str) -> None:
    """The testbed's own."""
    assert [SAID, SAID] == _both(emulator.aws.stepfunctions, express)


def test_clients_of_the_fixtures_reach_it(emulator: Emulator, express: str) -> None:
    """The plugin's, also where the test has a configuration of its own."""
    here = RunningEmulator(emulator.endpoint, emulator.state_dir)
    region = emulator.aws.region
    for options in ({}, {"config": Config(connect_timeout=5)}):
        client = here.client("stepfunctions", region_name=region, **options)
        assert [SAID, SAID] == _both(client, express)


def test_the_fixtures_variables_lead_boto3_to_it(emulator: Emulator, express: str) -> None:
    """A program under test makes its own clients."""
    here = RunningEmulator(emulator.endpoint, emulator.state_dir)
    given = {**os.environ, "AWS_REGION": emulator.aws.region}
    assert [SAID, SAID] == _called(here.environ(given), express)


def test_the_variables_of_make_env_lead_boto3_and_awslocal_to_it(
    private_testbed: ProvisionedTestbed,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exactly what `make env` prints, in a shell that has nothing else."""
    told = _told(private_testbed, monkeypatch, capsys)
    machine = _express(private_testbed)
    assert [SAID, SAID] == _called(told, machine)
    common = ("--input", json.dumps(SAID), "--query", "output", "--output", "text")
    sync = ("start-sync-execution", "--state-machine-arn", machine)
    tried = ("test-state", "--definition", STATE, "--role-arn", ROLE)
    for words in (sync, tried):
        command = [settings.ENVS / "tools/bin/awslocal", "stepfunctions", *words, *common]
        assert SAID == json.loads(_run(command, told))


@pytest.mark.parametrize(
    ("host", "status"),
    [("sync-aws.localhost", 200), ("sync-127.0.0.1", 421), ("sync-elsewhere.example", 421)],
)
def test_names_with_the_prefix_are_loopbacks_or_refused(
    emulator: Emulator, express: str, host: str, status: int
) -> None:
    """An SDK without the setting may use a name below localhost; no other name is let in."""
    answer = requests.post(
        emulator.endpoint,
        data=json.dumps({"stateMachineArn": express, "input": json.dumps(SAID)}),
        headers={
            "Host": host,
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "AWSStepFunctions.StartSyncExecution",
            "Authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/{emulator.aws.region}/"
            "states/aws4_request, SignedHeaders=host, Signature=0",
        },
        timeout=20,
    )
    assert status == answer.status_code
    assert (status == 200) == ("output" in answer.json())


def _told(
    testbed: ProvisionedTestbed,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> dict[str, str]:
    """The variables of a shell after `eval "$(make env)"`, and no other one."""
    monkeypatch.setenv("STATE_DIR", str(testbed.state_dir))
    running = Running("embedded", testbed.endpoint)
    monkeypatch.setattr(choose, "running", lambda _wanted: running)
    env.main()
    words = shlex.split(capsys.readouterr().out)
    return {name: text for name, _, text in (word.partition("=") for word in words) if text}


def _called(environ: dict[str, str], machine: str) -> list[Any]:
    command = [sys.executable, "-c", CALLS, machine, json.dumps(SAID), STATE, ROLE]
    return [json.loads(text) for text in json.loads(_run(command, environ))]


def _run(command: list[Any], environ: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout
