"""S3 lets nobody write an object while somebody reads it: every reader must let go."""

from __future__ import annotations

import json
import socket
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from testbed import waiting
from tests.conftest import Emulator

ROLE = "arn:aws:iam::000000000000:role/any"
# More than the buffers of two sockets hold.
LARGE_BYTES = 64 * 1024 * 1024


@pytest.fixture
def bucket(emulator: Emulator) -> Iterator[str]:
    name = f"b-{uuid.uuid4().hex[:12]}"
    region = emulator.aws.s3.meta.region_name
    emulator.aws.s3.create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": region},  # type: ignore[typeddict-item]
    )
    yield name
    for entry in emulator.aws.s3.list_objects_v2(Bucket=name).get("Contents", []):
        emulator.aws.s3.delete_object(Bucket=name, Key=entry["Key"])
    emulator.aws.s3.delete_bucket(Bucket=name)


def _write(emulator: Emulator, bucket: str, key: str) -> int:
    """Write the object anew, without a second try; the status of the answer.

    Raises:
        requests.Timeout: nobody let go of it.
    """
    address = f"{emulator.endpoint}/{bucket}/{key}"
    return requests.put(address, data=b"new", timeout=20).status_code


def test_an_integration_that_gets_an_object_lets_go_of_it(emulator: Emulator, bucket: str) -> None:
    """GET by API Gateway, then PUT of the same key."""
    client = emulator.aws.apigateway
    emulator.aws.s3.put_object(Bucket=bucket, Key="k", Body=b"old")
    api = client.create_rest_api(name=f"a-{uuid.uuid4().hex[:12]}")
    method: Any = {
        "restApiId": api["id"],
        "resourceId": api["rootResourceId"],
        "httpMethod": "GET",
    }
    client.put_method(**method, authorizationType="NONE")
    client.put_integration(
        **method,
        type="AWS",
        integrationHttpMethod="GET",
        uri=f"arn:aws:apigateway:ca-central-1:s3:path/{bucket}/k",
        credentials=ROLE,
    )
    client.put_method_response(**method, statusCode="200")
    client.put_integration_response(**method, statusCode="200")
    client.create_deployment(restApiId=api["id"], stageName="prod")
    address = f"{emulator.endpoint}/_aws/execute-api/{api['id']}/prod/"
    assert b"old" == requests.get(address, timeout=20).content
    assert 200 == _write(emulator, bucket, "k")
    assert b"new" == requests.get(address, timeout=20).content
    client.delete_rest_api(restApiId=api["id"])


@pytest.mark.parametrize("key", ["small", "missing"])
def test_a_task_that_gets_an_object_lets_go_of_it(
    emulator: Emulator, bucket: str, key: str
) -> None:
    """Step Functions reads objects with LocalStack's own client, in memory."""
    emulator.aws.s3.put_object(Bucket=bucket, Key="small", Body=b"old")
    states = emulator.aws.stepfunctions
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
        "Parameters": {"Bucket": bucket, "Key": key},
        "End": True,
    }
    machine = states.create_state_machine(
        name=f"m-{uuid.uuid4().hex[:12]}",
        definition=json.dumps({"StartAt": "Get", "States": {"Get": task}}),
        roleArn=ROLE,
    )["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]

    def probe() -> tuple[str | None, str]:
        status = states.describe_execution(executionArn=execution)["status"]
        return (None if status == "RUNNING" else status), status

    ended = waiting.until(probe, "the execution's end", timeout_s=20)
    assert ("SUCCEEDED" if key == "small" else "FAILED") == ended
    assert 200 == _write(emulator, bucket, key)


def test_a_client_that_goes_away_lets_go_of_what_it_read(emulator: Emulator, bucket: str) -> None:
    """A download that is given up in the middle."""
    emulator.aws.s3.put_object(Bucket=bucket, Key="k", Body=bytes(LARGE_BYTES))
    address = urlsplit(emulator.endpoint)
    with socket.create_connection((address.hostname, address.port), timeout=20) as client:
        client.sendall(f"GET /{bucket}/k HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
        assert client.recv(12).startswith(b"HTTP/1.1 200")
    assert 200 == _write(emulator, bucket, "k")


def test_an_answer_that_needs_no_body_lets_go_as_well(emulator: Emulator, bucket: str) -> None:
    """HEAD and 304 read nothing of the object, and hold nothing."""
    etag = emulator.aws.s3.put_object(Bucket=bucket, Key="k", Body=b"old")["ETag"]
    address = f"{emulator.endpoint}/{bucket}/k"
    assert 200 == requests.head(address, timeout=20).status_code
    conditional = requests.get(address, headers={"If-None-Match": etag}, timeout=20)
    assert 304 == conditional.status_code
    assert 200 == _write(emulator, bucket, "k")
