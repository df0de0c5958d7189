"""What the emulator asks of itself in memory lets go of what it has read."""

from __future__ import annotations

import json
from collections.abc import Iterator

import boto3
import pytest
import requests
from botocore.config import Config

from testbed import waiting
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY
from tests.conftest import Emulator
from tests.support import functions

BUCKET = "read-and-written"


@pytest.fixture
def content(emulator: Emulator) -> Iterator[bytes]:
    """An object ``k`` that is larger than one piece of an answer, to be overwritten afterwards."""
    where = {"LocationConstraint": "ca-central-1"}
    emulator.aws.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    body = json.dumps(["x" * 100_000]).encode()
    emulator.aws.s3.put_object(Bucket=BUCKET, Key="k", Body=body)
    yield body
    impatient = boto3.client(
        "s3",
        endpoint_url=emulator.endpoint,
        region_name="ca-central-1",
        aws_access_key_id=EMULATOR_ACCESS_KEY,
        aws_secret_access_key=EMULATOR_SECRET_KEY,
        config=Config(read_timeout=5, retries={"total_max_attempts": 1}),
    )
    impatient.put_object(Bucket=BUCKET, Key="k", Body=b"new")  # hangs where a reader holds it
    impatient.delete_object(Bucket=BUCKET, Key="k")
    impatient.delete_bucket(Bucket=BUCKET)


def test_an_object_that_an_api_gave_can_be_overwritten(emulator: Emulator, content: bytes) -> None:
    """API Gateway's integration with S3 closes what it has read, whole or cut short."""
    api = emulator.aws.apigateway
    api_id = api.create_rest_api(name="reads", binaryMediaTypes=["*/*"])["id"]
    root = api.get_resources(restApiId=api_id)["items"][0]["id"]
    at = {"restApiId": api_id, "resourceId": root, "httpMethod": "GET"}
    api.put_method(**at, authorizationType="NONE")
    api.put_integration(
        **at,
        type="AWS",
        integrationHttpMethod="GET",
        credentials=functions.ROLE,
        uri=f"arn:aws:apigateway:ca-central-1:s3:path/{BUCKET}/k",
    )
    api.put_method_response(**at, statusCode="200")
    api.put_integration_response(**at, statusCode="200")
    api.create_deployment(restApiId=api_id, stageName="prod")
    url = f"{emulator.endpoint}/_aws/execute-api/{api_id}/prod/"
    assert content == requests.get(url, timeout=30).content


def test_an_object_that_a_task_read_can_be_overwritten(emulator: Emulator, content: bytes) -> None:
    """Step Functions' task aws-sdk:s3:getObject closes it as well."""
    definition = {
        "StartAt": "Read",
        "States": {
            "Read": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
                "Parameters": {"Bucket": BUCKET, "Key": "k"},
                "End": True,
            }
        },
    }
    sfn = emulator.aws.stepfunctions
    machine = sfn.create_state_machine(
        name="reads", definition=json.dumps(definition), roleArn=functions.ROLE
    )["stateMachineArn"]
    execution = sfn.start_execution(stateMachineArn=machine)["executionArn"]

    def ended() -> tuple[dict[str, str] | None, str]:
        seen = sfn.describe_execution(executionArn=execution)
        return (None if seen["status"] == "RUNNING" else seen), seen["status"]  # type: ignore[return-value]

    seen = waiting.until(ended, "the execution's end", timeout_s=30)
    assert "SUCCEEDED" == seen["status"]
    assert content.decode() == json.loads(seen["output"])["Body"]
