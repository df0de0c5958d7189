"""What the emulator sends to itself over HTTP is no stranger's."""

from __future__ import annotations

import json
import uuid
from urllib.parse import urlsplit

import boto3

from testbed import waiting
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY
from tests.support.testbeds import ProvisionedTestbed


def test_an_event_calls_an_api(guarded: ProvisionedTestbed) -> None:
    """EventBridge reaches an API here, which starts the pipeline."""
    events = boto3.client(
        "events",
        endpoint_url=guarded.endpoint,
        region_name=guarded.outputs.region,
        aws_access_key_id=EMULATOR_ACCESS_KEY,
        aws_secret_access_key=EMULATOR_SECRET_KEY,
    )
    name, key = uuid.uuid4().hex, f"{uuid.uuid4().hex}.png"
    api = urlsplit(guarded.outputs.api_url).path.split("/")[3]
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    arn = f"arn:aws:execute-api:{guarded.outputs.region}:000000000000:{api}/prod/POST/process"
    target = {"Id": "api", "Arn": arn, "Input": json.dumps({"key": key})}
    events.put_targets(Rule=name, Targets=[target])
    events.put_events(Entries=[{"Source": name, "DetailType": "a test", "Detail": "{}"}])

    def started() -> tuple[bool | None, str]:
        machine = guarded.outputs.state_machine_arn
        found = guarded.aws.stepfunctions.list_executions(stateMachineArn=machine)["executions"]
        inputs = [
            guarded.aws.stepfunctions.describe_execution(executionArn=one["executionArn"])["input"]
            for one in found
        ]
        return (True if any(key in one for one in inputs) else None), f"{len(inputs)} executions"

    waiting.until(started, "an execution for the event", timeout_s=20, interval_s=0.1)
