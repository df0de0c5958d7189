"""A running emulator is emptied: nothing is there, nothing runs, and it is filled again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from localstack_standalone.launcher import record
from scripts import provision
from targets import workers
from testbed import waiting
from testbed.aws import Aws
from testbed.outputs import Outputs
from tests.support.kept import kept_emulator
from tests.support.testbeds import ProvisionedTestbed

SAMPLE = Path(__file__).parents[3] / "samples" / "club2.png"
WAITS = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}


def what_is_there(aws: Aws) -> dict[str, list[Any]]:
    return {
        "buckets": aws.s3.list_buckets()["Buckets"],
        "functions": aws.lambda_.list_functions()["Functions"],
        "machines": aws.stepfunctions.list_state_machines()["stateMachines"],
        "apis": aws.apigateway.get_rest_apis()["items"],
        "groups": aws.logs.describe_log_groups()["logGroups"],
        "roles": aws.iam.list_roles()["Roles"],
    }


def send(aws: Aws, outputs: Outputs, key: str) -> None:
    aws.s3.upload_file(str(SAMPLE), outputs.original_bucket, key)
    answer = requests.post(outputs.api_url, json={"key": key}, timeout=20)
    execution = answer.json()["executionArn"]

    def probe() -> tuple[bool | None, str]:
        status = aws.stepfunctions.describe_execution(executionArn=execution)["status"]
        return (status == "SUCCEEDED") or None, status

    waiting.until(probe, execution, timeout_s=30)


def start_waiting(aws: Aws, outputs: Outputs) -> str:
    role = aws.iam.list_roles()["Roles"][0]["Arn"]
    machine = aws.stepfunctions.create_state_machine(
        name="waits", definition=json.dumps(WAITS), roleArn=role
    )["stateMachineArn"]
    started: str = aws.stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
    return started


def reset(endpoint: str) -> dict[str, Any]:
    answer = requests.post(
        f"{endpoint}/_localstack/standalone/state", json={"action": "reset"}, timeout=30
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def emptied(aws: Aws, outputs: Outputs, endpoint: str, pid: int) -> Outputs:
    """Filled, emptied and filled again; the pipeline's addresses then."""
    send(aws, outputs, "before.png")
    waits = start_waiting(aws, outputs)
    assert workers.find(pid)
    faults = f"{endpoint}/_localstack/standalone/faults"
    rule = {"name": "slow", "operation": "s3:GetObject", "kind": "latency", "latency": "1"}
    assert requests.post(faults, json={"rules": [rule]}, timeout=10).status_code == 200

    reset(endpoint)

    assert what_is_there(aws) == {name: [] for name in what_is_there(aws)}
    with pytest.raises(ClientError, match="ExecutionDoesNotExist"):
        aws.stepfunctions.describe_execution(executionArn=waits)
    waiting.until(
        lambda: (not workers.find(pid) or None, str(workers.find(pid))), "no worker", timeout_s=10
    )
    assert requests.post(outputs.api_url, json={"key": "x"}, timeout=20).status_code >= 400
    assert requests.get(faults, timeout=10).json()["rules"] == []
    permissions = requests.get(f"{endpoint}/_localstack/standalone/iam", timeout=10).json()
    assert [each for each in permissions["principals"] if each["used"]] == []
    again = provision.provision(aws, "embedded")
    send(aws, again, "after.png")
    return again


def test_again_and_again(private_testbed: ProvisionedTestbed) -> None:
    known = record.read(private_testbed.state_dir)
    assert known is not None
    outputs = private_testbed.outputs
    for _ in range(2):
        outputs = emptied(private_testbed.aws, outputs, known.endpoint, known.pid)


def test_what_is_kept_is_emptied_too(tmp_path: Path) -> None:
    with kept_emulator(tmp_path) as kept:
        outputs = provision.provision(kept.aws, "embedded")
        assert kept.record is not None
        outputs = emptied(kept.aws, outputs, kept.record.endpoint, kept.record.pid)
        reset(kept.record.endpoint)

        kept.restart()

        assert what_is_there(kept.aws) == {name: [] for name in what_is_there(kept.aws)}
